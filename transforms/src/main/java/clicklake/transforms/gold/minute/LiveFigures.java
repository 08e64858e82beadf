package clicklake.transforms.gold.minute;

import clicklake.transforms.gold.table.SilverEvent;

/**
 * How many events arrived in time, how many too late, and when the latest was written to silver.
 */
public final class LiveFigures {
  private long counted;
  private long tooLate;
  private long updatedAt = Long.MIN_VALUE;

  /** Adds an event, if it counts here. */
  public void add(SilverEvent event, boolean inTime) {
    counted += inTime ? 1 : 0;
    tooLate += inTime ? 0 : 1;
    updatedAt = Math.max(updatedAt, event.processedAt());
  }

  /** Adds what a row holds. */
  public void addRow(long moreCounted, long moreTooLate, long otherUpdatedAt) {
    counted += moreCounted;
    tooLate += moreTooLate;
    updatedAt = Math.max(updatedAt, otherUpdatedAt);
  }

  public long counted() {
    return counted;
  }

  public long tooLate() {
    return tooLate;
  }

  /** Microseconds since 1970. */
  public long updatedAt() {
    return updatedAt;
  }
}
