package clicklake.jobs;

import clicklake.io.clickhouse.ClickHouseException;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.options.Settings;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import clicklake.serving.ServeLake;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps ClickHouse at what the tables of the lake say, a few seconds behind them. */
public final class ClickHouseFollower implements Follower {
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Of ten parts of one processor's time, this takes one at the most. */
  private static final int REST = 9;

  /** At the end of a run that takes what is there now, a server that is away is waited for. */
  private static final Duration WAIT_AT_END = Duration.ofMinutes(1);

  private final ServeLake serving;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long due = System.nanoTime();

  ClickHouseFollower(ServeLake serving) {
    this.serving = serving;
  }

  /**
   * What the settings ask for, with its tables made; null if they name no ClickHouse.
   *
   * @throws ClickHouseException if the server will never do
   * @throws LakeException if it has other tables of these names
   */
  public static @Nullable ClickHouseFollower of(Settings all, LakeLocation lake) {
    ClickHouseSettings clickHouse = all.serving().clickHouse();
    if (clickHouse == null) {
      return null;
    }
    ServeLake serving = new ServeLake(clickHouse, lake, Showing.settings(all.stream()));
    serving.prepare();
    return new ClickHouseFollower(serving);
  }

  @Override
  public void follow() {
    do {
      serveAndRest();
    } while (!stoppedWithin(due - System.nanoTime()));
  }

  @Override
  public void refreshIfDue() {
    if (System.nanoTime() - due >= 0) {
      serveAndRest();
    }
  }

  private void serveAndRest() {
    long start = System.nanoTime();
    serving.serve();
    long end = System.nanoTime();
    due = end + Math.max(EVERY.toNanos(), REST * (end - start));
  }

  /**
   * Serves once, and waits for a server that is away.
   *
   * @throws ClickHouseException if it did not come back: the lake has everything, and the next run,
   *     or the job clickhouse, brings the server to it
   */
  @Override
  public void refresh() {
    try {
      serving.serveWithin(WAIT_AT_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
  }

  private boolean stoppedWithin(long nanos) {
    try {
      return stopped.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
