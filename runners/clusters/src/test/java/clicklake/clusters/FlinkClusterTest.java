package clicklake.clusters;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.io.testing.BuiltFile;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.FlinkCluster;
import clicklake.io.testing.KafkaBroker;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.SourcePartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RUNNER = "FlinkRunner";

  private static final KafkaBroker broker = KafkaBroker.shared();
  private static final FlinkCluster cluster = FlinkCluster.startNew(2);

  private final Path jar = BuiltFile.at("runners/flink/target/clicklake-flink.jar");
  @TempDir Path folder;
  private Path lake;

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void nameALake() {
    lake = folder.resolve("lake");
  }

  @AfterEach
  void freeTheSlots() {
    cluster.cancelJobs();
  }

  @Test
  void flinkRunBringsFilesToTheLakeOnce() throws Exception {
    Path landing = folder.resolve("landing");
    Outcome expected = Shoppers.land(landing, 1, 20_000);
    StreamArguments stream =
        StreamArguments.ofLanding(RUNNER, landing, lake).with("--availableNow", "--parallelism=4");

    flinkRun(stream);
    assertThat(Outcome.verified(lake)).isEqualTo(expected);

    flinkRun(stream);
    assertThat(Outcome.verified(lake)).as("after a second run").isEqualTo(expected);
  }

  @Test
  void flinkRunBringsATopicToALakeInAnObjectStore() throws Exception {
    String topic = broker.newTopic("flink-run", Shoppers.PARTITIONS);
    Outcome expected = Shoppers.send(broker, topic, 2, 20_000);

    flinkRun(
        StreamArguments.ofTopic(RUNNER, broker, topic, lake)
            .with("--availableNow", "--parallelism=4")
            .inStore());

    assertThat(Outcome.verified(lake)).isEqualTo(expected);
  }

  @Test
  void theCommandLineHandsTheJarToTheClusterByItself() throws Exception {
    Path landing = folder.resolve("landing");
    Outcome expected = Shoppers.land(landing, 3, 10_000);

    CommandLineTool.Result result =
        CommandLineTool.run(
            folder,
            StreamArguments.ofLanding(RUNNER, landing, lake)
                .with("--availableNow", "--parallelism=4", "--flinkMaster=" + cluster.address()),
            PATIENCE);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Outcome.verified(lake)).isEqualTo(expected);
  }

  @Test
  void sigtermToTheCommandLineCancelsTheJobOnTheCluster() throws Exception {
    Path landing = folder.resolve("landing");
    Outcome expected = Shoppers.land(landing, 5, 5_000);
    Process client =
        CommandLineTool.start(
            folder,
            StreamArguments.ofLanding(RUNNER, landing, lake)
                .with("--parallelism=2", "--flinkMaster=" + cluster.address()));
    try {
      Awaitility.await("everything in the lake, by a job that goes on")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                assertThat(client.isAlive()).as(CommandLineTool.output(folder)).isTrue();
                return Outcome.decided(lake) >= expected.bronze();
              });
      String job = running();

      client.destroy();

      assertThat(client.waitFor(10, TimeUnit.SECONDS)).as(CommandLineTool.output(folder)).isTrue();
      assertThat(client.exitValue()).as(CommandLineTool.output(folder)).isZero();
      assertThat(cluster.jobs()).containsEntry(job, "CANCELED");
    } finally {
      client.destroyForcibly();
    }
    assertThat(Outcome.verified(lake)).isEqualTo(expected);
  }

  @Test
  void aKilledTaskManagerCostsNothingButTime() throws Exception {
    String topic = broker.newTopic("flink-loss", Shoppers.PARTITIONS);
    CompletableFuture<Outcome> load = Shoppers.sendSteadily(broker, topic, 4, 40_000, 2_000);
    StreamArguments stream =
        StreamArguments.ofTopic(RUNNER, broker, topic, lake).with("--parallelism=4");
    try (ChildProcess client = cluster.run(jar, stream.array()).start()) {
      awaitDecided(5_000, client);
      Awaitility.await("something of every partition in the lake")
          .atMost(PATIENCE)
          .until(() -> covered().size() == Shoppers.PARTITIONS && !covered().containsValue(0L));
      String job = running();
      Map<Integer, Long> before = covered();

      // All four slots are in use: both taskmanagers run a part of the job.
      cluster.killTaskManager();
      ChildProcess replacement = cluster.startTaskManager();

      Outcome expected = load.join();
      awaitDecided(expected.bronze(), client);
      Awaitility.await("the tasks' second start")
          .atMost(PATIENCE)
          .until(() -> cluster.restarts(job) > 0);
      assertThat(running()).isEqualTo(job);
      assertThat(startsOfReaders(replacement))
          .as("where the new taskmanager began to read; the lake had %s", before)
          .isNotEmpty()
          .allSatisfy(
              (partition, offset) ->
                  assertThat(offset).isGreaterThanOrEqualTo(before.get(partition)));
      cluster.cancelJobs();
    }

    assertThat(Outcome.verified(lake)).isEqualTo(load.join());
  }

  /** The first offset that the lake does not cover, by partition. */
  private Map<Integer, Long> covered() {
    LakeCoverage.View view = EventLake.at(LakeLocation.of(lake)).coverage().read();
    return view.silver().keySet().stream().collect(toMap(SourcePartition::number, view::next));
  }

  /** The lowest offset at which a taskmanager's readers began, by partition. */
  private static Map<Integer, Long> startsOfReaders(ChildProcess taskManager) {
    Pattern start = Pattern.compile("KafkaReader .*/(\\d+) read from (\\d+)");
    return taskManager.output().stream()
        .map(start::matcher)
        .filter(Matcher::find)
        .collect(
            toMap(
                found -> Integer.valueOf(found.group(1)),
                found -> Long.valueOf(found.group(2)),
                Math::min));
  }

  private void flinkRun(StreamArguments stream) {
    try (ChildProcess client = cluster.run(jar, stream.array()).start()) {
      assertThat(client.waitFor(PATIENCE)).as("exit code, %s", client.output()).isZero();
    }
  }

  private static String running() {
    List<String> running =
        cluster.jobs().entrySet().stream()
            .filter(job -> job.getValue().equals("RUNNING"))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(running).hasSize(1);
    return running.get(0);
  }

  private void awaitDecided(long records, ChildProcess client) {
    Awaitility.await(records + " records decided")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              assertThat(client.isAlive()).as("client alive, %s", client.output()).isTrue();
              return Outcome.decided(lake) >= records;
            });
  }
}
