package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.minutes;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: unique events by minute and action. */
public final class EventsPerMinute extends Aggregation<EventsPerMinute.Key, Count> {
  /** Events per minute and action. */
  public static final GoldTable TABLE =
      minutes(
          "events_per_minute",
          "Unique events per minute of event_time and action; an action that did not happen has no"
              + " row",
          filled("action", Type.STRING, "the action counted"),
          number("event_count", "unique events"));

  private static final int START = TABLE.index(WINDOW_START.name());
  private static final int ACTION = TABLE.index("action");
  private static final int EVENTS = TABLE.index("event_count");

  /** A minute, by its start, and what was done in it. */
  public record Key(long minute, String action) {}

  public EventsPerMinute() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "action");
  }

  @Override
  public Count createAccumulator() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key(event.minute(), event.action().text())).add(1);
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key(row.longAt(START), row.textAt(ACTION))).add(row.longAt(EVENTS));
  }

  @Override
  public void emitRows(Key key, Count count, RowSink out) {
    out.row(key.minute(), key.minute() + MICROS_OF_MINUTE, key.action(), count.number());
  }

  @Override
  public long start(Key key) {
    return key.minute();
  }
}
