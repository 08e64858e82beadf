package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.nullable;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** {@link #TABLE}: what {@link ProductDays} ranks first. */
public final class TopProducts extends Aggregation<TopProducts.Key, TopProducts.Ranked> {
  /** A day's first products. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "top_products",
                  "The 100 products with most purchases of each day; of ties, those with more"
                      + " events, then the first by product_id",
                  null,
                  DAY,
                  filled("rank", Type.INT, "1 for the first"),
                  filled("product_id", Type.STRING, "the product"),
                  number("events", "unique events with the product"),
                  number("purchases", "those with action purchase"),
                  nullable(
                      "revenue",
                      Type.PRICE,
                      "sum of price times quantity (1 if absent) of purchases with a price; null"
                          + " if their currencies differ or it has more than 18 digits")))
          .derivedFrom(ProductDays.TABLE);

  private static final int DATE = TABLE.index(DAY.name());
  private static final int RANK = TABLE.index("rank");
  private static final int PRODUCT = TABLE.index("product_id");
  private static final int EVENTS = TABLE.index("events");
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int REVENUE = TABLE.index("revenue");

  /** A rank of a day. */
  public record Key(int day, int rank) {}

  /** What has the rank. */
  public static final class Ranked {
    private String product = "";
    private long events;
    private long purchases;
    private @Nullable Long revenue;
  }

  public TopProducts() {
    super(TABLE);
  }

  @Override
  public Ranked empty() {
    return new Ranked();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Ranked> sums) {
    Ranked ranked = sums.at(new Key(row.intAt(DATE), row.intAt(RANK)));
    ranked.product = row.textAt(PRODUCT);
    ranked.events = row.longAt(EVENTS);
    ranked.purchases = row.longAt(PURCHASES);
    ranked.revenue = row.isNull(REVENUE) ? null : row.longAt(REVENUE);
  }

  @Override
  public void addExistingRow(
      TableReader.Row row, long day, LongPredicate recomputed, Accumulators<Key, Ranked> sums) {
    if (!recomputed.test(row.intAt(DATE))) {
      add(row, day, sums);
    }
  }

  @Override
  public void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.product, ranked.events, ranked.purchases, ranked.revenue);
  }
}
