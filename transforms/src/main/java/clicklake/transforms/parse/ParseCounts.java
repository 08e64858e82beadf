package clicklake.transforms.parse;

import clicklake.schemas.contract.RejectReason;
import clicklake.transforms.TransformCounters;
import java.util.Arrays;

/** What was parsed since it was last reported. */
final class ParseCounts {
  private static final RejectReason[] REASONS = RejectReason.values();

  private final long[] rejects = new long[REASONS.length];
  private long records;
  private long bytes;
  private long events;
  private long implausibleArrivals;

  void record(int valueLength) {
    records++;
    bytes += valueLength;
  }

  void event() {
    events++;
  }

  void implausibleArrival() {
    implausibleArrivals++;
  }

  void reject(RejectReason reason) {
    rejects[reason.ordinal()]++;
  }

  /** Adds to the counters and begins again; to be called where the runner counts. */
  void report() {
    TransformCounters.add(TransformCounters.RECORDS, records);
    TransformCounters.add(TransformCounters.RECORD_BYTES, bytes);
    TransformCounters.add(TransformCounters.EVENTS, events);
    TransformCounters.add(TransformCounters.IMPLAUSIBLE_ARRIVALS, implausibleArrivals);
    for (RejectReason reason : REASONS) {
      TransformCounters.add(TransformCounters.rejects(reason), rejects[reason.ordinal()]);
    }
    Arrays.fill(rejects, 0);
    records = 0;
    bytes = 0;
    events = 0;
    implausibleArrivals = 0;
  }
}
