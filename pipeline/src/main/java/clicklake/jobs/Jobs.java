package clicklake.jobs;

import clicklake.io.Causes;
import clicklake.io.SourceException;
import clicklake.options.ConfigException;
import clicklake.options.Invocation;
import clicklake.schemas.eventkey.SpillException;
import clicklake.schemas.table.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the job that the command line names, and turns what breaks into one line. */
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

  private Jobs() {}

  /**
   * Runs a job to its end.
   *
   * @return the exit code: 0 on success, 1 on failure
   * @throws ConfigException if a setting turns out wrong only now
   */
  public static int run(Invocation.Run run) {
    try {
      return dispatch(run);
    } catch (ConfigException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (IOException | RuntimeException | Error e) {
      ProcessEnd.tell(e);
      return 1;
    }
  }

  private static int dispatch(Invocation.Run run) throws IOException, InterruptedException {
    run.engineProperties().forEach(System.getProperties()::putIfAbsent);
    return switch (run.job()) {
      case STREAM -> new StreamConsole(run.settings(), run.options()).run();
      case PRODUCE -> new ProduceJob(run.settings()).run(System.out);
      case DEMO -> new DemoJob(run.settings(), run.options()).run(System.out);
      case GOLD -> gold(run);
      case VERIFY -> verify(run);
    };
  }

  private static int verify(Invocation.Run run) {
    String lake = Locations.localPath("--lake", run.settings().lake());
    boolean balanced =
        new VerifyJob(
                lake,
                run.settings().stream().dedupeHorizon(),
                run.settings().undecidedAfter(),
                Clock.systemUTC(),
                run.settings().verifyGold() ? new VerifyGold(run.options(), lake) : null)
            .run(System.out, run.settings().json());
    return balanced ? 0 : 1;
  }

  private static int gold(Invocation.Run run) throws InterruptedException {
    String lake = Locations.localPath("--lake", run.settings().lake());
    GoldJob job =
        new GoldJob(
            run.options(),
            lake,
            new LiveTables(lake, run.settings().stream().allowedLateness(), Duration.ZERO),
            run.settings().stream().smallRefresh(),
            run.settings().every(),
            Clock.systemUTC());
    if (run.settings().every() != null) {
      EndSignals.stopAndExit(Duration.ofSeconds(9), job::stop);
    }
    CountsTable.print(System.out, job.run());
    return 0;
  }

  /**
   * One line for a failure: our own message where there is one, what is known about it, or else the
   * causes with their kinds.
   */
  static String line(Throwable failure) {
    List<Throwable> causes = Causes.of(failure);
    for (Throwable cause : causes) {
      if (cause instanceof LakeException
          || cause instanceof SourceException
          || cause instanceof SpillException
          || cause instanceof ConfigException) {
        LOG.debug("failed", failure);
        return oneLine(String.valueOf(cause.getMessage()));
      }
    }
    Optional<String> known = EngineFailures.line(failure);
    if (known.isPresent()) {
      LOG.debug("failed", failure);
      return oneLine(known.get());
    }
    if (failure.getClass() == IOException.class && failure.getMessage() != null) {
      // Its kind says nothing, so its words must do.
      LOG.debug("failed", failure);
      return oneLine(failure.getMessage());
    }
    LOG.error("failed", failure);
    Throwable root = causes.get(causes.size() - 1);
    Throwable told = causes.stream().filter(cause -> !isWrapping(cause)).findFirst().orElse(root);
    return oneLine(
        root == told ? kindAndWords(told) : kindAndWords(told) + ": " + kindAndWords(root));
  }

  private static boolean isWrapping(Throwable failure) {
    return failure instanceof UncheckedIOException || failure.getClass().getName().contains("beam");
  }

  private static String kindAndWords(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", "; ");
  }
}
