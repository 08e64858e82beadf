package clicklake.transforms.gold.daily;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTables;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** {@link GoldTables#TOP_PRODUCTS}: what {@link ProductDays} ranks first. */
public final class TopProducts extends Aggregation<TopProducts.Key, TopProducts.Ranked> {

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
    super(GoldTables.TOP_PRODUCTS);
  }

  @Override
  public Ranked empty() {
    return new Ranked();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Ranked> sums) {
    Ranked ranked = sums.at(new Key(row.intAt(0), row.intAt(1)));
    ranked.product = row.textAt(2);
    ranked.events = row.longAt(3);
    ranked.purchases = row.longAt(4);
    ranked.revenue = row.isNull(5) ? null : row.longAt(5);
  }

  @Override
  public void carry(
      TableReader.Row row, long day, LongPredicate anew, Accumulators<Key, Ranked> sums) {
    if (!anew.test(row.intAt(0))) {
      add(row, day, sums);
    }
  }

  @Override
  public void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.product, ranked.events, ranked.purchases, ranked.revenue);
  }
}
