package clicklake.schemas.table;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The wait of whoever tries again. Nothing tells when the other writer is done, or the storage well
 * again: there is only time to wait for. At random, because two that collided would otherwise
 * collide again.
 */
public final class Backoff {
  private Backoff() {}

  /**
   * Waits for a random time, shorter than this.
   *
   * @param most in milliseconds; below one there is no wait
   * @throws InterruptedException if somebody interrupts the thread meanwhile, or has before
   */
  public static void upTo(Duration most) throws InterruptedException {
    long millis = most.toMillis();
    if (millis > 0) {
      Thread.sleep(ThreadLocalRandom.current().nextLong(millis));
    }
  }
}
