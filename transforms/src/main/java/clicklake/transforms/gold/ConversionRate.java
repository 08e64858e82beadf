package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#CONVERSION_RATE}: share of purchases by day. */
final class ConversionRate extends Mart<Integer, ConversionRate.Figures> {

  /** Figures of a day. */
  static final class Figures {
    private long purchases;
    private long events;

    private void add(long morePurchases, long moreEvents) {
      purchases += morePurchases;
      events += moreEvents;
    }
  }

  ConversionRate() {
    super(GoldTables.CONVERSION_RATE);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "action");
  }

  @Override
  Figures empty() {
    return new Figures();
  }

  @Override
  void add(SilverEvent event, Sums<Integer, Figures> sums) {
    sums.at((int) event.day()).add(event.isPurchase() ? 1 : 0, 1);
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Integer, Figures> sums) {
    sums.at(row.intAt(0)).add(row.longAt(1), row.longAt(2));
  }

  @Override
  void put(Integer day, Figures figures, RowSink out) {
    out.row(day, figures.purchases, figures.events, (double) figures.purchases / figures.events);
  }
}
