package clicklake.io.audit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says which event a record of bronze holds. The lake knows no contract: who asks for an audit
 * brings the rules along.
 */
@FunctionalInterface
public interface EventKeyExtractor {

  /**
   * The event of a record.
   *
   * @param value the record's bytes; null if it had none
   * @param arrivalMillis when it arrived, milliseconds since 1970
   * @return its key; empty if the record is no valid event
   */
  Optional<Key> of(byte @Nullable [] value, long arrivalMillis);

  /**
   * What makes an event one.
   *
   * @param idHigh upper half of the event id
   * @param idLow lower half of the event id
   * @param eventMicros event time, microseconds since 1970
   */
  record Key(long idHigh, long idLow, long eventMicros) {}
}
