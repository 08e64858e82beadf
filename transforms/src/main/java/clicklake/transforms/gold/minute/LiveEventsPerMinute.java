package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/** {@link #TABLE}: events in time by minute and action. */
public final class LiveEventsPerMinute extends LiveCounts<EventsPerMinute.Key> {
  /** Events per minute and action that arrived in time. */
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

  private static final int ACTION = TABLE.index("action");

  private static final double SECONDS = 60;

  public LiveEventsPerMinute(Duration lateness) {
    super(TABLE, "event_count", lateness);
  }

  @Override
  public List<String> reads() {
    return and("action");
  }

  @Override
  EventsPerMinute.Key key(SilverEvent event) {
    return new EventsPerMinute.Key(event.minute(), event.action().text());
  }

  @Override
  EventsPerMinute.Key key(TableReader.Row row) {
    return new EventsPerMinute.Key(minute(row), row.textAt(ACTION));
  }

  @Override
  public void emitRows(EventsPerMinute.Key key, LiveFigures figures, RowSink out) {
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
