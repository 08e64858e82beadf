package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTable;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#PAGE_USERS}: which users were on which page. */
final class PageUsers extends KeyMart<PageUsers.Key, String> {

  /** A user on a page. */
  record Key(String page, String user) {}

  PageUsers() {
    super(GoldTables.PAGE_USERS);
  }

  @Override
  List<String> reads() {
    return List.of("page", "user_id");
  }

  @Override
  void add(SilverEvent event, Sums<Key, Present> sums) {
    sums.at(new Key(event.page(), event.userId()));
  }

  @Override
  Key key(TableReader.Row row, long day) {
    return new Key(row.textAt(0), row.textAt(1));
  }

  @Override
  String group(Key key) {
    return key.page();
  }

  @Override
  String group(TableReader.Row row, long day) {
    return row.textAt(0);
  }

  @Override
  GoldTable countTable() {
    return GoldTables.DIM_PAGES;
  }

  @Override
  void putCount(String page, long users, RowSink out) {
    out.row(NameUuid.ofPage(page), page, 0L, users, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @Override
  void put(Key key, Present present, RowSink out) {
    out.row(key.page(), key.user());
  }

  @Override
  int spread(Key key) {
    return key.user().hashCode();
  }
}
