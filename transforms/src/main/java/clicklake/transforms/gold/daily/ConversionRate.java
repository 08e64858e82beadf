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
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: share of purchases by day. */
public final class ConversionRate extends Aggregation<Integer, ConversionRate.Figures> {
  /** Share of purchases per day. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
          schema(
              "kpi_conversion_rate",
              "Purchases as a share of all unique events per day",
              null,
              DAY,
              number("purchases", "events with action purchase"),
              number("events", "unique events"),
              filled("conversion_rate", Type.DOUBLE, "purchases divided by events")));

  private static final int DATE = TABLE.index(DAY.name());
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int EVENTS = TABLE.index("events");

  /** Figures of a day. */
  public static final class Figures {
    private long purchases;
    private long events;

    private void add(long morePurchases, long moreEvents) {
      purchases += morePurchases;
      events += moreEvents;
    }
  }

  public ConversionRate() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "action");
  }

  @Override
  public Figures createAccumulator() {
    return new Figures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Integer, Figures> accumulators) {
    accumulators.at((int) event.day()).add(event.isPurchase() ? 1 : 0, 1);
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Integer, Figures> accumulators) {
    accumulators.at(row.intAt(DATE)).add(row.longAt(PURCHASES), row.longAt(EVENTS));
  }

  @Override
  public void emitRows(Integer day, Figures figures, RowSink out) {
    out.row(day, figures.purchases, figures.events, (double) figures.purchases / figures.events);
  }
}
