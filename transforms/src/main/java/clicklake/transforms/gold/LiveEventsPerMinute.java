package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.time.Duration;
import java.util.List;

/** {@link GoldTables#LIVE_EVENTS_PER_MINUTE}: events in time by minute and action. */
final class LiveEventsPerMinute extends LiveMart<EventsPerMinute.Key, LiveFigures> {
  private static final double SECONDS = 60;

  LiveEventsPerMinute(Duration lateness) {
    super(GoldTables.LIVE_EVENTS_PER_MINUTE, lateness);
  }

  @Override
  List<String> reads() {
    return and("action");
  }

  @Override
  LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  void add(SilverEvent event, Sums<EventsPerMinute.Key, LiveFigures> sums) {
    sums.at(new EventsPerMinute.Key(event.minute(), event.action().text()))
        .add(event, inTime(event));
  }

  @Override
  void add(TableReader.Row row, long day, Sums<EventsPerMinute.Key, LiveFigures> sums) {
    sums.at(new EventsPerMinute.Key(row.longAt(0), row.textAt(2)))
        .addRow(row.longAt(3), row.longAt(5), row.longAt(6));
  }

  @Override
  void put(EventsPerMinute.Key key, LiveFigures figures, RowSink out) {
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
  long start(EventsPerMinute.Key key) {
    return key.minute();
  }
}
