package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.GoldTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link GoldTables#PAGE_USERS}: which users were on which page. */
final class PageUsers extends Mart<PageUsers.Key, Present> {

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
  Present empty() {
    return Present.YES;
  }

  @Override
  void add(SilverEvent event, Sums<Key, Present> sums) {
    sums.at(new Key(event.page(), event.userId()));
  }

  @Override
  void add(TableRows.Row row, long day, Sums<Key, Present> sums) {
    sums.at(new Key(row.textAt(0), row.textAt(1)));
  }

  @Override
  void put(Key key, Present present, RowSink out) {
    out.row(key.page(), key.user());
  }

  @Override
  boolean spreads() {
    return true;
  }

  @Override
  long start(Key key) {
    return 0;
  }

  @Override
  int spread(Key key) {
    return key.user().hashCode();
  }

  @Override
  void draw(Map<Key, Present> part, Drawn out) {
    Map<String, Long> users = new HashMap<>();
    part.keySet().forEach(key -> users.merge(key.page(), 1L, Long::sum));
    RowSink rows = out.into(GoldTables.DIM_PAGES);
    users.forEach(
        (page, number) ->
            rows.row(NameUuid.ofPage(page), page, 0L, number, Long.MAX_VALUE, Long.MIN_VALUE));
  }
}
