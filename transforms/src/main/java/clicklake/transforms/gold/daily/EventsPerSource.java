package clicklake.transforms.gold.daily;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link GoldTables#EVENTS_PER_SOURCE}: events by day and source. */
public final class EventsPerSource extends Aggregation<EventsPerSource.Key, Count> {

  /** A source on a day. */
  public record Key(int day, String source) {}

  public EventsPerSource() {
    super(GoldTables.EVENTS_PER_SOURCE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "source");
  }

  @Override
  public Count empty() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> sums) {
    sums.at(new Key((int) event.day(), event.sourceOrUnknown())).add(1);
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Count> sums) {
    sums.at(new Key(row.intAt(0), row.textAt(1))).add(row.longAt(2));
  }

  @Override
  public void put(Key key, Count count, RowSink out) {
    out.row(key.day(), key.source(), count.number());
  }
}
