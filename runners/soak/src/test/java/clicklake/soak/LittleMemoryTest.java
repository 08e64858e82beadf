package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.RateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Far more waits for the job than its memory holds at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LittleMemoryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final KafkaBroker broker = KafkaBroker.startNew();
  private final Load load = new Load(broker);

  @BeforeAll
  void sendEverything() {
    load.send(Measure.WAITING, RateLimiter.UNLIMITED);
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SparkRunner", "FlinkRunner", "DirectRunner"})
  void everythingThatWaitsComesToTheLake(String runner, @TempDir Path folder) {
    Report report = new Report(runner + ", -Xmx" + Measure.LITTLE_HEAP);
    try (Job job = Job.start(runner, broker, load.topic(), folder, Measure.LITTLE_HEAP)) {
      long begin = System.nanoTime();
      job.awaitDecided(Measure.WAITING, PATIENCE);
      report.line(
          "%,d records in %.0f s, %.1f CPU-s, %s, live heap %d MiB",
          Measure.WAITING,
          (System.nanoTime() - begin) / 1e9,
          job.cpuSeconds(),
          job.collections(),
          job.liveMebibytes());
      assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();
    }
    Proof.require(folder.resolve("lake"), load.sent());
  }
}
