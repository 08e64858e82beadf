package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over produced events, from files and from Kafka, against the sequential model. */
class ClickstreamFlowTest {
  private static final ProducePlan PLAN =
      ProducePlan.of(7, 20_000).withShares(0.05, 0.05, 0.03, 0.05);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private Path landing;
  private Path lake;

  @BeforeEach
  void nameFolders() throws IOException {
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
  }

  @Test
  void roundsOverFilesMakeTheModelsLakeAndTheProducersCounts() throws Exception {
    ProducedCounts produced = produce(PLAN, 4_000);

    Program.round(landingToLake());

    SequentialLake model = modelOfFiles();
    model.assertHeldBy(lake);
    assertThat(model.counts())
        .isEqualTo(
            new LakeCounts(
                produced.records(),
                produced.events(),
                produced.rejected(),
                produced.duplicates(),
                0));
    assertThat(produced.blankLines()).isPositive();
    assertThat(produced.late()).isPositive();
    assertThat(countsBy("quarantine/events", "reason"))
        .isEqualTo(
            produced.rejects().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().code(), Map.Entry::getValue)));
    assertThat(countsBy("silver/events", "action"))
        .isEqualTo(
            produced.actions().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().text(), Map.Entry::getValue)));
  }

  @Test
  void aLandingFolderInAStoreMakesTheModelsLake() throws Exception {
    assumeFalse(ObjectStore.keepsLakes(), "the lake is in another store");
    ObjectStore store = ObjectStore.shared();
    String bucket = store.newBucket();
    landing = Files.createDirectory(store.folder(bucket).resolve("landing"));
    produce(ProducePlan.of(11, 3_000).withShares(0.05, 0.05, 0.03, 0.05), 500);
    toWholeSeconds();
    String[] options = {
      "--landing=s3://" + bucket + "/landing",
      "--lake=" + lake,
      "--s3Endpoint=" + store.endpoint(),
      "--s3PathStyle",
      "--s3Config=" + store.writeConfig(folder.resolve("s3.properties"))
    };

    Program.round(options);
    modelOfFiles().assertHeldBy(lake);
    int versions = versions();

    Program.round(options);
    assertThat(versions()).isEqualTo(versions);
  }

  /** Some stores say the times of their objects in seconds. */
  private void toWholeSeconds() throws IOException {
    try (Stream<Path> files = Files.walk(landing)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(time.truncatedTo(ChronoUnit.SECONDS)));
      }
    }
  }

  @Test
  void aSecondRunAddsNothingAndWhatComesInBetweenIsAddedExactly() throws Exception {
    produce(ProducePlan.of(1, 3_000).withShares(0.05, 0.05, 0.03, 0.05), 1_000);
    Program.round(landingToLake());
    modelOfFiles().assertHeldBy(lake);
    int versions = versions();

    Program.round(landingToLake());
    modelOfFiles().assertHeldBy(lake);
    assertThat(versions()).isEqualTo(versions);

    // Other events, copies of old ones in a new file, and a file in the oldest folder.
    produce(ProducePlan.of(2, 1_000), 500);
    Path first = firstFile();
    Path old = first.resolveSibling("a-late-file.ndjson");
    Files.copy(first, folder.resolve("copy"));
    Files.setLastModifiedTime(folder.resolve("copy"), FileTime.from(Instant.now()));
    Files.move(folder.resolve("copy"), old);
    Program.round(landingToLake());
    modelOfFiles().assertHeldBy(lake);
  }

  @Test
  void aReplacedFileAddsANewGenerationBesideTheOldOne() throws Exception {
    Path file = landing.resolve("events.ndjson");
    write(file, event(1, "\"page\":\"/a\"") + event(2, "\"page\":\"/b\"") + "broken\n");
    List<SourceRecord> records = new ArrayList<>(SourceRecord.inFile(landing, file, 0));
    Program.round(landingToLake());
    SequentialLake.of(records, ParserSettings.DEFAULTS).assertHeldBy(lake);

    write(file, event(3, "\"page\":\"/c\"") + event(2, "\"page\":\"/b\"") + "broken\n\n{}\n");
    records.addAll(SourceRecord.inFile(landing, file, 1));
    Program.round(landingToLake());

    SequentialLake model = SequentialLake.of(records, ParserSettings.DEFAULTS);
    model.assertHeldBy(lake);
    assertThat(model.counts()).isEqualTo(new LakeCounts(7, 3, 3, 1, 0));
  }

  @Test
  void afterThousandsOfFilesAReplacedOneOfTheSameTimeIsReadAndTheOthersAreNot() throws Exception {
    FileTime time = FileTime.fromMillis(1_767_225_600_000L);
    List<SourceRecord> records = new ArrayList<>();
    for (int i = 0; i < 2_100; i++) {
      Path file = landing.resolve(String.format("a%05d.ndjson", i));
      write(file, event(i, "\"page\":\"/a\""));
      Files.setLastModifiedTime(file, time);
      records.addAll(SourceRecord.inFile(landing, file, 0));
    }
    Program.round(landingToLake());
    // With these the ledgers let go of the first thousand.
    for (int i = 0; i < 2; i++) {
      Path file = landing.resolve("b" + i + ".ndjson");
      write(file, "broken\n");
      records.addAll(SourceRecord.inFile(landing, file, 0));
      Program.round(landingToLake());
    }
    Path replaced = landing.resolve("a00000.ndjson");
    write(replaced, event(5_000, "\"page\":\"/b\"") + "broken\n".repeat(3));
    Files.setLastModifiedTime(replaced, time);
    records.addAll(SourceRecord.inFile(landing, replaced, 1));

    Program.round(landingToLake());

    SequentialLake model = SequentialLake.of(records, ParserSettings.DEFAULTS);
    model.assertHeldBy(lake);
    int versions = versions();
    Program.round(landingToLake());
    assertThat(versions()).isEqualTo(versions);
  }

  @Test
  void oneRoundOfMoreFilesThanALedgerHoldsTakesThemAll() throws Exception {
    // Several pipelines of about 4 MB of ledger each, and files leave the ledgers between them.
    List<SourceRecord> records = new ArrayList<>();
    Path deep = Files.createDirectories(landing.resolve(("d".repeat(250) + "/").repeat(13)));
    for (int i = 0; i < 3_700; i++) {
      Path file = deep.resolve(String.format("%06d.ndjson", i));
      Files.writeString(file, event(i, "\"page\":\"/a\""));
      records.addAll(SourceRecord.inFile(landing, file, 0));
    }

    Program.round(landingToLake());

    SequentialLake.of(records, ParserSettings.DEFAULTS).assertHeldBy(lake);
    try (Stream<Path> log = Files.list(lake.resolve("silver/events/_delta_log"))) {
      assertThat(log.filter(file -> file.toString().endsWith(".json")))
          .allMatch(file -> file.toFile().length() < 10_000_000);
    }
  }

  @Test
  void aDamagedFileIsPassedOverAndTheRestOfTheFolderIsTaken() throws Exception {
    write(landing.resolve("a.ndjson"), event(1, "\"page\":\"/a\""));
    Files.write(landing.resolve("damaged.ndjson.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0, 0});
    Files.write(landing.resolve("empty.ndjson.gz"), new byte[0]);
    Files.createSymbolicLink(landing.resolve("loop"), landing);
    Path epoch = landing.resolve("größe\n*.NDJSON");
    write(epoch, "broken\n");
    Files.setLastModifiedTime(epoch, FileTime.fromMillis(0));
    List<SourceRecord> records = new ArrayList<>();
    records.addAll(SourceRecord.inFile(landing, landing.resolve("a.ndjson"), 0));
    records.addAll(SourceRecord.inFile(landing, epoch, 0));

    Program.round(landingToLake());

    SequentialLake model = SequentialLake.of(records, ParserSettings.DEFAULTS);
    model.assertHeldBy(lake);
    assertThat(model.counts()).isEqualTo(new LakeCounts(2, 1, 1, 0, 0));
  }

  @Test
  void ofALineThatFitsNoMemoryTheHeadIsKeptAndQuarantined() throws Exception {
    String event = event(1, "\"page\":\"/a\"");
    byte[] head = (event.strip() + " ".repeat(1 << 20)).substring(0, 1 << 20).getBytes(UTF_8);
    long length = 100L << 20;
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    try (OutputStream plain = Files.newOutputStream(landing.resolve("a.ndjson.gz"));
        OutputStream out = new DigestOutputStream(new GZIPOutputStream(plain), sha256)) {
      ((DigestOutputStream) out).on(false);
      out.write(event.getBytes(UTF_8));
      ((DigestOutputStream) out).on(true);
      out.write(head);
      byte[] blanks = " ".repeat(1 << 20).getBytes(UTF_8);
      for (long written = head.length; written < length; written += blanks.length) {
        out.write(blanks);
      }
      ((DigestOutputStream) out).on(false);
      out.write(("\n" + event(2, "\"page\":\"/b\"")).getBytes(UTF_8));
    }

    try (ChildProcess child =
        Program.process("stream", landingToLake()[0], landingToLake()[1], "--availableNow")
            // The least that Spark takes.
            .flags("-Xmx512m")
            .start()) {
      assertThat(child.waitFor(PATIENCE)).isZero();
    }

    assertThat(EventLake.at(LakeLocation.of(lake)).counts())
        .isEqualTo(new LakeCounts(3, 2, 1, 0, 0));
    LakeReader reader = new LakeReader(lake);
    Map<String, @Nullable Object> rejected = reader.rows("quarantine/events").get(0);
    assertThat(rejected.get("reason")).isEqualTo("too_large");
    assertThat(rejected.get("detail"))
        .isEqualTo(
            "[{\"reason\":\"too_large\",\"at\":0,\"length\":104857600,\"sha256\":\""
                + HexFormat.of().formatHex(sha256.digest())
                + "\",\"message\":\"only the first 1048576 bytes are kept\"}]");
    assertThat(rejected.get("value")).isEqualTo(ByteBuffer.wrap(head));
    assertThat(reader.rows("bronze/events"))
        .filteredOn(row -> row.get("_offset").equals(1L))
        .extracting(row -> row.get("value"))
        .containsExactly(ByteBuffer.wrap(head));
    assertThat(Program.run("verify", "--lake=" + lake)).isZero();
  }

  @Test
  void amongDifferentRecordsOfOneEventTheLowestRankWinsWhenItComesFirst() throws Exception {
    Path file = landing.resolve("conflicts.ndjson");
    write(
        file,
        event(1, "\"page\":\"/first\"")
            + event(1, "\"page\":\"/second\"")
            + event(2, "\"page\":\"/b\"")
            + event(1, "\"page\":\"/third\""));

    Program.round(landingToLake());

    modelOfFiles().assertHeldBy(lake);
    assertThat(EventLake.at(LakeLocation.of(lake)).counts())
        .isEqualTo(new LakeCounts(4, 2, 0, 2, 2));
  }

  @Test
  void aLowerRankThatComesLaterReplacesTheRow() throws Exception {
    Path late = landing.resolve("b.ndjson");
    write(late, event(1, "\"page\":\"/second\"") + event(2, "\"page\":\"/b\""));
    Program.round(landingToLake());
    Path early = landing.resolve("a.ndjson");
    write(early, event(1, "\"page\":\"/first\"") + event(3, "\"page\":\"/c\""));
    Files.setLastModifiedTime(
        early, FileTime.from(Files.getLastModifiedTime(late).toInstant().minusSeconds(60)));

    Program.round(landingToLake());

    modelOfFiles().assertHeldBy(lake);
    assertThat(countsBy("silver/events", "page"))
        .isEqualTo(Map.of("/first", 1L, "/b", 1L, "/c", 1L));
  }

  @Test
  void aContinuousRunOverFilesMakesTheSameLakeAndEndsWithZeroOnSigterm() throws Exception {
    produce(ProducePlan.of(3, 5_000).withShares(0.05, 0.05, 0.03, 0.05), 1_000);
    SequentialLake before = modelOfFiles();
    try (ChildProcess stream =
        Program.process("stream", landingToLake("--commitEvery=500ms", "--pollEvery=200ms"))
            .start()) {
      awaitLake(before, lake, stream);
      // More while it runs, with copies of what is long committed.
      produce(ProducePlan.of(4, 1_000), 500);
      Path copy = folder.resolve("copy.ndjson");
      Files.copy(firstFile(), copy);
      Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
      Files.move(copy, landing.resolve("copy.ndjson"), StandardCopyOption.ATOMIC_MOVE);
      SequentialLake model = modelOfFiles();
      awaitLake(model, lake, stream);
      stream.terminate();
      assertThat(stream.waitFor(PATIENCE)).isZero();
      model.assertHeldBy(lake);
    }

    Path inRounds = folder.resolve("in-rounds");
    Program.round("--landing=" + landing, "--lake=" + inRounds);
    assertThat(events(lake)).isEqualTo(events(inRounds));
    modelOfFiles().assertHeldBy(inRounds);
  }

  @Test
  void kafkaGivesTheSameEventsAsFilesInRoundsAndContinuously() throws Exception {
    produce(PLAN, 4_000);
    List<SourceRecord> files = SourceRecord.inFolder(landing);
    KafkaBroker broker = KafkaBroker.shared();
    String topic = broker.newTopic("flow", 4);
    String letters = broker.newTopic("flow-letters", 1);
    send(broker, topic, files);
    SequentialLake model =
        SequentialLake.of(SourceRecord.inTopic(broker, topic), ParserSettings.DEFAULTS);

    Program.round(topicToLake(broker, topic, lake, "--dlqTopic=" + letters));

    model.assertHeldBy(lake);
    assertThat(model.events())
        .isEqualTo(SequentialLake.of(files, ParserSettings.DEFAULTS).events());
    assertLetters(broker, letters, model);

    Program.round(topicToLake(broker, topic, lake, "--dlqTopic=" + letters));
    model.assertHeldBy(lake);
    assertLetters(broker, letters, model);

    Path continuous = folder.resolve("continuous");
    try (ChildProcess stream =
        Program.process("stream", topicToLake(broker, topic, continuous, "--commitEvery=500ms"))
            .start()) {
      awaitLake(model, continuous, stream);
      stream.terminate();
      assertThat(stream.waitFor(PATIENCE)).isZero();
    }
    model.assertHeldBy(continuous);
  }

  @Test
  void temporaryFilesLieUnderTheStateDirWhichMayBeDeletedBetweenRuns() throws Exception {
    Path state = folder.resolve("state");
    Path jvm = Files.createDirectory(folder.resolve("jvm"));
    for (int seed = 6; seed < 8; seed++) {
      produce(ProducePlan.of(seed, 300), 100);
      try (ChildProcess stream =
          Program.process("stream", landingToLake("--availableNow", "--stateDir=" + state))
              .flags("-Djava.io.tmpdir=" + jvm)
              .start()) {
        assertThat(stream.waitFor(PATIENCE)).isZero();
      }
      // What is left there are native libraries that were unpacked.
      assertThat(jvm.toFile().list())
          .noneMatch(name -> name.matches("(clicklake|flink|minicluster|spark|blockmgr).*"));
      switch (System.getProperty("clicklake.runner", "DirectRunner")) {
        case "FlinkRunner" -> assertThat(state.resolve("flink")).isDirectory();
        case "SparkRunner" -> assertThat(state.resolve("spark")).isDirectory();
        default -> assertThat(state).doesNotExist();
      }
      if (state.toFile().exists()) {
        try (var files = Files.walk(state)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
    modelOfFiles().assertHeldBy(lake);
  }

  @Test
  void userEventsAreReadInTheirOwnDialect() throws Exception {
    write(
        landing.resolve("events.ndjson"),
        """
        {"event_id":"00000000-0000-4000-8000-000000000001","user_id":17,"event_type":"purchase","page":"/buy","timestamp":"2024-03-01T10:00:00Z","source":"web"}
        {"event_id":"00000000-0000-4000-8000-000000000002","user_id":18,"event_type":"login","page":"/","timestamp":"2024-03-01T10:00:01.5Z","source":"mobile","campaign":"spring"}
        {"event_id":"00000000-0000-4000-8000-000000000002","user_id":18,"event_type":"login","page":"/","timestamp":"2024-03-01T10:00:01.5Z","source":"mobile","campaign":"spring"}
        {"event_id":"00000000-0000-4000-8000-000000000003","user_id":"19","event_type":"login","page":"/","timestamp":"2024-03-01T10:00:02Z"}
        {"event_id":"00000000-0000-4000-8000-000000000004","user_id":20,"event_type":"hover","page":"/","timestamp":"yesterday"}
        """);

    Program.round(landingToLake("--dialect=user-events"));

    SequentialLake.of(
            SourceRecord.inFolder(landing),
            ParserSettings.DEFAULTS.withDialect(Dialect.USER_EVENTS))
        .assertHeldBy(lake);
    assertThat(EventLake.at(LakeLocation.of(lake)).counts())
        .isEqualTo(new LakeCounts(5, 2, 2, 1, 0));
    assertThat(countsBy("silver/events", "user_id")).isEqualTo(Map.of("17", 1L, "18", 1L));
    assertThat(countsBy("quarantine/events", "field"))
        .isEqualTo(Map.of("user_id", 1L, "timestamp", 1L));
  }

  @Test
  void addressesArePseudonymisedWithTheKeyAndDroppedWithoutOne() throws Exception {
    String address = "203.0.113.77";
    write(
        landing.resolve("events.ndjson"),
        event(1, "\"page\":\"/\",\"ip\":\"" + address + "\",\"ip_hash\":\"client's\"")
            + event(2, "\"page\":\"/\",\"seen\":{\"ip\":\"" + address + "\",\"email\":\"a@b.c\"}")
            + event(3, "\"page\":\"/\",\"ip\":\"2001:DB8:0::1\""));
    Path keyFile = folder.resolve("keys");
    Files.writeString(keyFile, "# rotated yearly\nold:" + "00".repeat(32) + "\n");
    PseudonymKey key = PseudonymKey.parse("new:" + "c0ffee".repeat(8));
    Files.writeString(keyFile, "new:" + "c0ffee".repeat(8) + "\n", StandardOpenOption.APPEND);

    Program.round(landingToLake("--ipHashKeyFile=" + keyFile));
    Path without = folder.resolve("without-a-key");
    Program.round("--landing=" + landing, "--lake=" + without);

    List<SourceRecord> records = SourceRecord.inFolder(landing);
    SequentialLake.of(records, ParserSettings.DEFAULTS.withKey(key)).assertHeldBy(lake);
    SequentialLake.of(records, ParserSettings.DEFAULTS).assertHeldBy(without);
    assertThat(countsBy("silver/events", "ip_hash_key_id"))
        .isEqualTo(Map.of("new", 2L, "null", 1L));
    for (Path one : List.of(lake, without)) {
      assertThat(new LakeReader(one).rows("silver/events").toString())
          .doesNotContain(address)
          .doesNotContain("a@b.c")
          .doesNotContainIgnoringCase("2001:db8");
    }
  }

  @Test
  void aRoundThatRefreshesGoldLeavesNothingForTheGoldJobToDo() throws Exception {
    produce(ProducePlan.of(5, 5_000).withShares(0.05, 0.05, 0.03, 0.05), 1_000);

    Program.round(landingToLake("--refreshGold=1m"));

    Map<String, Long> counts = goldCounts();
    List<Map<String, @Nullable Object>> users = goldRows("active_users_per_minute");
    assertThat(counts).isEqualTo(silverCounts()).isNotEmpty();
    assertThat(users)
        .hasSize(
            (int) counts.keySet().stream().map(key -> key.substring(0, 16)).distinct().count());
    int versions = goldVersions();
    assertThat(Program.run("gold", "--lake=" + lake)).isZero();
    assertThat(goldVersions()).isEqualTo(versions);
    assertThat(goldCounts()).isEqualTo(counts);
    assertThat(goldRows("active_users_per_minute")).isEqualTo(users);

    Program.round(landingToLake("--refreshGold=1m"));
    assertThat(goldVersions()).isEqualTo(versions);
  }

  @Test
  void goldFollowsSilverWhileTheJobRuns() throws Exception {
    produce(ProducePlan.of(3, 2_000).withShares(0.05, 0.05, 0.03, 0.05), 1_000);
    try (ChildProcess stream =
        Program.process(
                "stream",
                landingToLake("--commitEvery=500ms", "--pollEvery=200ms", "--refreshGold=300ms"))
            .start()) {
      awaitGold(modelOfFiles(), stream);
      produce(ProducePlan.of(4, 1_000), 500);
      awaitGold(modelOfFiles(), stream);
      stream.terminate();
      assertThat(stream.waitFor(PATIENCE)).isZero();
      assertThat(stream.output()).anyMatch(line -> line.startsWith("gold, at silver version "));
    }
    assertThat(goldCounts()).isEqualTo(silverCounts());
  }

  private void awaitGold(SequentialLake model, ChildProcess stream) {
    Awaitility.await("gold of " + model.counts().silver() + " events")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .failFast("the job ended", () -> !stream.isAlive())
        .until(
            () ->
                goldCounts().values().stream().mapToLong(Long::longValue).sum()
                    == model.counts().silver());
  }

  /** Events by minute and action, as gold has them. */
  private Map<String, Long> goldCounts() throws IOException {
    return goldRows("events_per_minute").stream()
        .collect(
            Collectors.toMap(
                row -> row.get("window_start") + " " + row.get("action"),
                row -> (Long) row.get("event_count")));
  }

  /** Events by minute and action, counted in silver. */
  private Map<String, Long> silverCounts() throws IOException {
    return new LakeReader(lake)
        .rows("silver/events").stream()
            .collect(
                Collectors.groupingBy(
                    row ->
                        ((Instant) row.get("event_time")).truncatedTo(ChronoUnit.MINUTES)
                            + " "
                            + row.get("action"),
                    Collectors.counting()));
  }

  private List<Map<String, @Nullable Object>> goldRows(String table) throws IOException {
    return new LakeReader(lake).rows("gold/" + table);
  }

  private int goldVersions() throws IOException {
    LakeReader reader = new LakeReader(lake);
    return reader.versions("gold/events_per_minute")
        + reader.versions("gold/active_users_per_minute");
  }

  private void assertLetters(KafkaBroker broker, String topic, SequentialLake model) {
    Map<String, List<@Nullable Object>> expected = new HashMap<>();
    model
        .rejected()
        .forEach(
            (record, reason) ->
                expected.put(
                    record.position().toString(), letter(record.key(), record.value(), reason)));
    Map<String, List<@Nullable Object>> found = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : broker.readAll(topic)) {
      Map<String, String> headers = new HashMap<>();
      for (Header header : record.headers()) {
        headers.put(header.key(), new String(header.value(), UTF_8));
      }
      SourceRecord.Position position =
          new SourceRecord.Position(
              headers.get("clicklake.source"),
              Integer.parseInt(headers.get("clicklake.partition")),
              Long.parseLong(headers.get("clicklake.offset")));
      assertThat(headers).containsEntry("content-type", "application/json");
      assertThat(
              found.put(
                  position.toString(),
                  letter(
                      record.key() == null ? null : ByteBuffer.wrap(record.key()),
                      record.value() == null ? null : ByteBuffer.wrap(record.value()),
                      headers.get("clicklake.reason"))))
          .as("sent twice: %s", position)
          .isNull();
    }
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((position, letter) -> assertThat(found.get(position)).isEqualTo(letter));
  }

  private static List<@Nullable Object> letter(
      @Nullable ByteBuffer key, @Nullable ByteBuffer value, String reason) {
    List<@Nullable Object> letter = new ArrayList<>();
    letter.add(key);
    letter.add(value);
    letter.add(reason);
    return letter;
  }

  /** Copies of one record go to different partitions; between the records lie aborted ones. */
  private static void send(KafkaBroker broker, String topic, List<SourceRecord> records) {
    long now = System.currentTimeMillis();
    Map<ByteBuffer, Integer> sent = new HashMap<>();
    List<ProducerRecord<byte[], byte[]>> part = new ArrayList<>();
    List<ProducerRecord<byte[], byte[]>> ghosts = new ArrayList<>();
    for (int partition = 0; partition < 4; partition++) {
      ghosts.add(
          new ProducerRecord<>(
              topic, partition, now, null, event(99, "\"page\":\"/ghost\"").getBytes(UTF_8)));
    }
    for (int i = 0; i < records.size(); i++) {
      ByteBuffer value = records.get(i).value();
      int copy = sent.merge(value, 1, Integer::sum);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              topic,
              Math.floorMod(value.hashCode() + copy, 4),
              now + i,
              ("user " + i % 100).getBytes(UTF_8),
              records.get(i).bytes());
      record.headers().add("content-type", "application/json".getBytes(UTF_8));
      part.add(record);
      if (part.size() == 5_000 || i == records.size() - 1) {
        broker.produce(part);
        broker.produceAborted(ghosts);
        part.clear();
      }
    }
    for (byte @Nullable [] empty : new byte[][] {null, {}}) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 2, now, null, empty);
      record.headers().add("content-type", "application/json".getBytes(UTF_8));
      broker.produceCommitted(List.of(record));
    }
  }

  private ProducedCounts produce(ProducePlan plan, int recordsPerFile) throws Exception {
    return LandingProducer.withFilesOf(landing, 0.3, recordsPerFile, Clock.systemUTC())
        .produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT)
        .counts();
  }

  /** The first by name that is not compressed. */
  private Path firstFile() throws IOException {
    try (Stream<Path> files = Files.walk(landing)) {
      return files
          .filter(file -> file.toString().endsWith(".ndjson"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private SequentialLake modelOfFiles() throws IOException {
    return SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS);
  }

  /** Waits until everything is decided and every reject published. */
  private static void awaitLake(SequentialLake model, Path lake, ChildProcess stream) {
    Awaitility.await("a lake with " + model.counts())
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .failFast("the job ended", () -> !stream.isAlive())
        .until(
            () ->
                EventLake.at(LakeLocation.of(lake)).counts().equals(model.counts())
                    && new LakeReader(lake).rows("quarantine/events").size()
                        == model.counts().rejects());
  }

  private static Set<Map<String, Object>> events(Path lake) throws IOException {
    Set<Map<String, Object>> events = new HashSet<>();
    new LakeReader(lake)
        .rows("silver/events")
        .forEach(row -> events.add(SequentialLake.content(row)));
    return events;
  }

  private Map<String, Long> countsBy(String table, String column) throws IOException {
    return new LakeReader(lake)
        .rows(table).stream()
            .collect(
                Collectors.groupingBy(
                    row -> String.valueOf(row.get(column)), Collectors.counting()));
  }

  private int versions() throws IOException {
    LakeReader reader = new LakeReader(lake);
    return reader.versions("bronze/events")
        + reader.versions("silver/events")
        + reader.versions("quarantine/events");
  }

  private String[] landingToLake(String... more) {
    List<String> options = new ArrayList<>(List.of("--landing=" + landing, "--lake=" + lake));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private static String[] topicToLake(KafkaBroker broker, String topic, Path lake, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--source=kafka",
                "--bootstrapServers=" + broker.bootstrapServers(),
                "--topic=" + topic,
                "--lake=" + lake));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  /** Replaces a file in one step, as the contract asks of writers. */
  private void write(Path file, String content) throws IOException {
    Path hidden = file.resolveSibling("." + file.getFileName());
    Files.writeString(hidden, content);
    Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String event(int number, String more) {
    return String.format(
        "{\"event_id\":\"00000000-0000-4000-8000-%012d\",\"schema_version\":2,"
            + "\"event_time\":\"2024-03-01T10:00:00Z\",\"user_id\":\"u\",\"action\":\"view\",%s}\n",
        number, more);
  }
}
