package clicklake.jobs;

import clicklake.io.kafka.KafkaDeadLetters;
import clicklake.io.kafka.KafkaSource;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.landing.LandingSource;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.source.ReadSettings;
import clicklake.options.Mode;
import clicklake.options.RunnerProfile;
import clicklake.options.Settings;
import clicklake.options.SourceKind;
import clicklake.options.StreamSettings;
import clicklake.pipeline.BatchingDelays;
import clicklake.pipeline.ClickstreamPipeline;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.spill.SpillFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * lake covers to what is there now. Which of the two, the runner's profile says. By it a round may
 * be a stream that ends: it is read, written and committed piece by piece. Otherwise a round is
 * held until its end, and is cut to what fits.
 *
 * <p>Nothing is kept between runs but the lake. Ends when stopped, when a single round is done, or
 * with the exception of whatever is broken.
 */
public final class StreamJob {
  /** A record of 400 bytes takes about 600 until it is committed; two readers each hold a share. */
  private static final long HEAP_PER_BYTE_IN_FLIGHT = 8;

  /** How long a reader gathers records into a batch. */
  private static final Duration WHERE_NOBODY_WATCHES = Duration.ofSeconds(1);

  private static final Duration WHERE_SOMEBODY_WATCHES = Duration.ofMillis(500);

  private final PipelineOptions options;
  private final RunnerProfile profile;
  private final StreamSettings settings;
  private final EventLake lake;
  private final SpillFolder spills;
  private final StreamInput input;
  private final @Nullable KafkaDeadLetters deadLetters;
  private final @Nullable Showing showing;
  private final List<Follower> followers;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean starting;
  private volatile @Nullable PipelineResult running;

  /**
   * @param options name the runner
   * @param profile the runner's
   */
  public StreamJob(Settings all, PipelineOptions options, RunnerProfile profile) {
    this.options = options;
    this.profile = profile;
    this.settings = all.stream();
    LakeLocation location = Locations.lake(all);
    this.lake = EventLake.at(location);
    this.spills = all.spills();
    this.input = input(all, lake);
    this.deadLetters =
        all.kafka().dlqTopic() == null
            ? null
            : new KafkaDeadLetters(Locations.kafka(all.kafka(), all.kafka().dlqTopic()));
    this.showing = Showing.of(all, location);
    this.followers = Followers.of(all, options, location, showing);
  }

  private static StreamInput input(Settings all, EventLake lake) {
    ReadSettings reading =
        ReadSettings.DEFAULT
            .withLinger(
                shorter(
                    all.serving().showsMinutes() ? WHERE_SOMEBODY_WATCHES : WHERE_NOBODY_WATCHES,
                    all.stream().commitEvery().dividedBy(2)))
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
                .withStrictFiles(all.stream().strictFiles())
                .withStorage(all.s3().properties()),
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
    if (showing != null) {
      showing.prepare();
    }
    lake.publishRejects(deadLetters);
    LakeCounts before = lake.counts();
    if (settings.availableNow()) {
      runRound();
      tellFollowers(Follower::refresh);
    } else if (inRounds()) {
      while (!stopped()) {
        runRound();
        // Also after a round without news: what the last one brought may have come too early.
        tellFollowers(Follower::refreshIfDue);
        pause();
      }
    } else {
      runContinuously();
    }
    if (showing != null) {
      showing.end();
    }
    // The last commits' rejects may still be on their way.
    lake.publishRejects(deadLetters);
    return lake.counts().since(before);
  }

  /** Prints what the followers did last; nothing of one that has not come to its first refresh. */
  void printFollowers(PrintStream out) {
    followers.forEach(follower -> follower.print(out));
  }

  /**
   * Tells the followers, one after the other. A stop waits for none that has not begun: one may
   * read whole dates, which takes longer than a stop may, and the next run catches up.
   */
  private void tellFollowers(Consumer<Follower> what) {
    for (Follower follower : followers) {
      if (!stopped()) {
        what.accept(follower);
      }
    }
  }

  private BatchingDelays delays() {
    return new BatchingDelays(
        profile.shardDelay(settings.commitEvery()), settings.commitEvery().dividedBy(2));
  }

  private boolean inRounds() {
    return settings.mode() == Mode.AUTO ? profile.readsInRounds() : settings.mode() == Mode.ROUNDS;
  }

  private void runRound() {
    if (profile.roundIsStream()) {
      options.as(StreamingOptions.class).setStreaming(true);
      runEach(input.available(), delays());
      return;
    }
    runEach(input.rounds(), BatchingDelays.UNTIL_INPUT_ENDS);
  }

  private void runEach(List<StreamInput.Round> rounds, BatchingDelays delays) {
    for (StreamInput.Round round : rounds) {
      if (stopped()) {
        return;
      }
      round.get().ifPresent(records -> runPipeline(records, delays, false));
    }
  }

  /**
   * Runs the continuous pipeline, and its followers beside it. Each has a thread, because a Flink
   * inside this process gives its caller back only at its end. What ends first, by itself or
   * because something is broken, ends all.
   */
  private void runContinuously() throws InterruptedException {
    List<Runnable> jobs = new ArrayList<>();
    jobs.add(() -> runPipeline(input.continuous(), delays(), true));
    followers.forEach(follower -> jobs.add(follower::follow));
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
      PTransform<PBegin, PCollection<RawBatch>> records, BatchingDelays delays, boolean endless) {
    Pipeline pipeline = Pipeline.create(options);
    ClickstreamPipeline.build(
        pipeline,
        records,
        lake,
        settings,
        delays,
        spills,
        deadLetters,
        showing == null ? null : showing.begin(endless));
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
    followers.forEach(Follower::stop);
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
