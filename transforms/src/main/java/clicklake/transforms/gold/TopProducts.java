package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** {@link GoldTables#TOP_PRODUCTS}: what {@link ProductDays} ranks first. */
final class TopProducts extends Mart<TopProducts.Key, TopProducts.Ranked> {

  /** A rank of a day. */
  record Key(int day, int rank) {}

  /** What has the rank. */
  static final class Ranked {
    private String product = "";
    private long events;
    private long purchases;
    private @Nullable Long revenue;
  }

  TopProducts() {
    super(GoldTables.TOP_PRODUCTS);
  }

  @Override
  Ranked empty() {
    return new Ranked();
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Ranked> sums) {
    Ranked ranked = sums.at(new Key(row.intAt(0), row.intAt(1)));
    ranked.product = row.textAt(2);
    ranked.events = row.longAt(3);
    ranked.purchases = row.longAt(4);
    ranked.revenue = row.isNull(5) ? null : row.longAt(5);
  }

  @Override
  void carry(TableReader.Row row, long day, LongPredicate anew, Sums<Key, Ranked> sums) {
    if (!anew.test(row.intAt(0))) {
      add(row, day, sums);
    }
  }

  @Override
  void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.product, ranked.events, ranked.purchases, ranked.revenue);
  }
}
