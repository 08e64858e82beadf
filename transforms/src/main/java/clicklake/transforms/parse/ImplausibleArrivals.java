package clicklake.transforms.parse;

import clicklake.schemas.offset.SourcePartition;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts events whose arrival cannot be ({@link EventParser#isPlausible}), and tells of the first
 * in each process: a whole topic may be like it.
 */
final class ImplausibleArrivals {
  private static final Logger LOG = LoggerFactory.getLogger(ImplausibleArrivals.class);
  private static final Counter COUNTER = Metrics.counter(ParseEvents.class, "implausible_arrival");
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private ImplausibleArrivals() {}

  static void note(SourcePartition partition, long offset, long arrivalMillis) {
    COUNTER.inc();
    if (TOLD.compareAndSet(false, true)) {
      LOG.warn(
          "Parsing {}@{}: the record says that it arrived at {} ms ({}), before the year 2000, so"
              + " that nobody can judge whether its event lies in the future; such events are taken"
              + " and counted as implausible_arrival; have the producer set timestamps in"
              + " milliseconds, or set the files' modification times",
          partition,
          offset,
          arrivalMillis,
          Instant.ofEpochMilli(arrivalMillis));
    }
  }
}
