package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.RateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job costs while nothing comes. */
class IdleTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int RECORDS = 20_000;

  /** Time for the JVM's compiler to come to an end. */
  private static final Duration SETTLE = Duration.ofSeconds(30);

  @TempDir Path folder;

  /** A tenth of one core; the DirectRunner asks its readers without a pause, and may have half. */
  @ParameterizedTest
  @CsvSource({"FlinkRunner, 6", "SparkRunner, 6", "DirectRunner, 30"})
  void aMinuteOfWaitingCostsLittle(String runner, double mostCpuSeconds) {
    Report report = new Report(runner + ", idle");
    try (KafkaBroker broker = KafkaBroker.startNew()) {
      Load load = new Load(broker);
      try (Job job = Job.start(runner, broker, load.topic(), folder, Measure.HEAP)) {
        load.send(RECORDS, RateLimiter.UNLIMITED);
        job.awaitDecided(RECORDS, PATIENCE);
        letRun(job, SETTLE);
        double before = job.cpuSeconds();
        letRun(job, Duration.ofMinutes(1));
        double cpu = job.cpuSeconds() - before;
        report.line(
            "%.1f CPU-s in a minute, live heap %d MiB, resident %d MiB",
            cpu, job.liveMebibytes(), job.residentMebibytes());
        assertThat(cpu).as("CPU-seconds").isLessThan(mostCpuSeconds);
        assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();
      }
      Proof.require(folder.resolve("lake"), load.sent());
    }
  }

  /** Lets the job run; it must not end meanwhile. */
  private static void letRun(Job job, Duration time) {
    try {
      ProcessHandle.of(job.process().pid())
          .orElseThrow()
          .onExit()
          .get(time.toMillis(), TimeUnit.MILLISECONDS);
      job.requireAlive();
    } catch (TimeoutException stillRunning) {
      job.requireAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
