package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.LakesIn;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.RateLimiter;
import clicklake.transforms.parse.ParserSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken systems and settings: one clear line on standard error, the right exit code, and a lake
 * that is as it was. Disks break here, whatever the other tests keep their lakes in; what stores
 * refuse is in {@link clicklake.io.storage}.
 */
@LakesIn("disk")
class SystemFaultsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Path landing;
  private Path lake;

  @BeforeEach
  void nameFolders() throws IOException {
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
    Files.writeString(
        landing.resolve("events.ndjson"),
        """
        {"event_id":"00000000-0000-4000-8000-000000000001","schema_version":1,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"view","page":"/"}
        broken
        """);
  }

  @Test
  void anUnknownOptionIsNamedWithTheNearestMatch() throws Exception {
    assertThat(failure(2, "--landing=" + landing, "--lakee=" + lake))
        .isEqualTo("unknown option --lakee; did you mean --lake?");
    assertThat(lake).doesNotExist();
  }

  @Test
  void malformedYamlIsNamedWithItsLine() throws Exception {
    Path yaml = folder.resolve("job.yaml");
    Files.writeString(yaml, "lake: " + lake + "\nlanding: [\n");

    assertThat(failure(2, "--config=" + yaml))
        .isEqualTo(yaml + ":3:1: not YAML: expected the node content, but found '<stream end>'");
    assertThat(lake).doesNotExist();
  }

  @Test
  void aLandingFolderThatIsNotThereIsNamed() throws Exception {
    assertThat(failure(1, "--landing=" + folder.resolve("elsewhere"), "--lake=" + lake))
        .isEqualTo(
            "Reading the landing folder "
                + folder
                + "/elsewhere/: there is no such folder; create it or correct --landing");
    assertThat(lake).doesNotExist();
  }

  @Test
  void aLandingFileThatMayNotBeReadStopsAStrictJob() throws Exception {
    Path file = landing.resolve("events.ndjson");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

    assertThat(failure(1, ChildProcess.Builder::withoutRootsRights, strictly()))
        .isEqualTo(
            "Reading landing file events.ndjson in "
                + landing
                + "/: it is there and cannot be opened (permission denied); give the user that runs"
                + " Clicklake read access to it");
    assertThat(lake.resolve("silver")).doesNotExist();
  }

  @Test
  void aCompressedFileThatIsCutOffStopsAStrictJob() throws Exception {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(whole)) {
      gzip.write(Files.readAllBytes(landing.resolve("events.ndjson")));
    }
    Files.write(
        landing.resolve("half.ndjson.gz"), Arrays.copyOf(whole.toByteArray(), whole.size() / 2));
    Files.delete(landing.resolve("events.ndjson"));

    assertThat(failure(1, strictly()))
        .isEqualTo(
            "Reading landing file half.ndjson.gz in "
                + landing
                + "/: the compressed data is damaged or cut off; replace the file with a whole one"
                + " or take it out of the landing folder");
  }

  @Test
  void aLakeThatIsAFileIsNamed() throws Exception {
    Files.writeString(lake, "a file");

    assertThat(failure(1, landingToLake()))
        .isEqualTo(
            "cannot read the log of "
                + lake
                + "/bronze/events: a part of this path is a file, not a folder; use another --lake");
    assertThat(lake).hasContent("a file");
  }

  @Test
  void aLakeFolderWithoutWriteAccessIsNamed() throws Exception {
    Files.createDirectory(lake);
    Files.setPosixFilePermissions(lake, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertThat(failure(1, ChildProcess.Builder::withoutRootsRights, landingToLake()))
          .startsWith("cannot write " + lake + "/")
          .endsWith(
              ": permission denied; give the user that runs Clicklake read and write access to it");
      assertThat(lake).isEmptyDirectory();
    } finally {
      Files.setPosixFilePermissions(lake, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aTableWithoutWriteAccessIsNamedAndKept() throws Exception {
    Program.round(landingToLake());
    Path log = lake.resolve("silver/events/_delta_log");
    Files.writeString(landing.resolve("more.ndjson"), "broken too\n");
    Map<String, Long> before = files(lake);
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertThat(failure(1, ChildProcess.Builder::withoutRootsRights, landingToLake()))
          .isEqualTo(
              "cannot commit version 2 of "
                  + lake
                  + "/silver/events: permission denied; give the user that runs Clicklake read and"
                  + " write access to it");
    } finally {
      Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    assertThat(files(log)).isEqualTo(within(before, "silver/events/_delta_log/"));

    Program.round(landingToLake());
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
  }

  @Test
  void aTableOfAnotherSchemaIsNamedAndLeftAlone() throws Exception {
    Program.round(landingToLake());
    editLog("silver/events", "\\\"name\\\":\\\"user_id\\\"", "\\\"name\\\":\\\"customer\\\"");
    assertRefusedAndUntouched(
        "silver/events: there is another table at "
            + lake
            + "/silver/events: column 4 is customer string not null where Clicklake writes user_id"
            + " string not null; use another --lake or move the table away");
  }

  @Test
  void aLedgerOfANewerFormatIsNamedAndLeftAlone() throws Exception {
    Program.round(landingToLake());
    editLog("silver/events", "\\\"format\\\":1", "\\\"format\\\":99");
    assertRefusedAndUntouched(
        "silver/events: the ledger has format 99, this version of Clicklake knows format 1; run the"
            + " version that wrote it, or a newer one");
  }

  @Test
  void anUnknownTopicIsNamed() throws Exception {
    KafkaBroker broker = KafkaBroker.shared();

    assertThat(failure(1, topicToLake(broker, "no-such-topic")))
        .isEqualTo(
            "Reading topic no-such-topic at "
                + broker.bootstrapServers()
                + ": the broker has no such topic; create it or correct --topic");
    assertThat(lake).doesNotExist();
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamed() throws Exception {
    assertThat(
            failure(
                1,
                "--source=kafka",
                "--bootstrapServers=127.0.0.1:1",
                "--topic=clicks",
                "--lake=" + lake))
        .isEqualTo(
            "Reading topic clicks at 127.0.0.1:1: no broker answered within 15 s: nothing listens at 127.0.0.1:1; start the broker, or correct --bootstrapServers");
    assertThat(lake).doesNotExist();
  }

  @Test
  void aTopicMadeAnewUnderTheSameNameIsRefused() throws Exception {
    KafkaBroker broker = KafkaBroker.shared();
    String topic = broker.newTopic("faults", 1);
    send(broker, topic, 3);
    Program.round(topicToLake(broker, topic));
    String cluster = broker.clusterId();
    String known = broker.topicId(topic).toString();
    broker.deleteTopic(topic);
    String found = broker.createTopic(topic, 1, Map.of()).toString();
    send(broker, topic, 5);
    Map<String, Long> before = files(lake);

    assertThat(failure(1, topicToLake(broker, topic)))
        .isEqualTo(
            "Reading topic "
                + topic
                + " at "
                + broker.bootstrapServers()
                + ": the lake knows this topic as kafka:"
                + cluster
                + ":"
                + known
                + ", the broker has kafka:"
                + cluster
                + ":"
                + found
                + ": it was created anew or is another cluster's; give the topic another name, or"
                + " read it into a new lake");
    assertThat(files(lake)).isEqualTo(before);
  }

  @Test
  void offsetsThatRetentionRemovedBeforeTheyWereDecidedAreNamed() throws Exception {
    KafkaBroker broker = KafkaBroker.shared();
    String topic = broker.newTopic("faults", 1);
    send(broker, topic, 3);
    Program.round(topicToLake(broker, topic));
    send(broker, topic, 5);
    broker.deleteRecordsBefore(topic, 0, 6);
    Map<String, Long> before = files(lake);

    assertThat(failure(1, topicToLake(broker, topic)))
        .isEqualTo(
            "Reading topic "
                + topic
                + " at "
                + broker.bootstrapServers()
                + ": partition 0 has to be read from offset 3, but begins at 6: retention removed records before they were read, and bronze has not got them; start with --acceptGap to go on without the offsets {[3, 6)}, or read the topic into a new lake");
    assertThat(files(lake)).isEqualTo(before);
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLostOrDoubledWhenThereIsSpaceAgain() throws Exception {
    LandingProducer.withFilesOf(landing, 0, 5_000, Clock.systemUTC())
        .produce(ProducePlan.of(5, 20_000), RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    SequentialLake model =
        SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    boolean mounted = shell("mount -t tmpfs -o size=12m tmpfs " + disk) == 0;
    try {
      Path small = disk.resolve("lake");
      Path ballast = disk.resolve("ballast");
      String[] options = {"--landing=" + landing, "--lake=" + small};
      if (mounted) {
        Files.write(ballast, new byte[11 << 20]);
        assertThat(failure(1, options))
            .startsWith("cannot ")
            .contains(" " + small + "/")
            .endsWith(": the disk is full; free some space and start again, nothing is lost");
        Files.delete(ballast);
      } else {
        // Without the right to mount: files of at most 64 KiB.
        assertThat(
                failure(
                    1,
                    child -> child.under("sh", "-c", "ulimit -f 64; exec \"$0\" \"$@\""),
                    options))
            .startsWith("cannot ")
            .contains("File too large");
      }
      Program.round(options);
      model.assertHeldBy(small);
    } finally {
      if (mounted) {
        assertThat(shell("umount " + disk)).isZero();
      }
    }
  }

  @Test
  void aGoldTableThatCannotBeReadEndsARoundAndAJobThatRunsOn() throws Exception {
    Path table = Files.createDirectories(lake.resolve("gold")).resolve("events_per_minute");
    Files.writeString(table, "a file");
    String[] options = {"--landing=" + landing, "--lake=" + lake, "--refreshGold=500ms"};
    String fault =
        "cannot read the log of "
            + table
            + ": a part of this path is a file, not a folder; use another --lake";

    assertThat(failureOf(1, UnaryOperator.identity(), options)).isEqualTo(fault);
    assertThat(failure(1, options)).isEqualTo(fault);
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
  }

  /** Runs one round in a process of its own, which must fail with a single line. */
  private static String failure(int exitCode, String... options) throws IOException {
    return failure(exitCode, UnaryOperator.identity(), options);
  }

  private static String failure(
      int exitCode, UnaryOperator<ChildProcess.Builder> how, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--availableNow");
    return failureOf(exitCode, how, all.toArray(String[]::new));
  }

  /** Runs the job in a process of its own, which must fail with a single line. */
  private static String failureOf(
      int exitCode, UnaryOperator<ChildProcess.Builder> how, String... options) throws IOException {
    List<String> out = new ArrayList<>();
    try (ChildProcess child =
        how.apply(Program.process("stream", options))
            .standardOutputTo(out::add)
            // The program's own logging: tests have another on their class path.
            .flags("-Dlogback.configurationFile=logback.xml")
            .start()) {
      int code = child.waitFor(PATIENCE);
      List<String> lines = child.output();
      assertThat(lines).hasSize(1);
      assertThat(lines.get(0)).startsWith("clicklake: ");
      assertThat(code).isEqualTo(exitCode);
      return lines.get(0).substring("clicklake: ".length());
    }
  }

  private String[] strictly() {
    return Stream.concat(Stream.of(landingToLake()), Stream.of("--strictFiles"))
        .toArray(String[]::new);
  }

  private void editLog(String table, String old, String changed) throws IOException {
    boolean found = false;
    try (Stream<Path> log = Files.list(lake.resolve(table).resolve("_delta_log"))) {
      for (Path file : log.filter(Files::isRegularFile).toList()) {
        if (file.toString().endsWith(".json")) {
          String text = Files.readString(file);
          found |= text.contains(old);
          Files.writeString(file, text.replace(old, changed));
        } else {
          // Checksums of what is no more.
          Files.delete(file);
        }
      }
    }
    assertThat(found).as("%s in the log", old).isTrue();
  }

  private void assertRefusedAndUntouched(String line) throws IOException {
    Files.writeString(landing.resolve("more.ndjson"), "broken too\n");
    Map<String, Long> before = files(lake);

    assertThat(failure(1, landingToLake())).isEqualTo(line);
    assertThat(files(lake)).isEqualTo(before);
  }

  /** Every file's size, by path. */
  private static Map<String, Long> files(Path folder) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sizes.put(folder.relativize(file).toString(), Files.size(file));
      }
    }
    return sizes;
  }

  private static Map<String, Long> within(Map<String, Long> files, String prefix) {
    Map<String, Long> some = new TreeMap<>();
    files.forEach(
        (path, size) -> {
          if (path.startsWith(prefix)) {
            some.put(path.substring(prefix.length()), size);
          }
        });
    return some;
  }

  private static void send(KafkaBroker broker, String topic, int records) {
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      all.add(new ProducerRecord<>(topic, 0, null, "broken".getBytes(UTF_8)));
    }
    broker.produce(all);
  }

  private String[] landingToLake() {
    return new String[] {"--landing=" + landing, "--lake=" + lake};
  }

  private String[] topicToLake(KafkaBroker broker, String topic) {
    return new String[] {
      "--source=kafka",
      "--bootstrapServers=" + broker.bootstrapServers(),
      "--topic=" + topic,
      "--lake=" + lake
    };
  }

  private static int shell(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command + " 2>/dev/null").start().waitFor();
  }
}
