package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.TOO_LATE;
import static clicklake.transforms.gold.table.GoldColumns.UPDATED_AT;
import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.TableReader;
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
 * lateness. Only its own two times decide, not when it is read.
 *
 * @param <K> what rows are keyed by
 * @param <S> the figures of a key
 */
public abstract class LateAwareAggregation<K, S> extends Aggregation<K, S> {
  private final long countedFor;
  private final int start;
  private final int late;
  private final int updated;

  /**
   * @param table made by {@link clicklake.transforms.gold.table.GoldColumns#live}
   * @param lateness how long after a minute's end its events may arrive
   */
  LateAwareAggregation(GoldTable table, Duration lateness) {
    super(table);
    this.start = table.index(WINDOW_START.name());
    this.late = table.index(TOO_LATE.name());
    this.updated = table.index(UPDATED_AT.name());
    this.countedFor = MICROS_OF_MINUTE + lateness.toNanos() / 1000;
  }

  /** Start of a row's minute, in microseconds since 1970. */
  final long minute(TableReader.Row row) {
    return row.longAt(start);
  }

  /**
   * Adds a row of the table.
   *
   * @param counted the row's number of events in time
   */
  final void addRow(TableReader.Row row, long counted, LiveFigures figures) {
    figures.addRow(counted, row.longAt(late), row.longAt(updated));
  }

  /** Whether an event arrived in time for its minute. */
  final boolean inTime(SilverEvent event) {
    return event.ingestedAt() <= event.minute() + countedFor;
  }

  /** These columns of silver, and those that decide lateness. */
  static List<String> and(String... columns) {
    return Stream.concat(
            Stream.of("event_time", "_ingested_at", "_processed_at"), Stream.of(columns))
        .toList();
  }
}
