package clicklake.jobs;

import clicklake.io.kafka.KafkaDeadLetters;
import clicklake.io.kafka.KafkaSource;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.landing.LandingSettings;
import clicklake.io.landing.LandingSource;
import clicklake.io.source.ReadSettings;
import clicklake.options.Mode;
import clicklake.options.Settings;
import clicklake.options.SourceKind;
import clicklake.options.StreamSettings;
import clicklake.pipeline.ClickstreamPipeline;
import clicklake.schemas.batch.RawBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pipeline: continuously, or in rounds, one bounded pipeline after the other from what the
 * lake covers to what is there now. Flink takes a round as a stream that ends: it is read, written
 * and committed piece by piece. Elsewhere a round is held until its end, and is cut to what fits.
 *
 * <p>Nothing is kept between runs but the lake. Ends when stopped, when a single round is done, or
 * with the exception of whatever is broken.
 */
public final class StreamJob {
  /** A record of 400 bytes takes about 600 until it is committed; two readers each hold a share. */
  private static final long HEAP_PER_BYTE_IN_FLIGHT = 8;

  private final PipelineOptions options;
  private final StreamSettings settings;
  private final EventLake lake;
  private final StreamInput input;
  private final @Nullable KafkaDeadLetters deadLetters;
  private final @Nullable LiveTables live;
  private final @Nullable GoldJob gold;
  private final CountDownLatch stop = new CountDownLatch(1);
  private long nextRefresh = System.nanoTime();
  private volatile boolean starting;
  private volatile @Nullable PipelineResult running;

  public StreamJob(Settings all, PipelineOptions options) {
    this.options = options;
    this.settings = all.stream();
    String lakePath = Locations.localPath("--lake", all.lake());
    this.lake = EventLake.at(lakePath);
    this.input = input(all, lake);
    this.deadLetters =
        all.kafka().dlqTopic() == null
            ? null
            : new KafkaDeadLetters(Locations.kafka(all.kafka(), all.kafka().dlqTopic()));
    this.live =
        settings.liveEvery().isZero()
            ? null
            : new LiveTables(lakePath, settings.allowedLateness(), settings.liveEvery());
    this.gold =
        settings.refreshGold() == null
            ? null
            : new GoldJob(
                options,
                lakePath,
                null,
                settings.smallRefresh(),
                settings.refreshGold(),
                Clock.systemUTC());
  }

  private static StreamInput input(Settings all, EventLake lake) {
    ReadSettings reading =
        ReadSettings.DEFAULT
            .withLinger(shorter(Duration.ofSeconds(1), all.stream().commitEvery().dividedBy(2)))
            .withRereadAfter(all.stream().rereadAfter())
            .withMaxKeptBytes(Math.max(all.stream().maxKeptSize(), all.stream().maxRecordSize()))
            .withMaxInFlightBytes(
                StreamInput.shareOfMemory(all.stream().maxInFlight(), HEAP_PER_BYTE_IN_FLIGHT));
    if (all.stream().source() == SourceKind.KAFKA) {
      return new StreamInput.Topic(
          KafkaSource.of(
              Locations.kafka(all.kafka(), all.kafka().topic()), reading, lake.coverage()));
    }
    return new StreamInput.Landing(
        LandingSource.of(
            LandingSettings.of(Locations.folder(all.landing()))
                .withPollEvery(all.stream().pollEvery())
                .withStrictFiles(all.stream().strictFiles()),
            reading,
            lake.coverage()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Runs until done or stopped.
   *
   * @return what came to the lake meanwhile
   */
  public LakeCounts run() throws InterruptedException {
    FileSystems.setDefaultPipelineOptions(options);
    lake.check();
    input.check();
    if (settings.acceptGap()) {
      lake.acceptGaps(input.gaps());
    }
    lake.publishRejects(deadLetters);
    LakeCounts before = lake.counts();
    if (settings.availableNow()) {
      runRound();
      if (live != null && !stopped()) {
        live.refresh();
      }
      refreshGold();
    } else if (inRounds()) {
      while (!stopped()) {
        runRound();
        if (live != null && !stopped()) {
          live.refreshIfDue();
        }
        // Also after a round without news: what the last one brought may have come too early.
        refreshGold();
        pause();
      }
    } else {
      runContinuously();
    }
    // The last commits' rejects may still be on their way.
    lake.publishRejects(deadLetters);
    return lake.counts().since(before);
  }

  /** What gold says now; empty if no refresh was asked for, or none has ended yet. */
  Optional<GoldReport> gold() {
    return gold == null ? Optional.empty() : gold.latest();
  }

  /**
   * Refreshes gold if that is wanted and was not done for long enough. A stop does not wait for it:
   * it reads whole dates, which may take longer than a stop may, and the next run catches up.
   */
  private void refreshGold() {
    if (gold != null && !stopped() && System.nanoTime() - nextRefresh >= 0) {
      gold.refresh();
      nextRefresh = System.nanoTime() + settings.refreshGold().toNanos();
    }
  }

  private ClickstreamPipeline.Waits waits() {
    Duration half = settings.commitEvery().dividedBy(2);
    // Flink's bundles gather for a while by themselves; to wait before them as well only adds lag.
    return new ClickstreamPipeline.Waits(
        onFlink() ? settings.commitEvery().dividedBy(20) : half, half);
  }

  private boolean inRounds() {
    if (settings.mode() != Mode.AUTO) {
      return settings.mode() == Mode.ROUNDS;
    }
    // Spark's streaming reads lose records when memory is short; bounded reads do not.
    return options.getRunner().getSimpleName().startsWith("Spark");
  }

  private boolean onFlink() {
    return options.getRunner().getSimpleName().startsWith("Flink");
  }

  private void runRound() {
    if (onFlink()) {
      // As a batch, Flink would sort and spill all of the round before anything is written.
      options.as(StreamingOptions.class).setStreaming(true);
      runEach(input.available(), waits());
      return;
    }
    runEach(input.rounds(), ClickstreamPipeline.Waits.FOR_ALL);
  }

  private void runEach(List<StreamInput.Round> rounds, ClickstreamPipeline.Waits waits) {
    for (StreamInput.Round round : rounds) {
      if (stopped()) {
        return;
      }
      round.get().ifPresent(records -> runPipeline(records, waits));
    }
  }

  /**
   * Runs the continuous pipeline, and beside it what follows silver. Each has a thread, because a
   * Flink inside this process gives its caller back only at its end. What ends first, by itself or
   * because something is broken, ends all.
   */
  private void runContinuously() throws InterruptedException {
    List<Runnable> jobs = new ArrayList<>();
    jobs.add(() -> runPipeline(input.continuous(), waits()));
    if (live != null) {
      jobs.add(live::run);
    }
    if (gold != null) {
      jobs.add(gold::run);
    }
    ExecutorService threads = Executors.newFixedThreadPool(jobs.size(), StreamJob::daemon);
    CompletionService<Void> ended = new ExecutorCompletionService<>(threads);
    jobs.forEach(job -> ended.submit(job, null));
    threads.shutdown();
    try {
      for (Runnable job : jobs) {
        ended.take().get();
        stop();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException broken) {
        throw broken;
      }
      if (e.getCause() instanceof Error broken) {
        throw broken;
      }
      throw new IllegalStateException("the pipeline ended early", e.getCause());
    } finally {
      stop();
    }
  }

  private static Thread daemon(Runnable job) {
    Thread thread = new Thread(job, "continuous job");
    thread.setDaemon(true);
    return thread;
  }

  private void runPipeline(
      PTransform<PBegin, PCollection<RawBatch>> records, ClickstreamPipeline.Waits waits) {
    Pipeline pipeline = Pipeline.create(options);
    ClickstreamPipeline.build(pipeline, records, lake, settings, waits, deadLetters);
    starting = true;
    PipelineResult result = pipeline.run();
    running = result;
    starting = false;
    if (stopped()) {
      cancel(result);
    }
    PipelineResult.State state = result.waitUntilFinish();
    running = null;
    if (state != null && !stopped() && state != PipelineResult.State.DONE) {
      throw new IllegalStateException(
          "the pipeline ended as " + state + "; the runner's log says why");
    }
  }

  private boolean stopped() {
    return stop.getCount() == 0;
  }

  private void pause() throws InterruptedException {
    stop.await(Math.min(2000, settings.commitEvery().toMillis()), TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the job: what is committed stays, what is under way is untouched.
   *
   * @return whether the job now comes to its end; if not, the runner (Flink inside this process)
   *     gives nothing to cancel, and the pipeline ends with the process
   */
  boolean stop() {
    stop.countDown();
    if (live != null) {
      live.stop();
    }
    if (gold != null) {
      gold.stop();
    }
    PipelineResult pipeline = running;
    if (pipeline != null) {
      cancel(pipeline);
    }
    return !starting;
  }

  private static void cancel(PipelineResult pipeline) {
    try {
      pipeline.cancel();
    } catch (IOException e) {
      throw new UncheckedIOException("Stopping the pipeline; stop it through its runner", e);
    }
  }
}
