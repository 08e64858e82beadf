package clicklake.demo;

import clicklake.produce.RateLimiter;

/**
 * Holds a producer at a mark that somebody else moves on, and lets it come to the mark at a steady
 * rate.
 */
final class GatedRateLimiter implements RateLimiter {
  private final double rate;
  private long mark;
  private long from;
  private long last;
  private RateLimiter pace;

  /**
   * @param rate records per second below the mark
   * @param mark how many records go out at first
   */
  GatedRateLimiter(double rate, long mark) {
    this.rate = rate;
    this.mark = mark;
    this.pace = RateLimiter.UNLIMITED;
  }

  /** Lets so many records in all go out, at the rate from now on. */
  synchronized void moveTo(long records) {
    from = last;
    mark = records;
    pace = RateLimiter.of(rate);
    notifyAll();
  }

  /** Holds nothing any more. */
  synchronized void release() {
    mark = Long.MAX_VALUE;
    pace = RateLimiter.UNLIMITED;
    notifyAll();
  }

  @Override
  public void await(long records) throws InterruptedException {
    RateLimiter now;
    long since;
    synchronized (this) {
      while (records > mark) {
        wait();
      }
      last = records;
      now = pace;
      since = records - from;
    }
    now.await(since);
  }
}
