package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table of minutes that counts the events that arrived in time, and how many did not.
 *
 * <p>An event is too late for its minute if it arrived after the minute's end plus the allowed
 * lateness: by its own two times alone, whoever reads it and when.
 *
 * @param <K> what rows are keyed by
 * @param <S> the figures of a key
 */
public abstract class LateAwareAggregation<K, S> extends Aggregation<K, S> {
  private final long countedFor;

  /**
   * @param lateness how long after a minute's end its events may arrive
   */
  public LateAwareAggregation(GoldTable table, Duration lateness) {
    super(table);
    this.countedFor = MICROS_OF_MINUTE + lateness.toNanos() / 1000;
  }

  public final boolean inTime(SilverEvent event) {
    return event.ingestedAt() <= event.minute() + countedFor;
  }

  /** These columns of silver, and those that lateness is told by. */
  public static List<String> and(String... columns) {
    return Stream.concat(
            Stream.of("event_time", "_ingested_at", "_processed_at"), Stream.of(columns))
        .toList();
  }
}
