package clicklake.options;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every option there is, in the order of the reference file. A constant's name is its key in upper
 * case, and behind {@code CLICKLAKE_} its environment variable.
 */
public enum Option {
  CONFIG(
      "config",
      "file",
      null,
      "YAML file with options; not allowed inside such a file",
      Job.values()),
  LAKE(
      "lake",
      "path",
      "./lake",
      "Where the tables are: a folder or s3://bucket/prefix",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_ENDPOINT(
      "s3Endpoint",
      "url",
      null,
      "Address of a store that speaks S3; AWS if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_REGION(
      "s3Region",
      "name",
      null,
      "Region of the bucket; what the environment says if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_PATH_STYLE(
      "s3PathStyle",
      Option.FLAG,
      "false",
      "Names the bucket in the path and not in the host, as most other stores want it",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_SSE(
      "s3Sse",
      "none|AES256|aws:kms",
      "none",
      "How the store encrypts objects; none leaves it to the bucket",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_KMS_KEY(
      "s3KmsKey",
      "arn",
      null,
      "Key for s3Sse=aws:kms; the bucket's own if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  S3_CONFIG(
      "s3Config",
      "file",
      null,
      "Properties file for the store: accessKeyId, secretAccessKey, sessionToken, proxy; the SDK's"
          + " own chain if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),
  STATE_DIR(
      "stateDir",
      "path",
      null,
      "Where a runner inside this process and what does not fit the heap have their files, all"
          + " temporary; may be deleted at any time; java.io.tmpdir if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.VERIFY,
      Job.CLICKHOUSE),

  SOURCE("source", "landing|kafka", "landing", "Where stream reads events", Job.STREAM),
  LANDING(
      "landing",
      "path",
      "./landing",
      "The landing folder, with its subfolders",
      Job.PRODUCE,
      Job.STREAM),
  POLL_EVERY("pollEvery", "duration", "2s", "How often the landing folder is listed", Job.STREAM),
  BOOTSTRAP_SERVERS(
      "bootstrapServers",
      "host:port,…",
      null,
      "Kafka brokers; also read from KAFKA_BOOTSTRAP_SERVERS",
      Job.DEMO,
      Job.PRODUCE,
      Job.STREAM),
  TOPIC(
      "topic",
      "name",
      "clickstream",
      "The topic with the events",
      Job.DEMO,
      Job.PRODUCE,
      Job.STREAM),
  DLQ_TOPIC(
      "dlqTopic",
      "name",
      null,
      "Topic to which rejects are published beside quarantine; none if unset",
      Job.STREAM),
  KAFKA_CONFIG(
      "kafkaConfig",
      "file",
      null,
      "Properties file for Kafka clients: TLS, SASL, timeouts; secrets belong here",
      Job.DEMO,
      Job.PRODUCE,
      Job.STREAM),
  DIALECT(
      "dialect",
      "clickstream|user-events",
      "clickstream",
      "How the source spells its events",
      Job.STREAM),

  MODE(
      "mode",
      "auto|continuous|rounds",
      "auto",
      "One unbounded pipeline, or bounded ones in turn; auto takes rounds on Spark",
      Job.STREAM),
  AVAILABLE_NOW(
      "availableNow",
      Option.FLAG,
      "false",
      "Processes what is there now in one round, then ends",
      Job.STREAM),
  COMMIT_EVERY(
      "commitEvery", "duration", "5s", "How often tables are committed", Job.DEMO, Job.STREAM),
  DEDUPE_HORIZON(
      "dedupeHorizon",
      "duration",
      "24h",
      "Records of one event_id are one event if their event_times differ by at most this",
      Job.DEMO,
      Job.STREAM),
  ALLOWED_FUTURE(
      "allowedFuture",
      "duration",
      "5m",
      "How far event_time may lie after arrival",
      Job.DEMO,
      Job.STREAM),
  MAX_RECORD_SIZE(
      "maxRecordSize",
      "size",
      "1MiB",
      "Larger records go to quarantine as too_large",
      Job.DEMO,
      Job.PRODUCE,
      Job.STREAM),
  MAX_KEPT_SIZE(
      "maxKeptSize",
      "size",
      "32MiB",
      "Of larger records only the first MiB is kept, with the length and the SHA-256; at least"
          + " maxRecordSize",
      Job.DEMO,
      Job.STREAM),
  STRICT_FILES(
      "strictFiles",
      Option.FLAG,
      "false",
      "Stops at a landing file that cannot be read to its end, instead of passing it over",
      Job.STREAM),
  ACCEPT_GAP(
      "acceptGap",
      Option.FLAG,
      "false",
      "Goes on after Kafka's retention removed unread records; verify shows them as lost for ever",
      Job.STREAM),
  IP_HASH_KEY_FILE(
      "ipHashKeyFile",
      "file",
      null,
      "Secret file with lines id:hex; its last key pseudonymises IP addresses",
      Job.DEMO,
      Job.STREAM),
  SHARDS(
      "shards",
      "count",
      null,
      "Parts into which events are cut by the hash of their id; without it 4, on the DirectRunner"
          + " as many as cores and at most 4",
      Job.DEMO,
      Job.STREAM),
  MAX_IN_FLIGHT(
      "maxInFlight",
      "size",
      "256MiB",
      "Bytes read and not yet committed before reading pauses",
      Job.DEMO,
      Job.STREAM),
  REREAD_AFTER(
      "rereadAfter",
      "duration",
      "10m",
      "When a position stays undecided this long, reading goes back to it",
      Job.STREAM),
  LIVE_EVERY(
      "liveEvery",
      "duration",
      "2s",
      "How often, at most, the live tables take in what was committed; 0s is never",
      Job.DEMO,
      Job.STREAM),
  ALLOWED_LATENESS(
      "allowedLateness",
      "duration",
      "2m",
      "The live tables count an event that arrives this long after its minute's end, at most",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.CLICKHOUSE),
  REFRESH_GOLD(
      "refreshGold",
      "duration",
      null,
      "Also refreshes gold, at this interval, and at the end of availableNow; never if unset",
      Job.STREAM),
  SMALL_REFRESH(
      "smallRefresh",
      "size",
      "8MiB",
      "A refresh of gold that reads no more than this is done without the runner",
      Job.STREAM,
      Job.GOLD),

  CLICKHOUSE(
      "clickhouse",
      "url",
      null,
      "ClickHouse that shows figures of the minute and gold: http://host:8123 or https://host:8443;"
          + " none if unset",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.CLICKHOUSE),
  CLICKHOUSE_CONFIG(
      "clickhouseConfig",
      "file",
      null,
      "Properties file for ClickHouse: user, password, certificates (a PEM file),"
          + " answerWithinSeconds",
      Job.DEMO,
      Job.STREAM,
      Job.GOLD,
      Job.CLICKHOUSE),
  LIVE_TOPIC(
      "liveTopic",
      "name",
      null,
      "Compacted topic to which figures of the minute are written; none if unset",
      Job.STREAM),
  REBUILD(
      "rebuild",
      Option.FLAG,
      "false",
      "Writes everything again, above all that ClickHouse shows",
      Job.CLICKHOUSE),

  EVERY(
      "every",
      "duration",
      null,
      "Refreshes again and again at this interval; once if unset",
      Job.GOLD),
  JSON("json", Option.FLAG, "false", "Prints the result as one JSON object", Job.VERIFY),
  UNDECIDED_AFTER(
      "undecidedAfter",
      "duration",
      "15m",
      "Fails if records are undecided and no job has committed for longer than this",
      Job.VERIFY),
  GOLD("gold", Option.FLAG, "false", "Also recounts the gold tables from silver", Job.VERIFY),

  TO("to", "landing|kafka", "landing", "Where produce writes events", Job.PRODUCE),
  EVENTS(
      "events",
      "count",
      "100000",
      "Records to produce, duplicates and broken ones included",
      Job.DEMO,
      Job.PRODUCE),
  RATE("rate", "number", "0", "Records per second; 0 is as fast as possible", Job.PRODUCE),
  SEED(
      "seed",
      "number",
      "1",
      "Same seed, same options: byte-identical records",
      Job.DEMO,
      Job.PRODUCE),
  USERS(
      "users",
      "count",
      null,
      "Shoppers; one for every hundred events if unset",
      Job.DEMO,
      Job.PRODUCE),
  START_TIME(
      "startTime",
      "time",
      "2024-01-01T00:00:00Z",
      "event_time of the first shopper's click, or now",
      Job.DEMO,
      Job.PRODUCE),
  DAYS(
      "days",
      "count",
      null,
      "About how many days the clicks are spread over; unset, shoppers come again after some hours",
      Job.DEMO,
      Job.PRODUCE),
  DUPLICATES(
      "duplicates",
      "share",
      "0.02",
      "Share of records that repeat an earlier one",
      Job.DEMO,
      Job.PRODUCE),
  LATE(
      "late",
      "share",
      "0.02",
      "Share of events that arrive long after their time",
      Job.DEMO,
      Job.PRODUCE),
  BROKEN(
      "broken", "share", "0.01", "Share of records that must be rejected", Job.DEMO, Job.PRODUCE),
  UNKNOWN_FIELDS(
      "unknownFields",
      "share",
      "0.02",
      "Share of events with fields that the contract lacks",
      Job.DEMO,
      Job.PRODUCE),
  GZIP("gzip", "share", "0.1", "Share of landing files that are compressed", Job.DEMO, Job.PRODUCE),
  PARTITIONS(
      "partitions",
      "count",
      "4",
      "Partitions of a topic that produce has to create",
      Job.DEMO,
      Job.PRODUCE),
  FAILOVER(
      "failover",
      Option.FLAG,
      "false",
      "Another demo: the job is killed on Flink, then on Spark, and finished by the DirectRunner",
      Job.DEMO);

  /** The form of an option that needs no value. */
  static final String FLAG = "flag";

  /** What the environment variables of options begin with. */
  public static final String VARIABLE_PREFIX = "CLICKLAKE_";

  private final String key;
  private final String form;
  private final @Nullable String defaultText;
  private final String description;

  // Set.of cannot be changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Job> jobs;

  Option(String key, String form, @Nullable String defaultText, String description, Job... jobs) {
    this.key = key;
    this.form = form;
    this.defaultText = defaultText;
    this.description = description;
    this.jobs = Set.of(jobs);
  }

  /** As the command line and YAML spell it. */
  public String key() {
    return key;
  }

  /** The environment variable that sets it. */
  public String variable() {
    return VARIABLE_PREFIX + name();
  }

  /** What a value looks like: {@code duration}, {@code path}, or the words that are allowed. */
  public String form() {
    return form;
  }

  public boolean isFlag() {
    return form.equals(FLAG);
  }

  /** Its value when nobody gives one; null if it may be left unset. */
  public @Nullable String defaultText() {
    return defaultText;
  }

  /** One line on what it is. */
  public String description() {
    return description;
  }

  /** The jobs that read it. */
  public Set<Job> jobs() {
    return jobs;
  }

  public static Optional<Option> of(String key) {
    return Stream.of(values()).filter(option -> option.key.equals(key)).findFirst();
  }

  public static List<Option> of(Job job) {
    return Stream.of(values()).filter(option -> option.jobs.contains(job)).toList();
  }
}
