package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.nullable;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.GoldTable;
import org.jspecify.annotations.Nullable;

/** {@link #TABLE}: what {@link ProductDays} ranks first. */
public final class TopProducts extends DailyTop<TopProducts.Product> {
  /** A day's first products. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "top_products",
                  "The 100 products with most purchases of each day; of ties, those with more"
                      + " events, then the first by product_id",
                  null,
                  DAY,
                  RANK,
                  filled("product_id", Type.STRING, "the product"),
                  number("events", "unique events with the product"),
                  number("purchases", "those with action purchase"),
                  nullable(
                      "revenue",
                      Type.PRICE,
                      "sum of price times quantity (1 if absent) of purchases with a price; null"
                          + " if their currencies differ or it has more than 18 digits")))
          .derivedFrom(ProductDays.TABLE);

  private static final int PRODUCT = TABLE.index("product_id");
  private static final int EVENTS = TABLE.index("events");
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int REVENUE = TABLE.index("revenue");

  /** A product with a rank. */
  public record Product(String product, long events, long purchases, @Nullable Long revenue) {}

  public TopProducts() {
    super(TABLE);
  }

  @Override
  Product item(TableReader.Row row) {
    return new Product(
        row.textAt(PRODUCT),
        row.longAt(EVENTS),
        row.longAt(PURCHASES),
        row.isNull(REVENUE) ? null : row.longAt(REVENUE));
  }

  @Override
  void emitItem(Key key, Product product, RowSink out) {
    out.row(
        key.day(),
        key.rank(),
        product.product(),
        product.events(),
        product.purchases(),
        product.revenue());
  }
}
