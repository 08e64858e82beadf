package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#EVENTS_PER_SOURCE}: events by day and source. */
final class EventsPerSource extends Mart<EventsPerSource.Key, Count> {

  /** A source on a day. */
  record Key(int day, String source) {}

  EventsPerSource() {
    super(GoldTables.EVENTS_PER_SOURCE);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "source");
  }

  @Override
  Count empty() {
    return new Count();
  }

  @Override
  void add(SilverEvent event, Sums<Key, Count> sums) {
    sums.at(new Key((int) event.day(), event.sourceOrUnknown())).add(1);
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Count> sums) {
    sums.at(new Key(row.intAt(0), row.textAt(1))).add(row.longAt(2));
  }

  @Override
  void put(Key key, Count count, RowSink out) {
    out.row(key.day(), key.source(), count.number());
  }
}
