package clicklake.transforms.gold.star;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.NameUuid;
import clicklake.transforms.gold.table.Present;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link GoldTables#PAGE_USERS}: which users were on which page. */
public final class PageUsers extends DistinctKeys<PageUsers.Key, String> {

  /** A user on a page. */
  public record Key(String page, String user) {}

  public PageUsers() {
    super(GoldTables.PAGE_USERS);
  }

  @Override
  public List<String> reads() {
    return List.of("page", "user_id");
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Present> sums) {
    sums.at(new Key(event.page(), event.userId()));
  }

  @Override
  public Key key(TableReader.Row row, long day) {
    return new Key(row.textAt(0), row.textAt(1));
  }

  @Override
  public String group(Key key) {
    return key.page();
  }

  @Override
  public String group(TableReader.Row row, long day) {
    return row.textAt(0);
  }

  @Override
  public GoldTable countTable() {
    return GoldTables.DIM_PAGES;
  }

  @Override
  public void putCount(String page, long users, RowSink out) {
    out.row(NameUuid.ofPage(page), page, 0L, users, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @Override
  public void put(Key key, Present present, RowSink out) {
    out.row(key.page(), key.user());
  }

  @Override
  public int spread(Key key) {
    return key.user().hashCode();
  }
}
