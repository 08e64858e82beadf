package clicklake.transforms.gold.examples;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** How to add a gold table, by example: unique events by day and country. */
public final class EventsPerCountry extends Aggregation<EventsPerCountry.Key, Count> {
  /** Events per day and country; one file a day. */
  public static final GoldTable TABLE =
      GoldTable.ofDates(
          schema(
              "events_per_country",
              "Unique events per day of event_time and country; events without a country have no row",
              DATE,
              filled("country", Type.STRING, "the country counted"),
              number("event_count", "unique events")));

  private static final int COUNTRY = TABLE.index("country");
  private static final int EVENTS = TABLE.index("event_count");

  /** A day, in days since 1970, and a country. */
  public record Key(long day, String country) {}

  public EventsPerCountry() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "country");
  }

  @Override
  public Count createAccumulator() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> accumulators) {
    String country = event.country();
    if (country != null) {
      accumulators.at(new Key(event.day(), country)).add(1);
    }
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key(day, row.textAt(COUNTRY))).add(row.longAt(EVENTS));
  }

  @Override
  public void emitRows(Key key, Count count, RowSink out) {
    out.row(key.country(), count.number());
  }

  @Override
  public long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }
}
