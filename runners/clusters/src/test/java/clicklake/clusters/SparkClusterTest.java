package clicklake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.BuiltFile;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.SparkCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkClusterTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RUNNER = "SparkRunner";

  private static final KafkaBroker broker = KafkaBroker.shared();
  private static final SparkCluster cluster = SparkCluster.startNew(2);

  private final Path jar = BuiltFile.at("runners/spark/target/clicklake-spark.jar");
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

  @Test
  void sparkSubmitBringsFilesToTheLakeOnce() throws Exception {
    Path landing = folder.resolve("landing");
    Outcome expected = Shoppers.land(landing, 1, 20_000);
    StreamArguments stream =
        StreamArguments.ofLanding(RUNNER, landing, lake).with("--availableNow");

    submit(stream);
    assertThat(Outcome.verified(lake)).isEqualTo(expected);

    submit(stream);
    assertThat(Outcome.verified(lake)).as("after a second run").isEqualTo(expected);
  }

  @Test
  void sparkSubmitBringsATopicToALakeInAnObjectStore() throws Exception {
    String topic = broker.newTopic("spark-submit", Shoppers.PARTITIONS);
    Outcome expected = Shoppers.send(broker, topic, 2, 20_000);

    submit(StreamArguments.ofTopic(RUNNER, broker, topic, lake).with("--availableNow").inStore());

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
                .with("--availableNow", "--sparkMaster=" + cluster.address()),
            PATIENCE);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Outcome.verified(lake)).isEqualTo(expected);
  }

  @Test
  void aKilledWorkerCostsNothingButTime() throws Exception {
    String topic = broker.newTopic("spark-loss", Shoppers.PARTITIONS);
    CompletableFuture<Outcome> load = Shoppers.sendSteadily(broker, topic, 4, 40_000, 2_000);
    StreamArguments stream = StreamArguments.ofTopic(RUNNER, broker, topic, lake);
    try (ChildProcess driver = cluster.submit(jar, stream.array()).start()) {
      awaitDecided(5_000, driver);
      cluster.killWorkerWithExecutor();
      cluster.startWorker();

      awaitDecided(load.join().bronze(), driver);
      driver.terminate();
      assertThat(driver.waitFor(PATIENCE)).as("exit code, %s", driver.output()).isZero();
    }

    assertThat(Outcome.verified(lake)).isEqualTo(load.join());
  }

  private void submit(StreamArguments stream) {
    try (ChildProcess driver = cluster.submit(jar, stream.array()).start()) {
      assertThat(driver.waitFor(PATIENCE)).as("exit code, %s", driver.output()).isZero();
    }
  }

  private void awaitDecided(long records, ChildProcess driver) {
    Awaitility.await(records + " records decided")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              assertThat(driver.isAlive()).as("driver alive, %s", driver.output()).isTrue();
              return Outcome.decided(lake) >= records;
            });
  }
}
