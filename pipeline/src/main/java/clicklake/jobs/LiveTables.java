package clicklake.jobs;

import clicklake.io.delta.GoldLake;
import clicklake.io.delta.GoldPlan;
import clicklake.io.delta.LakeException;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.GoldTable;
import clicklake.schemas.table.GoldTables;
import clicklake.transforms.gold.Marts;
import clicklake.transforms.gold.RefreshInMemory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the live tables within seconds of silver.
 *
 * <p>What was committed to silver since the live tables' own version of it is added to the minutes
 * it falls into, and that version is committed with the rows. So a minute's figures are a function
 * of silver: another copy of the job, a kill at any moment, a replay or a restart elsewhere change
 * nothing about them, and a figure never falls back.
 */
final class LiveTables {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTables.class);

  /** Number of the definitions in docs/METRICS.md. */
  private static final String RULES = "1 lateness ";

  /** Of ten parts of one processor's time, live tables take one at the most. */
  private static final int REST = 9;

  private final GoldLake lake;
  private final GoldRefresh refresh;
  private final Duration every;
  private final RefreshInMemory work;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * @param lake absolute path of the lake
   * @param lateness how long after a minute's end its events are counted
   * @param every the pause between two refreshes of {@link #run}, at least; null for none
   */
  LiveTables(String lake, Duration lateness, @Nullable Duration every) {
    this.lake = GoldLake.at(lake);
    this.refresh = new GoldRefresh(this.lake, GoldTables.LIVE, RULES + lateness);
    this.every = every == null ? Duration.ZERO : every;
    this.work =
        new RefreshInMemory(
            Marts.of(lateness), this.lake.tableRows(), this.lake.files(Clock.systemUTC()));
  }

  /** The lateness that rules name; zero if they are not those of live tables. */
  static Duration lateness(String rules) {
    return rules.startsWith(RULES)
        ? Duration.parse(rules.substring(RULES.length()))
        : Duration.ZERO;
  }

  /**
   * Refreshes once.
   *
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  void refresh() {
    refresh.run(this::carryOut);
  }

  private void carryOut(GoldPlan plan) {
    Map<String, List<DataFile.Content>> written = work.refreshByDate(plan.inputs(), plan.work());
    for (GoldTable table : GoldTables.LIVE) {
      lake.commit(plan, table.schema(), written.getOrDefault(table.path(), List.of()));
    }
  }

  /** Refreshes again and again until {@link #stop()} or an interrupt. */
  void run() {
    Duration pause;
    do {
      long start = System.nanoTime();
      refresh();
      Duration rest = Duration.ofNanos(System.nanoTime() - start).multipliedBy(REST);
      pause = rest.compareTo(every) > 0 ? rest : every;
      LOG.debug("the live tables are refreshed; next in {}", pause);
    } while (!stoppedWithin(pause));
  }

  private boolean stoppedWithin(Duration pause) {
    try {
      return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends {@link #run()} after the refresh that is under way. */
  void stop() {
    stopped.countDown();
  }
}
