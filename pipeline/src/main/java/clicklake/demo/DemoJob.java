package clicklake.demo;

import clicklake.io.lake.EventLake;
import clicklake.jobs.ClickHouseFollower;
import clicklake.jobs.CountsTable;
import clicklake.jobs.GoldJob;
import clicklake.jobs.Locations;
import clicklake.jobs.ProduceJob;
import clicklake.jobs.StreamJob;
import clicklake.jobs.VerifyJob;
import clicklake.options.ClicklakeOptions;
import clicklake.options.RunnerProfile;
import clicklake.options.Settings;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.schemas.lake.LakeLocation;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;

/**
 * Everything on this machine with nothing installed: produces events into a landing folder inside
 * the lake's folder, runs the pipeline over them, refreshes gold, and verifies. With {@code
 * --failover} it is another story: {@link FailoverDemo}.
 */
public final class DemoJob {
  private final Settings settings;
  private final ClicklakeOptions options;
  private final RunnerProfile profile;

  public DemoJob(Settings settings, ClicklakeOptions options, RunnerProfile profile) {
    this.settings = settings.forDemo();
    this.options = options;
    this.profile = profile;
  }

  public int run(PrintStream out) throws IOException, InterruptedException {
    if (settings.failover()) {
      return new FailoverDemo(settings, options, out).run();
    }
    LakeLocation lake = Locations.lake(settings);
    ProducedCounts produced = new ProduceJob(settings).produce(ProduceProgress.SILENT);
    ProduceJob.print(out, produced);
    new StreamJob(settings, options, profile).run();
    CountsTable.print(out, "the lake", EventLake.at(lake).counts());
    CountsTable.print(
        out,
        new GoldJob(
                options,
                lake,
                null,
                ClickHouseFollower.of(settings, lake),
                settings.stream().smallRefresh(),
                null,
                Clock.systemUTC())
            .run());
    out.println("verify");
    boolean balanced =
        new VerifyJob(lake, settings.stream().dedupeHorizon(), settings.spills()).printTotals(out);
    return balanced ? 0 : 1;
  }
}
