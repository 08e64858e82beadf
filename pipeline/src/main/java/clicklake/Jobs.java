package clicklake;

import clicklake.console.ProcessEnd;
import clicklake.console.ShutdownSignals;
import clicklake.demo.DemoJob;
import clicklake.jobs.ClickHouseFollower;
import clicklake.jobs.ClickHouseJob;
import clicklake.jobs.CountsTable;
import clicklake.jobs.GoldJob;
import clicklake.jobs.LiveTables;
import clicklake.jobs.Locations;
import clicklake.jobs.ProduceJob;
import clicklake.jobs.StreamConsole;
import clicklake.jobs.VerifyGold;
import clicklake.jobs.VerifyJob;
import clicklake.options.ConfigException;
import clicklake.options.read.Invocation;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.BackgroundWork;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
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
    int exit = exitOf(run);
    // What follows the last commits makes the next start cheaper.
    BackgroundWork.awaitAll();
    return exit;
  }

  private static int exitOf(Invocation.Run run) throws IOException, InterruptedException {
    return switch (run.job()) {
      case STREAM -> new StreamConsole(run.settings(), run.options(), run.profile()).run();
      case PRODUCE -> new ProduceJob(run.settings()).run(System.out);
      case DEMO -> new DemoJob(run.settings(), run.options(), run.profile()).run(System.out);
      case GOLD -> gold(run);
      case VERIFY -> verify(run);
      case CLICKHOUSE -> clickHouse(run);
    };
  }

  private static int verify(Invocation.Run run) {
    LakeLocation lake = Locations.lake(run.settings());
    boolean balanced =
        new VerifyJob(
                lake,
                run.settings().stream().dedupeHorizon(),
                run.settings().spills(),
                run.settings().undecidedAfter(),
                Clock.systemUTC(),
                run.settings().verifyGold() ? new VerifyGold(run.options(), lake) : null)
            .run(System.out, run.settings().json());
    return balanced ? 0 : 1;
  }

  private static int clickHouse(Invocation.Run run) throws InterruptedException {
    new ClickHouseJob(run.settings()).run(System.out);
    return 0;
  }

  private static int gold(Invocation.Run run) throws InterruptedException {
    LakeLocation lake = Locations.lake(run.settings());
    GoldJob job =
        new GoldJob(
            run.options(),
            lake,
            new LiveTables(lake, run.settings().stream().allowedLateness(), Duration.ZERO),
            ClickHouseFollower.of(run.settings(), lake),
            run.settings().stream().smallRefresh(),
            run.settings().every(),
            Clock.systemUTC());
    if (run.settings().every() != null) {
      ShutdownSignals.stopAndExit(Duration.ofSeconds(9), job::stop);
    }
    CountsTable.print(System.out, job.run());
    return 0;
  }
}
