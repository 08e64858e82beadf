package clicklake.io.lake;

import java.time.LocalDate;

/** Arrivals of records, as the tables hold them. */
final class Arrivals {
  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long MILLIS_OF_DAY = 86_400_000L;

  private Arrivals() {}

  /** The day of an arrival for {@code ingest_date}, within the years that tables can hold. */
  static long ingestDay(long arrivalMillis) {
    return Math.max(FIRST_DAY, Math.min(LAST_DAY, Math.floorDiv(arrivalMillis, MILLIS_OF_DAY)));
  }

  /** An arrival in microseconds; what does not fit 64 bits becomes the nearest that does. */
  static long micros(long arrivalMillis) {
    return Math.max(Long.MIN_VALUE / 1000, Math.min(Long.MAX_VALUE / 1000, arrivalMillis)) * 1000;
  }
}
