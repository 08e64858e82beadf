package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/** {@link GoldTables#LIVE_EVENTS_PER_MINUTE}: events in time by minute and action. */
public final class LiveEventsPerMinute
    extends LateAwareAggregation<EventsPerMinute.Key, LiveFigures> {
  private static final double SECONDS = 60;

  public LiveEventsPerMinute(Duration lateness) {
    super(GoldTables.LIVE_EVENTS_PER_MINUTE, lateness);
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
    sums.at(new EventsPerMinute.Key(row.longAt(0), row.textAt(2)))
        .addRow(row.longAt(3), row.longAt(5), row.longAt(6));
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
