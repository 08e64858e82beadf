package clicklake.jobs;

import clicklake.io.lake.DeltaTables;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.refresh.LocalRefresh;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the live tables within seconds of silver.
 *
 * <p>What was committed to silver since the live tables' own version of it is added to the minutes
 * it falls into, and that version is committed with the rows. So a minute's figures are a function
 * of silver: another copy of the job, a kill at any moment, a replay or a restart elsewhere change
 * nothing about them, and a figure never falls back.
 */
public final class LiveTables implements Follower {
  /** Number of the definitions in docs/METRICS.md. */
  private static final String RULES = "1 lateness ";

  /** Of ten parts of one processor's time, live tables take one at the most. */
  private static final int REST = 9;

  private final GoldLake lake;
  private final RefreshLoop refresh;
  private final Duration every;
  private final LocalRefresh work;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long due = System.nanoTime();

  /**
   * @param lateness how long after a minute's end its events are counted
   * @param every the pause between two refreshes of {@link #follow}, at least
   */
  public LiveTables(LakeLocation lake, Duration lateness, Duration every) {
    this.lake = GoldLake.of(DeltaTables.at(lake));
    this.refresh = new RefreshLoop(this.lake, Aggregations.LIVE, RULES + lateness);
    this.every = every;
    this.work =
        new LocalRefresh(
            Aggregations.of(lateness), this.lake.tableRows(), this.lake.files(Clock.systemUTC()));
  }

  /** The lateness that rules name; zero if they are not those of live tables. */
  static Duration lateness(String rules) {
    return rules.startsWith(RULES)
        ? Duration.parse(rules.substring(RULES.length()))
        : Duration.ZERO;
  }

  @Override
  public void refresh() {
    refresh.run(this::carryOut);
  }

  private void carryOut(RefreshPlan plan) {
    lake.commit(plan, Aggregations.LIVE, work.refreshByDate(plan.inputs(), plan.spec()));
  }

  @Override
  public void refreshIfDue() {
    if (System.nanoTime() - due >= 0) {
      refreshAndRest();
    }
  }

  @Override
  public void follow() {
    do {
      refreshAndRest();
    } while (!stoppedWithin(due - System.nanoTime()));
  }

  private void refreshAndRest() {
    long start = System.nanoTime();
    refresh();
    long end = System.nanoTime();
    due = end + Math.max(every.toNanos(), REST * (end - start));
  }

  private boolean stoppedWithin(long nanos) {
    try {
      return stopped.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
  }
}
