package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.delta.LongLog;
import clicklake.io.testing.KafkaBroker;
import clicklake.produce.RateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of a thousand commits. */
class LongLogTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int RECORDS_PER_SECOND = 1000;

  /** How much longer a late commit may take than an early one; noise is a factor of two. */
  private static final double MOST_SLOWER = 3;

  private static final int VERSIONS = 20_000;
  private static final int FILES_PER_COMMIT = 40;

  /** How much later the first row may come, in seconds. */
  private static final double MOST_LATER = 5;

  @TempDir Path folder;

  @Test
  void theThousandthCommitTakesNoLongerThanTheHundredth() {
    Report report = new Report("FlinkRunner, long log");
    try (KafkaBroker broker = KafkaBroker.startNew()) {
      Load load = new Load(broker);
      try (Job job =
          Job.start(
              "FlinkRunner",
              broker,
              load.topic(),
              folder,
              Measure.HEAP,
              "--commitEvery=100ms",
              "--maxBundleTimeMills=50")) {
        long begin = System.nanoTime();
        long sent = 0;
        while (commits(job) < Measure.COMMITS * 6 / 5) {
          job.requireAlive();
          load.send(10L * RECORDS_PER_SECOND, RateLimiter.of(RECORDS_PER_SECOND));
          sent += 10L * RECORDS_PER_SECOND;
        }
        job.awaitDecided(sent, PATIENCE);
        report.line(
            "%d commits of silver in %.0f s", commits(job), (System.nanoTime() - begin) / 1e9);
        assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();
        CommitTimes times = CommitTimes.of(job.process());
        for (String table : List.of("bronze/events", "silver/events")) {
          requireFlatTimes(report, table, times);
          requireFlatLedger(report, table);
        }
      }
      Proof.require(folder.resolve("lake"), load.sent());
    }
  }

  /** As long as a month of commits makes it, of files that were joined long ago. */
  @Test
  void aJobStartsOnALogOfTwentyThousandCommitsAsSoonAsOnAShortOne() {
    Report report = new Report("FlinkRunner, start on a long log");
    try (KafkaBroker broker = KafkaBroker.startNew()) {
      Load load = new Load(broker);
      double first = secondsToFirstRow(broker, load, 0);
      double shortLog = secondsToFirstRow(broker, load, 1);
      LongLog.grow(folder.resolve("lake"), VERSIONS, FILES_PER_COMMIT);
      double longLog = secondsToFirstRow(broker, load, 2);
      report.line(
          "%.1f s to the first row of a lake, %.1f s of a second job, %.1f s after %d commits of"
              + " %d files",
          first, shortLog, longLog, VERSIONS, FILES_PER_COMMIT);
      assertThat(longLog).as("seconds to the first row").isLessThan(shortLog + MOST_LATER);
      Proof.require(folder.resolve("lake"), load.sent());
    }
  }

  private double secondsToFirstRow(KafkaBroker broker, Load load, int before) {
    load.send(RECORDS_PER_SECOND, RateLimiter.of(RECORDS_PER_SECOND));
    long begin = System.nanoTime();
    try (Job job = Job.start("FlinkRunner", broker, load.topic(), folder, Measure.LITTLE_HEAP)) {
      job.awaitDecided((before + 1L) * RECORDS_PER_SECOND, PATIENCE);
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();
      return seconds;
    }
  }

  private static long commits(Job job) {
    return job.process().output().stream().filter(line -> line.contains("silver/events:")).count();
  }

  private static void requireFlatTimes(Report report, String table, CommitTimes times) {
    List<Double> medians = new ArrayList<>();
    for (int version = 10; version <= Measure.COMMITS; version *= 10) {
      Figures around = times.around(table, version);
      medians.add(around.median());
      report.line(
          "%s, commits around version %d: median %.0f ms, p99 %.0f ms",
          table, version, around.median(), around.at(0.99));
    }
    // The first commits include the JVM's warming up, and say nothing.
    assertThat(medians.get(medians.size() - 1))
        .as("median commit of %s, in ms", table)
        .isLessThan(MOST_SLOWER * Math.max(5, medians.get(1)));
  }

  private void requireFlatLedger(Report report, String table) {
    List<DeltaLog.Commit> commits = DeltaLog.commits(folder.resolve("lake").resolve(table));
    int early = largestLedger(commits.subList(0, 100));
    int late = largestLedger(commits.subList(commits.size() - 100, commits.size()));
    report.line("%s: ledger of %d bytes at first, of %d at last", table, early, late);
    // Offsets get longer by some digits.
    assertThat(late).as("bytes of the ledger of %s", table).isLessThan(2 * early);
  }

  private static int largestLedger(List<DeltaLog.Commit> commits) {
    return commits.stream().mapToInt(DeltaLog.Commit::ledgerBytes).max().orElseThrow();
  }
}
