package clicklake.jobs;

import clicklake.io.clickhouse.ClickHouseException;
import clicklake.options.Settings;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import clicklake.serving.ServeLake;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;

/** Brings ClickHouse to what the lake says now, or writes everything again. */
public final class ClickHouseJob {
  private final Settings settings;
  private final LakeLocation lake;
  private final ServeLake serving;

  public ClickHouseJob(Settings settings) {
    this.settings = settings;
    this.lake = Locations.lake(settings);
    this.serving =
        new ServeLake(
            Objects.requireNonNull(settings.serving().clickHouse(), "checked with the options"),
            lake,
            Showing.settings(settings.stream()));
  }

  /**
   * Runs to the end.
   *
   * @throws ClickHouseException if the server does not take it
   * @throws LakeException if the lake cannot be read, or is not the one that the server shows
   */
  public void run(PrintStream out) throws InterruptedException {
    new LiveTables(lake, settings.stream().allowedLateness(), Duration.ZERO).refresh();
    if (settings.serving().rebuild()) {
      serving.rebuild();
    } else {
      serving.prepare();
      serving.serveWithin(Duration.ZERO);
    }
    out.println(settings.serving().clickHouse() + " shows:");
    serving.counts().forEach((table, rows) -> out.printf("  %-34s %,d rows%n", table, rows));
  }
}
