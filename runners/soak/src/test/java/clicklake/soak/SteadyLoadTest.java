package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import clicklake.produce.RateLimiter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events come for minutes, as fast as a busy shop's. */
class SteadyLoadTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int WARM_UP = 20_000;
  private static final int LOOKS = 12;

  /** A lag above this is not what {@code commitEvery} promises. */
  private static final double MOST_LAG_SECONDS = 15;

  private static final double MOST_LAG_SECONDS_BEHIND_STORE = 10;

  /** Of S3 Standard in us-east-1, in USD: puts, posts and listings, and all other requests. */
  private static final double PRICE_OF_THOUSAND_WRITES = 0.005;

  private static final double PRICE_OF_THOUSAND_READS = 0.0004;

  /**
   * What the ids of one event may take in memory: 33 bytes a slot in the cache of silver's ids and
   * as much among the recent commits', in tables that may be half empty.
   */
  private static final long BYTES_PER_EVENT = 132;

  /** Of buffers and caches that happen to be there at one look and not at another. */
  private static final long MEBIBYTES_OF_CHANCE = 48;

  /** A bundle of each of two workers, of each of two dates and another for late events. */
  private static final double MOST_FILES_PER_COMMIT = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"FlinkRunner", "SparkRunner"})
  void lagMemoryAndFilesStayWhatTheyAre(String runner) {
    measure(new Report(runner + ", steady load"), runner, Measure.RATE, null, MOST_LAG_SECONDS);
  }

  @Test
  void aLakeInAStoreFarAwayLagsLittleMore() {
    try (FaultProxy store =
        new FaultProxy(ObjectStore.ofTemporaryFolders(), 0, 0).delayedBy(Measure.STORE_DELAY)) {
      Report report =
          new Report(
              "FlinkRunner, a lake in a store with "
                  + Measure.STORE_DELAY.toMillis()
                  + " ms before each request");
      measure(report, "FlinkRunner", Measure.RATE_TO_STORE, store, MOST_LAG_SECONDS_BEHIND_STORE);
      reportRequests(report, store.requests());
    }
  }

  private void reportRequests(Report report, Map<FaultProxy.Kind, Integer> requests) {
    List<DeltaLog.Commit> bronze = DeltaLog.commits(folder.resolve("lake/bronze/events"));
    double hours =
        (bronze.get(bronze.size() - 1).millis() - bronze.get(0).millis()) / (3600.0 * 1000);
    int calls = requests.values().stream().mapToInt(Integer::intValue).sum();
    double writes = 0;
    double reads = 0;
    for (Map.Entry<FaultProxy.Kind, Integer> kind : requests.entrySet()) {
      switch (kind.getKey()) {
        case PUT, POST, LIST -> writes += kind.getValue();
        case GET, HEAD -> reads += kind.getValue();
        case DELETE -> {
          // Free.
        }
      }
    }
    double price =
        writes / 1000 * PRICE_OF_THOUSAND_WRITES + reads / 1000 * PRICE_OF_THOUSAND_READS;
    report.line(
        "%,d requests %s, %.1f for each commit of bronze with all that follows it, USD %.2f an hour",
        calls, requests, calls / (double) bronze.size(), price / hours);
  }

  private void measure(
      Report report, String runner, int rate, @Nullable FaultProxy store, double mostLag) {
    try (KafkaBroker broker = KafkaBroker.startNew()) {
      Load load = new Load(broker);
      String[] options =
          Measure.COMMIT_EVERY.isEmpty()
              ? new String[0]
              : new String[] {"--commitEvery=" + Measure.COMMIT_EVERY};
      try (Job job =
          Job.start(runner, broker, load.topic(), folder, Measure.HEAP, store, options)) {
        load.send(WARM_UP, RateLimiter.UNLIMITED);
        job.awaitDecided(WARM_UP, PATIENCE);
        long begin = System.currentTimeMillis();
        double cpu = job.cpuSeconds();
        long records = Measure.DURATION.toSeconds() * rate;
        List<MemoryWatch.Sample> samples;
        try (MemoryWatch watch =
            new MemoryWatch(job, Math.max(1, Measure.DURATION.toSeconds() / LOOKS), report)) {
          load.send(records, RateLimiter.of(rate));
          job.awaitDecided(load.sent().records(), PATIENCE);
          samples = watch.samples();
        }
        report.line(
            "%,d records in %.0f s, %.1f CPU-s",
            records, (System.currentTimeMillis() - begin) / 1000.0, job.cpuSeconds() - cpu);
        assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();

        reportCommitTimes(report, job);
        Figures lag = lag(begin, report, "bronze/events");
        Figures silver = lag(begin, report, "silver/events");
        assertThat(lag.at(0.99)).as("lag of bronze").isLessThan(mostLag);
        assertThat(silver.at(0.99)).as("lag of silver").isLessThan(mostLag);
        for (String table : List.of("bronze/events", "silver/events", "quarantine/events")) {
          requireFewFiles(report, table);
        }
        requireFlat(samples);
      }
      Proof.require(folder.resolve("lake"), load.sent());
    }
  }

  private void reportCommitTimes(Report report, Job job) {
    CommitTimes times = CommitTimes.of(job.process());
    report.line("commits of bronze take %s", times.of("bronze/events").tails("ms"));
    report.line("commits of silver take %s", times.of("silver/events").tails("ms"));
  }

  /** Commit time minus arrival, of every row that arrived since a moment, in seconds. */
  private Figures lag(long since, Report report, String table) {
    List<Float> lags = new ArrayList<>();
    for (DeltaLog.Commit commit : DeltaLog.commits(folder.resolve("lake").resolve(table))) {
      DeltaLog.arrivals(
          commit,
          arrival -> {
            if (arrival >= since) {
              lags.add((commit.millis() - arrival) / 1000f);
            }
          });
    }
    Figures figures = Figures.of(lags);
    report.line("lag of %s over %,d rows: %s", table, figures.count(), figures.tails("s"));
    return figures;
  }

  private void requireFewFiles(Report report, String table) {
    List<DeltaLog.Commit> commits = DeltaLog.commits(folder.resolve("lake").resolve(table));
    Figures files = Figures.of(commits.stream().map(commit -> commit.files().size()).toList());
    Figures dates = Figures.of(commits.stream().map(DeltaLog.Commit::dates).toList());
    long first = commits.get(0).millis();
    long last = commits.get(commits.size() - 1).millis();
    report.line(
        "%s: %d commits, one in %.1f s, %.1f files (at most %.0f) of %.1f dates",
        table,
        commits.size(),
        (last - first) / 1000.0 / Math.max(1, commits.size() - 1),
        files.mean(),
        files.most(),
        dates.mean());
    assertThat(files.mean()).as("files per commit of %s", table).isLessThan(MOST_FILES_PER_COMMIT);
  }

  /** From the second third of the looks to the last, only the ids of events may add up. */
  private static void requireFlat(List<MemoryWatch.Sample> samples) {
    int third = samples.size() / 3;
    assertThat(third).as("looks in a third").isPositive();
    List<MemoryWatch.Sample> second = samples.subList(third, 2 * third);
    List<MemoryWatch.Sample> last = samples.subList(2 * third, 3 * third);
    double events = decided(last) - decided(second);
    assertThat(live(last))
        .as("live heap in MiB, of looks %s", samples)
        .isLessThan(
            live(second) + MEBIBYTES_OF_CHANCE + events * BYTES_PER_EVENT / (double) (1 << 20));
  }

  private static double live(List<MemoryWatch.Sample> samples) {
    return Figures.of(samples.stream().map(MemoryWatch.Sample::liveMebibytes).toList()).median();
  }

  private static double decided(List<MemoryWatch.Sample> samples) {
    return Figures.of(samples.stream().map(MemoryWatch.Sample::decided).toList()).median();
  }
}
