package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.nullable;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;
import static java.util.Comparator.comparingLong;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.CodePoints;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@link #TABLE}: figures by day and product, from which a day's first products come. */
public final class ProductDays extends RankedDays<ProductFigures> {
  /** Events of products by day: what a day's first products are derived from. */
  public static final GoldTable TABLE =
      GoldTable.ofDates(
          schema(
              "product_days",
              "Unique events per day and product; events without a product are in no row",
              DATE,
              filled("product_id", Type.STRING, "the product"),
              number("events", "unique events with the product"),
              number("purchases", "those with action purchase"),
              nullable(
                  "revenue",
                  Type.PRICE,
                  "sum of price times quantity (1 if absent) of purchases with a price; null if"
                      + " their currencies differ or it has more than 18 digits"),
              nullable(
                  "currency",
                  Type.STRING,
                  "currency of these purchases; null if none names one or they differ"),
              filled("mixed", Type.BOOLEAN, "whether their currencies differ"),
              filled("priced", Type.LONG, "purchases with a price")));

  private static final int EVENTS = TABLE.index("events");
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int REVENUE = TABLE.index("revenue");
  private static final int CURRENCY = TABLE.index("currency");
  private static final int MIXED = TABLE.index("mixed");
  private static final int PRICED = TABLE.index("priced");

  private static final Comparator<Map.Entry<Key, ProductFigures>> RANKS =
      comparingLong((Map.Entry<Key, ProductFigures> entry) -> -entry.getValue().purchases())
          .thenComparingLong(entry -> -entry.getValue().events())
          .thenComparing(entry -> entry.getKey().name(), CodePoints.ORDER);

  public ProductDays() {
    super(TABLE, "product_id", TopProducts.TABLE, RANKS);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "product_id", "action", "price", "quantity", "currency");
  }

  @Override
  public ProductFigures createAccumulator() {
    return new ProductFigures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, ProductFigures> accumulators) {
    String product = event.productId();
    if (product == null) {
      return;
    }
    ProductFigures figures = accumulators.at(new Key(event.day(), product));
    if (event.isPurchase() && event.hasPrice()) {
      figures.addPurchase(event.price(), event.quantity(), event.currency());
    } else {
      figures.addEvent(event.isPurchase());
    }
  }

  @Override
  void addFigures(TableReader.Row row, ProductFigures figures) {
    figures.addRow(
        row.longAt(EVENTS),
        row.longAt(PURCHASES),
        row.isNull(REVENUE) ? null : row.longAt(REVENUE),
        row.isNull(CURRENCY) ? null : row.textAt(CURRENCY),
        row.booleanAt(MIXED),
        row.longAt(PRICED));
  }

  @Override
  public void emitRows(Key key, ProductFigures figures, RowSink out) {
    out.row(
        key.name(),
        figures.events(),
        figures.purchases(),
        figures.revenue(),
        figures.currency(),
        figures.mixed(),
        figures.priced());
  }

  @Override
  void emitRanked(int rank, Key product, ProductFigures figures, RowSink out) {
    out.row(
        (int) product.day(),
        rank,
        product.name(),
        figures.events(),
        figures.purchases(),
        figures.revenue());
  }
}
