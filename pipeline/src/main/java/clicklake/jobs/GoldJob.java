package clicklake.jobs;

import clicklake.io.delta.GoldLake;
import clicklake.io.delta.GoldPlan;
import clicklake.io.delta.LakeException;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.MinuteMart;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.util.common.ReflectHelpers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the gold tables to what silver says: once, or again and again.
 *
 * <p>Each refresh computes the touched dates from one version of silver and commits that version
 * with them. It may be killed at any moment, and any number of them may run at once.
 */
public final class GoldJob {
  private static final Logger LOG = LoggerFactory.getLogger(GoldJob.class);
  private static final int ATTEMPTS = 10;
  private static final List<TableSchema> TABLES =
      Arrays.stream(MinuteMart.values()).map(MinuteMart::table).toList();

  private final PipelineOptions options;
  private final GoldLake lake;
  private final String root;
  private final @Nullable Duration every;
  private final Clock clock;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile @Nullable GoldReport latest;

  /**
   * @param options Beam's options, which name the runner; they are left as they are
   * @param lake absolute path of the lake
   * @param every the pause between two refreshes; null for one refresh
   * @param clock for births of files; must be serializable
   */
  public GoldJob(PipelineOptions options, String lake, @Nullable Duration every, Clock clock) {
    this.options = bounded(options);
    this.lake = GoldLake.at(lake);
    this.root = lake;
    this.every = every;
    this.clock = clock;
  }

  /**
   * A copy of the options for a bounded pipeline: runners write into theirs, Flink's that it
   * streams, which costs a small bounded pipeline more than its work.
   */
  private static PipelineOptions bounded(PipelineOptions options) {
    ObjectMapper json =
        new ObjectMapper()
            .registerModules(ObjectMapper.findModules(ReflectHelpers.findClassLoader()));
    try {
      PipelineOptions copy = json.readValue(json.writeValueAsBytes(options), PipelineOptions.class);
      copy.as(StreamingOptions.class).setStreaming(false);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("copy the runner's options", e);
    }
  }

  /**
   * Refreshes once, or until {@link #stop()} or an interrupt.
   *
   * @return what the last refresh did
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  public GoldReport run() {
    GoldReport report = refresh();
    while (every != null && !stoppedWithin(every)) {
      report = refresh();
    }
    return report;
  }

  /** Ends {@link #run()} after the refresh that is under way. */
  public void stop() {
    stopped.countDown();
  }

  private boolean stoppedWithin(Duration pause) {
    try {
      return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** What the last refresh did; empty before the first has ended. */
  Optional<GoldReport> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * Refreshes once.
   *
   * @return what it did
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  GoldReport refresh() {
    GoldReport report = bringUpToDate();
    latest = report;
    return report;
  }

  private GoldReport bringUpToDate() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<GoldPlan> planned = lake.plan(TABLES);
      if (planned.isEmpty()) {
        LOG.info("{}: there is no silver table yet, so nothing to refresh; run stream first", root);
        return new GoldReport(-1, Set.of(), Map.of());
      }
      GoldPlan plan = planned.get();
      carryOut(plan);
      if (lake.reached(plan, TABLES)) {
        GoldReport report = report(plan);
        LOG.info(
            "gold says silver's version {}: {} dates computed anew",
            report.silverVersion(),
            report.dates().size());
        return report;
      }
      LOG.info("a gold table was changed by somebody else meanwhile; planning again");
    }
    throw new LakeException(
        "cannot refresh gold of "
            + root
            + ": its tables were changed by somebody else "
            + ATTEMPTS
            + " times in a row; stop other writers and start the job again");
  }

  private void carryOut(GoldPlan plan) {
    if (plan.files().isEmpty()) {
      // Nothing was touched, or only dates that vanished.
      TABLES.forEach(table -> lake.commit(plan, table, List.of()));
      return;
    }
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply("RefreshGold", new RefreshGold(plan, lake, clock));
    try {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new LakeException(
            "the refresh of gold ended " + state + "; see the runner's log and start it again");
      }
    } catch (Pipeline.PipelineExecutionException e) {
      if (e.getCause() instanceof LakeException lakeException) {
        throw lakeException;
      }
      throw e;
    }
  }

  private GoldReport report(GoldPlan plan) {
    Map<String, Long> rows =
        TABLES.stream().collect(Collectors.toMap(TableSchema::path, lake::rows));
    return new GoldReport(plan.silverVersion(), plan.dates(), rows);
  }
}
