package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.function.LongPredicate;

/** {@link GoldTables#TOP_PAGES}: what {@link PageDays} ranks first. */
final class TopPages extends Mart<TopPages.Key, TopPages.Ranked> {

  /** A rank of a day. */
  record Key(int day, int rank) {}

  /** What has the rank. */
  static final class Ranked {
    private String page = "";
    private long events;
  }

  TopPages() {
    super(GoldTables.TOP_PAGES);
  }

  @Override
  Ranked empty() {
    return new Ranked();
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Ranked> sums) {
    Ranked ranked = sums.at(new Key(row.intAt(0), row.intAt(1)));
    ranked.page = row.textAt(2);
    ranked.events = row.longAt(3);
  }

  @Override
  void carry(TableReader.Row row, long day, LongPredicate anew, Sums<Key, Ranked> sums) {
    if (!anew.test(row.intAt(0))) {
      add(row, day, sums);
    }
  }

  @Override
  void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.page, ranked.events);
  }
}
