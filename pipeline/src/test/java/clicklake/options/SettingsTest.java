package clicklake.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.storage.S3Settings;
import clicklake.options.value.RawValue;
import clicklake.produce.ProducePlan;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.spill.SpillFolder;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path folder;

  @Test
  void nothingGivenMeansTheDefaults() {
    Settings settings = settings(Job.STREAM);

    assertThat(settings.lake()).isEqualTo(uri(Path.of("lake")));
    assertThat(settings.landing()).isEqualTo(uri(Path.of("landing")));
    assertThat(settings.stateDir()).isNull();
    assertThat(settings.spills()).isEqualTo(SpillFolder.OF_JVM);
    assertThat(settings.every()).isNull();
    assertThat(settings.kafka())
        .isEqualTo(new KafkaSettings(null, "clickstream", null, KafkaClientProperties.NONE));
    assertThat(settings.stream())
        .isEqualTo(
            new StreamSettings(
                SourceKind.LANDING,
                Duration.ofSeconds(2),
                Dialect.CLICKSTREAM,
                Mode.AUTO,
                false,
                Duration.ofSeconds(5),
                Duration.ofHours(24),
                Duration.ofMinutes(5),
                1 << 20,
                32 << 20,
                false,
                false,
                null,
                4,
                256L << 20,
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(2),
                null,
                8L << 20));
    assertThat(settings.produce())
        .isEqualTo(
            new ProduceSettings(
                SourceKind.LANDING,
                0,
                0.1,
                4,
                new ProducePlan(
                    1,
                    100_000,
                    1_000,
                    Instant.parse("2024-01-01T00:00:00Z"),
                    0,
                    0.02,
                    0.02,
                    0.01,
                    0.02,
                    ProducePlan.Form.LINES,
                    1 << 20)));
  }

  @Test
  void goldIsRefreshedAtTheIntervalThatIsGiven() {
    assertThat(settings(Job.STREAM, Option.REFRESH_GOLD, "1m").stream().refreshGold())
        .isEqualTo(Duration.ofMinutes(1));
    assertFaults(
        Map.of(Option.REFRESH_GOLD, "0s"),
        Job.STREAM,
        "refreshGold=0s (test): is out of range; it must be from 1ms to 36500d");
  }

  @Test
  void verifyWaitsAQuarterOfAnHourForUndecidedRecordsUnlessToldOtherwise() {
    assertThat(Settings.of(Job.VERIFY, Map.of()).undecidedAfter())
        .isEqualTo(Duration.ofMinutes(15));
    assertThat(settings(Job.VERIFY, Option.UNDECIDED_AFTER, "1h").undecidedAfter())
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void everyFaultIsListedAtOnce() {
    assertFaults(
        Map.of(
            Option.COMMIT_EVERY, "5x",
            Option.SHARDS, "0",
            Option.DIALECT, "clickstraem",
            Option.LATE, "1.5",
            Option.SOURCE, "kafka"),
        Job.STREAM,
        "dialect=clickstraem (test): is none of clickstream, user-events;"
            + " did you mean clickstream?",
        "commitEvery=5x (test): is not a duration; write 500ms, 5s, 10m, 24h or ISO-8601 (PT5S)",
        "shards=0 (test): is out of range; it must be from 1 to 1024",
        "late=1.5 (test): is out of range; it must be from 0 to 1",
        "--source=kafka needs --bootstrapServers=host:port (or KAFKA_BOOTSTRAP_SERVERS)");
  }

  @Test
  void everyKindOfValueIsChecked() {
    assertFaults(
        Map.of(
            Option.LAKE, "gs://bucket/lake",
            Option.BOOTSTRAP_SERVERS, "localhost",
            Option.TOPIC, "two words",
            Option.JSON, "yes",
            Option.EVENTS, "many",
            Option.RATE, "fast",
            Option.START_TIME, "1999-12-31T00:00:00Z",
            Option.MAX_RECORD_SIZE, "1GB",
            Option.POLL_EVERY, "0s"),
        Job.VERIFY,
        "bootstrapServers=localhost (test): is not a list of brokers; write host:port,host:port",
        "topic=two words (test): is not a topic's name; use up to 249 letters, digits, dots,"
            + " underscores and hyphens",
        "pollEvery=0s (test): is out of range; it must be from 1ms to 36500d",
        "maxRecordSize=1GB (test): is out of range; it must be from 1KiB to 256MiB",
        "events=many (test): is not a whole number",
        "startTime=1999-12-31T00:00:00Z (test): is before 2000-01-01, when event times begin",
        "rate=fast (test): is not a number",
        "lake=gs://bucket/lake (test): is neither a folder nor s3://bucket/prefix",
        "json=yes (test): is neither true nor false");
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    assertFaults(
        Map.of(
            Option.AVAILABLE_NOW, "true",
            Option.MODE, "continuous",
            Option.BOOTSTRAP_SERVERS, "a:1",
            Option.DLQ_TOPIC, "clickstream",
            Option.MAX_IN_FLIGHT, "1MB"),
        Job.STREAM,
        "--dlqTopic and --topic are both clickstream: rejects would be read as events;"
            + " name another topic",
        "--availableNow is one round and --mode=continuous has none; drop one of them",
        "--maxInFlight=1MiB holds fewer than four records of --maxRecordSize=1MiB;"
            + " raise the one or lower the other");
  }

  @Test
  void theFailoverDemoNeedsEventsForThreeRuns() {
    assertFaults(
        Map.of(Option.FAILOVER, "true", Option.EVENTS, "2999"),
        Job.DEMO,
        "--failover kills two runs in the middle of their work and needs --events=3000 or more");
    assertThat(settings(Job.DEMO, Option.FAILOVER, "true", Option.EVENTS, "3000").failover())
        .isTrue();
  }

  @Test
  void theDlqAndProducingNeedKafkaToo() {
    String remedy = " needs --bootstrapServers=host:port (or KAFKA_BOOTSTRAP_SERVERS)";
    assertFaults(Map.of(Option.DLQ_TOPIC, "dead"), Job.STREAM, "--dlqTopic" + remedy);
    assertFaults(Map.of(Option.TO, "kafka"), Job.PRODUCE, "--to=kafka" + remedy);
    assertThat(settings(Job.GOLD, Option.SOURCE, "kafka", Option.TO, "kafka").stream().source())
        .isEqualTo(SourceKind.KAFKA);
  }

  @Test
  void producingToABucketIsRefused() {
    assertFaults(
        Map.of(Option.LANDING, "s3://bucket/in"),
        Job.PRODUCE,
        "produce writes to a local --landing folder, not to s3://bucket/in");
  }

  @Test
  void locationsAreTheSameWhetherTheyExistOrNot() throws IOException {
    Path lake = folder.resolve("a lake");
    URI before = settings(Job.STREAM, Option.LAKE, lake.toString()).lake();
    Files.createDirectories(lake);

    assertThat(before.toString()).endsWith("/a%20lake");
    assertThat(settings(Job.STREAM, Option.LAKE, lake + "/").lake()).isEqualTo(before);
    assertThat(settings(Job.STREAM, Option.LAKE, before.toString()).lake()).isEqualTo(before);
    assertThat(Path.of(before)).isEqualTo(lake);
    assertThat(settings(Job.STREAM, Option.LAKE, "s3://bucket/lake/").lake())
        .isEqualTo(URI.create("s3://bucket/lake"));
    assertThat(settings(Job.STREAM, Option.LAKE, "s3://bucket").lake())
        .isEqualTo(URI.create("s3://bucket"));
  }

  @Test
  void aStoreIsReachedByOptionsAndAFileOfSecretsThatNobodySees() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("s3.properties"),
            "accessKeyId=key-of-test\nsecretAccessKey=hush-hush\nproxy=http://me:hush@proxy:81\n");

    Settings settings =
        Settings.of(
            Job.STREAM,
            Map.of(
                Option.LAKE, new RawValue("s3://bucket/lakes/one/", "test"),
                Option.S3_ENDPOINT, new RawValue("http://127.0.0.1:9000", "test"),
                Option.S3_PATH_STYLE, new RawValue("true", "test"),
                Option.S3_SSE, new RawValue("aws:kms", "test"),
                Option.S3_KMS_KEY, new RawValue("arn:key", "test"),
                Option.S3_CONFIG, new RawValue(file.toString(), "test")));

    assertThat(settings.lake()).hasToString("s3://bucket/lakes/one");
    assertThat(settings.s3())
        .isEqualTo(
            new S3Settings(
                URI.create("http://127.0.0.1:9000"),
                null,
                true,
                "aws:kms",
                "arn:key",
                new S3Settings.Credentials("key-of-test", "hush-hush", null),
                URI.create("http://me:hush@proxy:81")));
    assertThat(S3Settings.of(settings.s3().properties())).isEqualTo(settings.s3());
    assertThat(settings.toString()).doesNotContain("hush").doesNotContain("key-of-test");
  }

  @Test
  void everyFaultOfAStoresOptionsIsTold() throws IOException {
    Path file =
        Files.writeString(folder.resolve("s3.properties"), "accessKeyId=key\nregion=here\n");
    assertThatThrownBy(
            () ->
                Settings.of(
                    Job.STREAM,
                    Map.of(
                        Option.S3_ENDPOINT, new RawValue("somewhere", "test"),
                        Option.S3_KMS_KEY, new RawValue("arn:key", "test"),
                        Option.S3_CONFIG, new RawValue(file.toString(), "test"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("s3Config=" + file + " (test): sets region; it may set accessKeyId")
        .hasMessageContaining("kmsKey needs sse aws:kms")
        .hasMessageContaining("endpoint is not http://host:port or https://host:port");
  }

  @Test
  void thereIsOneShopperForAHundredEventsUnlessUsersAreGiven() {
    assertThat(settings(Job.PRODUCE, Option.EVENTS, "500").produce().plan().users()).isEqualTo(10);
    assertThat(settings(Job.PRODUCE, Option.EVENTS, "5000").produce().plan().users()).isEqualTo(50);
    assertThat(settings(Job.PRODUCE, Option.USERS, "7").produce().plan().users()).isEqualTo(7);
  }

  @Test
  void producingToKafkaMakesValues() {
    Settings settings =
        settings(Job.PRODUCE, Option.TO, "kafka", Option.BOOTSTRAP_SERVERS, "a:9092, [::1]:9093");

    assertThat(settings.produce().plan().form()).isEqualTo(ProducePlan.Form.VALUES);
    assertThat(settings.kafka().bootstrapServers()).isEqualTo("a:9092,[::1]:9093");
  }

  @Test
  void clientSettingsAreReadAndTheirSecretsNotShown() throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(
        file,
        """
        security.protocol=SASL_SSL
        sasl.jaas.config=org.example.Login required password="hunter2";
        ssl.key.password=hunter3
        """);

    Settings settings = settings(Job.STREAM, Option.KAFKA_CONFIG, file.toString());

    assertThat(settings.kafka().client().values())
        .isEqualTo(
            Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.jaas.config",
                "org.example.Login required password=\"hunter2\";",
                "ssl.key.password",
                "hunter3"));
    assertThat(settings.toString())
        .contains("{sasl.jaas.config=***, security.protocol=SASL_SSL, ssl.key.password=***}")
        .doesNotContain("hunter");
  }

  @Test
  void clientSettingsMayNotTouchWhatTheJobRestsOn() throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(file, "group.id=mine\nacks=0\n");

    assertFaults(
        Map.of(Option.KAFKA_CONFIG, file.toString()),
        Job.STREAM,
        "kafkaConfig="
            + file
            + " (test): sets acks, group.id, which the job itself sets;"
            + " remove it there");
  }

  @Test
  void theLastKeyOfTheKeyFileCountsAndIsNotShown() throws IOException {
    Path file = folder.resolve("keys");
    Files.writeString(
        file, "# rotated\n2024-01:" + "ab".repeat(16) + "\n\n 2024-03:" + "cd".repeat(32) + "\r\n");
    PseudonymKey key = PseudonymKey.parse("2024-03:" + "cd".repeat(32));

    Settings settings = settings(Job.STREAM, Option.IP_HASH_KEY_FILE, file.toString());

    assertThat(settings.stream().ipHashKey()).isEqualTo(key);
    assertThat(settings.stream().parser()).isEqualTo(ParserSettings.DEFAULTS.withKey(key));
    assertThat(settings.toString()).contains("2024-03").doesNotContain("cdcd");
  }

  @Test
  void aFaultyKeyFileIsNotShownEither() throws IOException {
    assertKeyFault(
        "\nid:deadbeefzz",
        "line 2: the secret of a pseudonym key is an even number of hexadecimal digits");
    assertKeyFault("deadbeef", "line 1: a pseudonym key is written as id:hexadecimal-secret");
    assertKeyFault(
        "id:deadbeef", "line 1: the secret of pseudonym key id has 4 bytes; it needs at least 16");
    assertKeyFault("# nothing\n", "holds no key; write one line: id:hexadecimal-secret");
  }

  private void assertKeyFault(String text, String fault) throws IOException {
    Path file = Files.writeString(folder.resolve("keys"), text);
    assertFaults(
        Map.of(Option.IP_HASH_KEY_FILE, file.toString()),
        Job.STREAM,
        "ipHashKeyFile=" + file + " (test): " + fault);
  }

  @Test
  void aMissingFileIsAFaultOnlyForAJobThatReadsIt() {
    Path file = folder.resolve("missing");
    assertFaults(
        Map.of(Option.KAFKA_CONFIG, file.toString()),
        Job.STREAM,
        "kafkaConfig=" + file + " (test): is no file");
    assertThat(settings(Job.GOLD, Option.KAFKA_CONFIG, file.toString()).kafka().client())
        .isEqualTo(KafkaClientProperties.NONE);
  }

  private static URI uri(Path path) {
    return URI.create(path.toAbsolutePath().toUri().toString().replaceAll("/$", ""));
  }

  private static Settings settings(Job job, Object... given) {
    Map<Option, RawValue> values = new EnumMap<>(Option.class);
    for (int i = 0; i < given.length; i += 2) {
      values.put((Option) given[i], new RawValue((String) given[i + 1], "test"));
    }
    return Settings.of(job, values);
  }

  private static void assertFaults(Map<Option, String> given, Job job, String... faults) {
    Map<Option, RawValue> values = new EnumMap<>(Option.class);
    given.forEach((option, text) -> values.put(option, new RawValue(text, "test")));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.of(job, values))
        .satisfies(e -> assertThat(e.faults()).containsExactlyInAnyOrder(faults))
        .withMessageContainingAll(faults);
  }
}
