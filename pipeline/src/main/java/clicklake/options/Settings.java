package clicklake.options;

import static java.util.Objects.requireNonNull;

import clicklake.io.storage.S3Settings;
import clicklake.options.value.DurationText;
import clicklake.options.value.RawValue;
import clicklake.options.value.SizeText;
import clicklake.produce.ProducePlan;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.spill.SpillFolder;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a job needs to know, typed, checked and with its secret files read: the only form
 * in which configuration leaves this package. Options that the job does not read are still checked
 * for form, but their files are not opened.
 *
 * @param lake absolute, without a slash at its end; {@code file} or {@code s3}
 * @param landing like {@code lake}
 * @param s3 how to reach a lake or landing zone at {@code s3://}
 * @param stateDir for temporary files and what the runner keeps; null if unset
 * @param serving where figures are shown
 * @param every between two refreshes of gold; null for a single one
 * @param json prints one JSON object
 * @param undecidedAfter when verify fails for records that are undecided
 * @param verifyGold also verifies gold
 * @param failover the demo of kills on three runners
 */
public record Settings(
    Job job,
    URI lake,
    URI landing,
    S3Settings s3,
    @Nullable Path stateDir,
    KafkaSettings kafka,
    StreamSettings stream,
    ProduceSettings produce,
    ServingSettings serving,
    @Nullable Duration every,
    boolean json,
    Duration undecidedAfter,
    boolean verifyGold,
    boolean failover) {

  private static final List<Option> PASSED_ON =
      List.of(
          Option.S3_ENDPOINT,
          Option.S3_REGION,
          Option.S3_PATH_STYLE,
          Option.S3_SSE,
          Option.S3_KMS_KEY,
          Option.S3_CONFIG,
          Option.KAFKA_CONFIG,
          Option.DEDUPE_HORIZON,
          Option.ALLOWED_FUTURE,
          Option.MAX_RECORD_SIZE,
          Option.MAX_KEPT_SIZE,
          Option.IP_HASH_KEY_FILE,
          Option.SHARDS,
          Option.MAX_IN_FLIGHT,
          Option.LIVE_EVERY,
          Option.ALLOWED_LATENESS,
          Option.CLICKHOUSE,
          Option.CLICKHOUSE_CONFIG);
  private static final int LEAST_FAILOVER_EVENTS = 3000;
  private static final int EVENTS_PER_USER = 100;
  private static final int MOST_USERS = 1_000_000;

  /**
   * Where no runner's defaults say another number. A shard goes to the worker that its hash
   * chooses: several to a worker, so that hardly any is idle.
   */
  private static final int SHARDS = 4;

  private static final long LARGEST_RECORD = 256L << 20;

  /** {@link #undecidedAfter} where nobody gives it. */
  public static Duration undecidedAfterByDefault() {
    return DurationText.parse(requireNonNull(Option.UNDECIDED_AFTER.defaultText()));
  }

  /**
   * Reads what Beam's options carry; what they leave unset has its default.
   *
   * @throws ConfigException with every fault at once
   */
  public static Settings from(Job job, ClicklakeOptions options) {
    Map<Option, RawValue> given = new EnumMap<>(Option.class);
    for (Option option : Option.values()) {
      Object value = valueOf(option, options);
      if (value != null) {
        given.put(option, new RawValue(value.toString(), "pipeline options"));
      }
    }
    return of(job, given);
  }

  private static @Nullable Object valueOf(Option option, ClicklakeOptions options) {
    String name = option.key().substring(0, 1).toUpperCase(Locale.ROOT) + option.key().substring(1);
    try {
      return ClicklakeOptions.class
          .getMethod((option.isFlag() ? "is" : "get") + name)
          .invoke(options);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("ClicklakeOptions does not carry " + option.key(), e);
    }
  }

  /**
   * Reads what somebody wrote; what nobody wrote has its default.
   *
   * @throws ConfigException with every fault at once
   */
  public static Settings of(Job job, Map<Option, RawValue> given) {
    List<String> faults = new ArrayList<>();
    Settings settings = of(job, new ValueReader(job, given, faults));
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return settings;
  }

  private static Settings of(Job job, ValueReader values) {
    KafkaSettings kafka =
        new KafkaSettings(
            values.servers(Option.BOOTSTRAP_SERVERS),
            values.topic(Option.TOPIC),
            values.optionalTopic(Option.DLQ_TOPIC),
            values.file(
                Option.KAFKA_CONFIG, KafkaClientProperties::read, KafkaClientProperties.NONE));
    StreamSettings stream = stream(values);
    ProduceSettings produce = produce(values, stream.maxRecordSize());
    Settings settings =
        new Settings(
            job,
            values.location(Option.LAKE),
            values.location(Option.LANDING),
            s3(values),
            values.optionalPath(Option.STATE_DIR),
            kafka,
            stream,
            produce,
            serving(values),
            values.optionalDuration(Option.EVERY, Duration.ofMillis(1)),
            values.flag(Option.JSON),
            values.duration(Option.UNDECIDED_AFTER, Duration.ZERO),
            values.flag(Option.GOLD),
            values.flag(Option.FAILOVER));
    settings.checkTogether(values);
    return settings;
  }

  private static S3Settings s3(ValueReader values) {
    Map<String, String> properties =
        new TreeMap<>(values.file(Option.S3_CONFIG, SecretsFile::readS3, Map.of()));
    values.ifGiven(Option.S3_ENDPOINT, text -> properties.put(S3Settings.ENDPOINT, text));
    values.ifGiven(Option.S3_REGION, text -> properties.put(S3Settings.REGION, text));
    values.ifGiven(Option.S3_KMS_KEY, text -> properties.put(S3Settings.KMS_KEY, text));
    properties.put(S3Settings.ENCRYPTION, values.text(Option.S3_SSE));
    properties.put(S3Settings.PATH_STYLE, String.valueOf(values.flag(Option.S3_PATH_STYLE)));
    try {
      return S3Settings.of(properties);
    } catch (IllegalArgumentException e) {
      values.fault("the options for s3://: " + e.getMessage());
      return S3Settings.DEFAULT;
    }
  }

  private static ServingSettings serving(ValueReader values) {
    Map<String, String> properties =
        values.file(Option.CLICKHOUSE_CONFIG, SecretsFile::readClickHouse, Map.of());
    return new ServingSettings(
        values.clickHouse(properties),
        values.optionalTopic(Option.LIVE_TOPIC),
        values.flag(Option.REBUILD));
  }

  private static StreamSettings stream(ValueReader values) {
    Duration least = Duration.ofMillis(1);
    return new StreamSettings(
        values.choice(Option.SOURCE, SourceKind.values(), SourceKind::text),
        values.duration(Option.POLL_EVERY, least),
        values.choice(Option.DIALECT, Dialect.values(), Dialect::text),
        values.choice(Option.MODE, Mode.values(), Mode::text),
        values.flag(Option.AVAILABLE_NOW),
        values.duration(Option.COMMIT_EVERY, least),
        values.duration(Option.DEDUPE_HORIZON, least),
        values.duration(Option.ALLOWED_FUTURE, Duration.ZERO),
        (int) values.size(Option.MAX_RECORD_SIZE, 1024, LARGEST_RECORD),
        (int) values.size(Option.MAX_KEPT_SIZE, 1 << 20, LARGEST_RECORD),
        values.flag(Option.STRICT_FILES),
        values.flag(Option.ACCEPT_GAP),
        values.<@Nullable PseudonymKey>file(Option.IP_HASH_KEY_FILE, PseudonymKeyFile::read, null),
        (int) values.optionalCount(Option.SHARDS, 1, 1024, SHARDS),
        values.size(Option.MAX_IN_FLIGHT, 1L << 20, 1L << 40),
        values.duration(Option.REREAD_AFTER, least),
        values.duration(Option.LIVE_EVERY, Duration.ZERO),
        values.duration(Option.ALLOWED_LATENESS, Duration.ZERO),
        values.optionalDuration(Option.REFRESH_GOLD, least),
        values.size(Option.SMALL_REFRESH, 0, 1L << 40));
  }

  private static ProduceSettings produce(ValueReader values, int maxRecordSize) {
    SourceKind to = values.choice(Option.TO, SourceKind.values(), SourceKind::text);
    long events = values.count(Option.EVENTS, 1, 1L << 40);
    long users =
        values.optionalCount(
            Option.USERS,
            1,
            100_000_000,
            Math.max(10, Math.min(MOST_USERS, events / EVENTS_PER_USER)));
    ProducePlan plan =
        new ProducePlan(
            values.whole(Option.SEED, Long.MIN_VALUE, Long.MAX_VALUE),
            events,
            (int) users,
            values.time(Option.START_TIME),
            (int) values.optionalCount(Option.DAYS, 1, 1_000_000, 0),
            values.share(Option.DUPLICATES),
            values.share(Option.LATE),
            values.share(Option.BROKEN),
            values.share(Option.UNKNOWN_FIELDS),
            to == SourceKind.KAFKA ? ProducePlan.Form.VALUES : ProducePlan.Form.LINES,
            maxRecordSize);
    return new ProduceSettings(
        to,
        values.number(Option.RATE, 0, 1e9),
        values.share(Option.GZIP),
        (int) values.count(Option.PARTITIONS, 1, 100_000),
        plan);
  }

  /** Where temporary files lie that take what does not fit the heap. */
  public SpillFolder spills() {
    return stateDir == null ? SpillFolder.OF_JVM : SpillFolder.below(stateDir);
  }

  /** The same, reading one round from a landing folder of its own inside the lake's folder. */
  public Settings forDemo() {
    return new Settings(
        job,
        lake,
        demoLanding(),
        s3,
        stateDir,
        kafka,
        stream.upToNow(),
        produce,
        serving,
        every,
        json,
        undecidedAfter,
        verifyGold,
        failover);
  }

  /** In the lake's folder; beside this process's other files if that is not local. */
  private URI demoLanding() {
    if ("file".equals(lake.getScheme())) {
      return URI.create(lake + "/landing");
    }
    Path folder = stateDir == null ? Path.of(System.getProperty("java.io.tmpdir")) : stateDir;
    String name = "clicklake-landing-" + Integer.toHexString(lake.hashCode());
    return folder.resolve(name).toUri();
  }

  /**
   * What the demo's job was told about the pipeline, as options of a {@code stream} that the demo
   * starts; where events come from, where they go and how often are not among them.
   */
  public static List<String> streamOptionsOf(ClicklakeOptions options) {
    List<String> arguments = new ArrayList<>();
    for (Option option : PASSED_ON) {
      Object value = valueOf(option, options);
      if (value != null) {
        arguments.add("--" + option.key() + "=" + value);
      }
    }
    return arguments;
  }

  /** What is fine by itself and wrong beside another option. */
  private void checkTogether(ValueReader values) {
    if (kafka.bootstrapServers() == null && !values.hasFault(Option.BOOTSTRAP_SERVERS)) {
      String who = needsKafka();
      if (who != null) {
        values.fault(who + " needs --bootstrapServers=host:port (or KAFKA_BOOTSTRAP_SERVERS)");
      }
    }
    if (job == Job.STREAM) {
      if (kafka.topic().equals(kafka.dlqTopic())) {
        values.fault(
            "--dlqTopic and --topic are both "
                + kafka.topic()
                + ": rejects would be read as events; name another topic");
      }
      if (kafka.topic().equals(serving.liveTopic())
          || kafka.dlqTopic() != null && kafka.dlqTopic().equals(serving.liveTopic())) {
        values.fault(
            "--liveTopic="
                + serving.liveTopic()
                + " is also --topic or --dlqTopic; name another topic");
      }
      if (serving.showsMinutes() && stream.liveEvery().isZero()) {
        values.fault(
            "--clickhouse and --liveTopic show figures that the live tables correct; drop"
                + " --liveEvery=0s");
      }
      if (stream.availableNow() && stream.mode() == Mode.CONTINUOUS) {
        values.fault(
            "--availableNow is one round and --mode=continuous has none; drop one of them");
      }
    }
    if (job == Job.CLICKHOUSE
        && serving.clickHouse() == null
        && !values.hasFault(Option.CLICKHOUSE)) {
      values.fault("clickhouse needs --clickhouse=http://host:8123");
    }
    if (stream.maxInFlight() < 4L * stream.maxRecordSize()
        && !values.hasFault(Option.MAX_IN_FLIGHT)
        && !values.hasFault(Option.MAX_RECORD_SIZE)) {
      values.fault(
          "--maxInFlight="
              + SizeText.print(stream.maxInFlight())
              + " holds fewer than four records of --maxRecordSize="
              + SizeText.print(stream.maxRecordSize())
              + "; raise the one or lower the other");
    }
    ProducePlan plan = produce.plan();
    if (plan.duplicates() + plan.late() + plan.broken() > 0.9) {
      values.fault(
          "--duplicates, --late and --broken leave less than a tenth of the records sound");
    }
    if (job == Job.DEMO && failover && plan.records() < LEAST_FAILOVER_EVENTS) {
      values.fault(
          "--failover kills two runs in the middle of their work and needs --events="
              + LEAST_FAILOVER_EVENTS
              + " or more");
    }
    if (job == Job.PRODUCE
        && produce.to() == SourceKind.LANDING
        && !"file".equals(landing.getScheme())) {
      values.fault("produce writes to a local --landing folder, not to " + landing);
    }
  }

  private @Nullable String needsKafka() {
    if (job == Job.STREAM && stream.source() == SourceKind.KAFKA) {
      return "--source=kafka";
    }
    if (job == Job.STREAM && kafka.dlqTopic() != null) {
      return "--dlqTopic";
    }
    if (job == Job.STREAM && serving.liveTopic() != null) {
      return "--liveTopic";
    }
    return job == Job.PRODUCE && produce.to() == SourceKind.KAFKA ? "--to=kafka" : null;
  }

  /** How a file with a setting is read. */
  interface FileReader<T extends @Nullable Object> {
    T read(Path file) throws IOException;
  }
}
