package clicklake.produce;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.RejectReason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a correct pipeline must make of what was produced: {@code records = events + duplicates +
 * rejected}.
 *
 * @param records in all
 * @param events that end as rows of silver: valid and unique
 * @param duplicates of such events, byte for byte
 * @param late events that come, first copy, after one whose event_time is more than two minutes
 *     later
 * @param unknownFields events with fields that the contract lacks
 * @param blankLines between the records, which are none themselves
 * @param rejects by reason; reasons without rejects are absent
 * @param actions events by what they say was done; actions without events are absent
 */
public record ProducedCounts(
    long records,
    long events,
    long duplicates,
    long late,
    long unknownFields,
    long blankLines,
    Map<RejectReason, Long> rejects,
    Map<Action, Long> actions) {

  public ProducedCounts {
    rejects = Collections.unmodifiableMap(copyOf(rejects, RejectReason.class));
    actions = Collections.unmodifiableMap(copyOf(actions, Action.class));
  }

  private static <K extends Enum<K>> Map<K, Long> copyOf(Map<K, Long> counts, Class<K> keys) {
    Map<K, Long> copy = new EnumMap<>(keys);
    copy.putAll(counts);
    return copy;
  }

  /** Records that end in quarantine. */
  public long rejected() {
    return rejects.values().stream().mapToLong(Long::longValue).sum();
  }
}
