package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.TOO_LATE;
import static clicklake.transforms.gold.table.GoldColumns.UPDATED_AT;
import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/** {@link #TABLE}: events in time by minute and action. */
public final class LiveEventsPerMinute
    extends LateAwareAggregation<EventsPerMinute.Key, LiveFigures> {
  /** Events per minute and action that came in time. */
  public static final GoldTable TABLE =
      live(
          "live_events_per_minute",
          "Unique events per minute of event_time and action that arrived in time",
          filled("action", Type.STRING, "the action counted"),
          number("event_count", "unique events that arrived in time"),
          filled(
              "events_per_second",
              Type.DOUBLE,
              "event_count divided by 60: the throughput of the minute"));

  private static final int START = TABLE.index(WINDOW_START.name());
  private static final int ACTION = TABLE.index("action");
  private static final int EVENTS = TABLE.index("event_count");
  private static final int LATE = TABLE.index(TOO_LATE.name());
  private static final int UPDATED = TABLE.index(UPDATED_AT.name());

  private static final double SECONDS = 60;

  public LiveEventsPerMinute(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public List<String> reads() {
    return and("action");
  }

  @Override
  public LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<EventsPerMinute.Key, LiveFigures> sums) {
    sums.at(new EventsPerMinute.Key(event.minute(), event.action().text()))
        .add(event, inTime(event));
  }

  @Override
  public void add(
      TableReader.Row row, long day, Accumulators<EventsPerMinute.Key, LiveFigures> sums) {
    sums.at(new EventsPerMinute.Key(row.longAt(START), row.textAt(ACTION)))
        .addRow(row.longAt(EVENTS), row.longAt(LATE), row.longAt(UPDATED));
  }

  @Override
  public void put(EventsPerMinute.Key key, LiveFigures figures, RowSink out) {
    out.row(
        key.minute(),
        key.minute() + MICROS_OF_MINUTE,
        key.action(),
        figures.counted(),
        figures.counted() / SECONDS,
        figures.tooLate(),
        figures.updatedAt());
  }

  @Override
  public long start(EventsPerMinute.Key key) {
    return key.minute();
  }
}
