package clicklake.jobs;

import clicklake.console.FailureLine;
import clicklake.console.ShutdownSignals;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.options.RunnerProfile;
import clicklake.options.Settings;
import clicklake.schemas.table.LakeException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.options.PipelineOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream job as a user sees it: a line of progress now and then, a table at the end, and a
 * clean end on SIGTERM or SIGINT.
 */
public final class StreamConsole {
  private static final Logger LOG = LoggerFactory.getLogger(StreamConsole.class);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(6);
  private static final Duration EXIT_WITHIN = Duration.ofSeconds(9);

  private final StreamJob job;
  private final EventLake lake;
  private final boolean keyless;
  private final PrintStream out = System.out;

  public StreamConsole(Settings settings, PipelineOptions options, RunnerProfile profile) {
    this.job = new StreamJob(settings, options, profile);
    this.lake = EventLake.at(Locations.lake(settings.lake()));
    this.keyless = settings.stream().ipHashKey() == null;
  }

  public int run() throws InterruptedException {
    if (keyless) {
      out.println(
          "no --ipHashKeyFile: addresses (ip) and other personal values of events are left out of"
              + " silver; with a key it keeps their hashes");
    }
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean signalled = new AtomicBoolean();
    ShutdownSignals.stopAndExit(EXIT_WITHIN, () -> stopOnSignal(signalled, done));
    Thread progress = new Thread(() -> showProgress(done), "progress");
    progress.setDaemon(true);
    progress.start();
    try {
      LakeCounts came = job.run();
      if (signalled.get()) {
        printStopped();
      } else {
        CountsTable.print(out, "this run", came);
        CountsTable.print(out, "the lake", lake.counts());
        job.printFollowers(out);
      }
      return 0;
    } catch (RuntimeException e) {
      if (signalled.get()) {
        LOG.debug("the runner complained about being stopped", e);
        printStopped();
        return 0;
      }
      throw e;
    } finally {
      done.countDown();
    }
  }

  /** Stops the job; says what it leaves if the job's own thread does not come to that. */
  private void stopOnSignal(AtomicBoolean signalled, CountDownLatch done) {
    signalled.set(true);
    try {
      if (!job.stop() || !done.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        printStopped();
      }
    } catch (RuntimeException e) {
      LOG.warn("stopping: {}", FailureLine.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void printStopped() {
    CountsTable.print(out, "stopped; the lake", lake.counts());
    job.printFollowers(out);
    out.flush();
  }

  private void showProgress(CountDownLatch done) {
    boolean terminal = System.console() != null;
    LakeCounts before = LakeCounts.NOTHING;
    boolean first = true;
    try {
      while (!done.await(PROGRESS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          LakeCounts now = lake.counts();
          long perSecond = first ? 0 : now.since(before).decided() / PROGRESS_EVERY.toSeconds();
          first = false;
          before = now;
          String line =
              String.format(
                  "bronze %,d  silver %,d  rejects %,d  duplicates %,d  (%,d/s)",
                  now.bronze(), now.silver(), now.rejects(), now.duplicates(), perSecond);
          out.print(terminal ? "\r" + line + "   " : line + System.lineSeparator());
          out.flush();
        } catch (LakeException e) {
          LOG.debug("no progress to show", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
