package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#EVENTS_PER_MINUTE}: unique events by minute and action. */
final class EventsPerMinute extends Mart<EventsPerMinute.Key, Count> {

  /** A minute, by its start, and what was done in it. */
  record Key(long minute, String action) {}

  EventsPerMinute() {
    super(GoldTables.EVENTS_PER_MINUTE);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "action");
  }

  @Override
  Count empty() {
    return new Count();
  }

  @Override
  void add(SilverEvent event, Sums<Key, Count> sums) {
    sums.at(new Key(event.minute(), event.action().text())).add(1);
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Count> sums) {
    sums.at(new Key(row.longAt(0), row.textAt(2))).add(row.longAt(3));
  }

  @Override
  void put(Key key, Count count, RowSink out) {
    out.row(key.minute(), key.minute() + MICROS_OF_MINUTE, key.action(), count.number());
  }

  @Override
  long start(Key key) {
    return key.minute();
  }
}
