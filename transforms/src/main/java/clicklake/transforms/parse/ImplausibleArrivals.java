package clicklake.transforms.parse;

import clicklake.schemas.offset.SourcePartition;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the first event of each process whose arrival cannot be ({@link
 * EventParser#isPlausible}); the others are counted alone, because a whole topic may be like it.
 */
final class ImplausibleArrivals {
  private static final Logger LOG = LoggerFactory.getLogger(ImplausibleArrivals.class);
  private static final AtomicBoolean REPORTED = new AtomicBoolean();

  private ImplausibleArrivals() {}

  static void report(SourcePartition partition, long offset, long arrivalMillis) {
    if (REPORTED.compareAndSet(false, true)) {
      LOG.warn(
          "Parsing {}@{}: the record says that it arrived at {} ms ({}), before the year 2000, so"
              + " it cannot be said whether its event lies in the future; such events are taken"
              + " and counted as implausible_arrival; have the producer set timestamps in"
              + " milliseconds, or set the files' modification times",
          partition,
          offset,
          arrivalMillis,
          Instant.ofEpochMilli(arrivalMillis));
    }
  }
}
