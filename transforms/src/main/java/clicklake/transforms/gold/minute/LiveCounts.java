package clicklake.transforms.gold.minute;

import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A live table that counts events by a key.
 *
 * @param <K> what events are counted by
 */
public abstract class LiveCounts<K> extends LateAwareAggregation<K, LiveFigures> {
  private final int counted;

  /**
   * @param counted column of the table with the number of events in time
   * @param lateness how long after a minute's end its events may arrive
   */
  LiveCounts(GoldTable table, String counted, Duration lateness) {
    super(table, lateness);
    this.counted = table.index(counted);
  }

  /** What an event is counted by; null if it is not counted. */
  abstract @Nullable K key(SilverEvent event);

  /** The key of a row. */
  abstract K key(TableReader.Row row);

  @Override
  public final LiveFigures createAccumulator() {
    return new LiveFigures();
  }

  @Override
  public final void add(SilverEvent event, Accumulators<K, LiveFigures> accumulators) {
    K key = key(event);
    if (key != null) {
      accumulators.at(key).add(event, inTime(event));
    }
  }

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<K, LiveFigures> accumulators) {
    addRow(row, row.longAt(counted), accumulators.at(key(row)));
  }
}
