package clicklake.produce;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Holds a producer back to a number of records per second. */
@FunctionalInterface
public interface RateLimiter {
  /** As fast as possible. */
  RateLimiter UNLIMITED = records -> {};

  /** Sleeps for nanoseconds. */
  @FunctionalInterface
  interface Sleep {
    void nanos(long nanos) throws InterruptedException;
  }

  /** Returns when so many records in all may be out. */
  void await(long records) throws InterruptedException;

  /**
   * So many records per second from now on; as fast as possible if 0. What was missed is not caught
   * up beyond the average.
   */
  static RateLimiter of(double rate) {
    return rate == 0 ? UNLIMITED : of(rate, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
  }

  /** The same by another clock. */
  static RateLimiter of(double rate, LongSupplier nanoTime, Sleep sleep) {
    long start = nanoTime.getAsLong();
    return records -> {
      long due = start + Math.round(records * 1e9 / rate);
      long early = due - nanoTime.getAsLong();
      if (early > 0) {
        sleep.nanos(early);
      }
    };
  }
}
