package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.Pace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    load.send(Measure.WAITING, Pace.UNLIMITED);
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SparkRunner", "FlinkRunner", "DirectRunner"})
  void everythingThatWaitsComesToTheLake(String runner, @TempDir Path folder) {
    Report report = new Report(runner + ", -Xmx" + Measure.LITTLE_HEAP);
    try (Job job =
        Job.start(
            runner, broker, load.topic(), folder, Measure.LITTLE_HEAP, "--availableNow")) {
      long begin = System.nanoTime();
      assertThat(job.process().waitFor(PATIENCE)).as("exit code, %s", job.tail()).isZero();
      report.line(
          "%,d records in %.0f s; %s",
          Measure.WAITING, (System.nanoTime() - begin) / 1e9, job.collections());
    }
    Proof.require(folder.resolve("lake"), load.sent());
  }
}
