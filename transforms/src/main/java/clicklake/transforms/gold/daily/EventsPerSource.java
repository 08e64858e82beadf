package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: events by day and source. */
public final class EventsPerSource extends Aggregation<EventsPerSource.Key, Count> {
  /** Events per day and source. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
          schema(
              "kpi_events_per_source",
              "Unique events per day and source; events without a source count as unknown",
              null,
              DAY,
              filled("source", Type.STRING, "the source, or unknown"),
              number("event_count", "unique events")));

  private static final int DATE = TABLE.index(DAY.name());
  private static final int SOURCE = TABLE.index("source");
  private static final int EVENTS = TABLE.index("event_count");

  /** A source on a day. */
  public record Key(int day, String source) {}

  public EventsPerSource() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "source");
  }

  @Override
  public Count createAccumulator() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key((int) event.day(), event.sourceOrUnknown())).add(1);
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key(row.intAt(DATE), row.textAt(SOURCE))).add(row.longAt(EVENTS));
  }

  @Override
  public void emitRows(Key key, Count count, RowSink out) {
    out.row(key.day(), key.source(), count.number());
  }
}
