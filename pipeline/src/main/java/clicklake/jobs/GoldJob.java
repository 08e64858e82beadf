package clicklake.jobs;

import clicklake.io.lake.DeltaTables;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.refresh.LocalRefresh;
import clicklake.transforms.gold.table.GoldTable;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the gold tables to what silver says: once, or again and again.
 *
 * <p>Each refresh adds to the tables what silver gained up to one version, and commits that version
 * with them. It may be killed at any moment, and any number of them may run at once.
 */
public final class GoldJob implements Follower {
  private static final Logger LOG = LoggerFactory.getLogger(GoldJob.class);
  private static final List<GoldTable> TABLES = Aggregations.EXACT;

  /** Version of the definitions in docs/METRICS.md: raising it forces a full recompute. */
  private static final String RULES = "1";

  /** The live tables are not refreshed here, so their settings do not matter. */
  private static final Aggregations MARTS = Aggregations.of(Duration.ZERO);

  private final PipelineOptions options;
  private final GoldLake lake;
  private final RefreshLoop refresh;
  private final LakeLocation location;
  private final @Nullable LiveTables live;
  private final @Nullable Follower shown;
  private final long small;
  private final @Nullable Duration every;
  private final Clock clock;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long due = System.nanoTime();
  private volatile @Nullable GoldReport latest;

  /**
   * @param options Beam's options, which name the runner; they are left as they are
   * @param live the live tables, to be refreshed as well; null if they are another's business
   * @param shown what shows the tables, to be refreshed behind them; null if nothing does, or it is
   *     another's business
   * @param small in bytes: a refresh that reads no more is done in the caller's thread, before the
   *     runner would have started
   * @param every the pause between two refreshes; null for one refresh
   * @param clock for births of files; must be serializable
   */
  public GoldJob(
      PipelineOptions options,
      LakeLocation lake,
      @Nullable LiveTables live,
      @Nullable Follower shown,
      long small,
      @Nullable Duration every,
      Clock clock) {
    this.options = options;
    this.lake = GoldLake.of(DeltaTables.at(lake));
    this.refresh = new RefreshLoop(this.lake, TABLES, RULES);
    this.location = lake;
    this.live = live;
    this.shown = shown;
    this.small = small;
    this.every = every;
    this.clock = clock;
  }

  /**
   * Refreshes once, or until {@link #stop()} or an interrupt.
   *
   * @return what the last refresh did
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  public GoldReport run() {
    GoldReport report = refreshAll();
    while (every != null && !stoppedWithin(every)) {
      report = refreshAll();
    }
    return report;
  }

  @Override
  public void follow() {
    run();
  }

  @Override
  public void refreshIfDue() {
    if (System.nanoTime() - due >= 0) {
      refresh();
    }
  }

  @Override
  public void refresh() {
    refreshAll();
    due = System.nanoTime() + (every == null ? 0 : every.toNanos());
  }

  /** Ends {@link #run()} after the refresh that is under way. */
  @Override
  public void stop() {
    stopped.countDown();
  }

  @Override
  public void print(PrintStream out) {
    GoldReport report = latest;
    if (report != null) {
      CountsTable.print(out, report);
    }
  }

  private boolean stoppedWithin(Duration pause) {
    try {
      return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private GoldReport refreshAll() {
    GoldReport report = bringUpToDate();
    if (live != null) {
      live.refresh();
    }
    if (shown != null) {
      shown.refresh();
    }
    latest = report;
    return report;
  }

  private GoldReport bringUpToDate() {
    Optional<RefreshPlan> plan = refresh.run(this::carryOut);
    if (plan.isEmpty()) {
      LOG.info(
          "{}: there is no silver table yet, so nothing to refresh; run stream first", location);
      return new GoldReport(-1, Set.of(), Map.of());
    }
    GoldReport report = report(plan.get());
    LOG.info(
        "gold refreshed to silver version {}; dates changed: {}",
        report.silverVersion(),
        report.dates().size());
    return report;
  }

  private void carryOut(RefreshPlan plan) {
    if (plan.inputs().isEmpty() || bytes(plan) <= small) {
      lake.commit(
          plan,
          TABLES,
          new LocalRefresh(MARTS, lake.tableRows(), lake.files(clock))
              .refresh(plan.inputs(), plan.spec()));
      return;
    }
    BoundedRun.run(options, new RunPlan(plan, TABLES, MARTS, lake, lake, clock));
  }

  private static long bytes(RefreshPlan plan) {
    return plan.inputs().stream()
        .flatMap(input -> input.files().stream())
        .mapToLong(DataFile::sizeBytes)
        .sum();
  }

  private GoldReport report(RefreshPlan plan) {
    Map<String, Long> rows =
        TABLES.stream()
            .collect(Collectors.toMap(GoldTable::path, table -> lake.rows(table.schema())));
    return new GoldReport(plan.silverVersion(), plan.dates(), rows);
  }
}
