package clicklake.transforms.gold.star;

import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.NameUuid;
import clicklake.transforms.gold.table.Present;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: which users were on which page. */
public final class PageUsers extends DistinctKeys<PageUsers.Key, String> {
  /** Who saw which page: what the users of a page are counted from. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "page_users",
                  "Every user with an event on the page, once",
                  null,
                  filled("page", Type.STRING, "the page"),
                  filled("user_id", Type.STRING, "who was there")))
          .appendOnlyKeys();

  private static final int PAGE = TABLE.index("page");
  private static final int USER = TABLE.index("user_id");

  /** A user on a page. */
  public record Key(String page, String user) {}

  public PageUsers() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("page", "user_id");
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Present> accumulators) {
    accumulators.at(new Key(event.page(), event.userId()));
  }

  @Override
  public Key key(TableReader.Row row, long day) {
    return new Key(row.textAt(PAGE), row.textAt(USER));
  }

  @Override
  public String group(Key key) {
    return key.page();
  }

  @Override
  public String group(TableReader.Row row, long day) {
    return row.textAt(PAGE);
  }

  @Override
  public GoldTable countTable() {
    return DimPages.TABLE;
  }

  @Override
  public void emitCount(String page, long users, RowSink out) {
    out.row(NameUuid.ofPage(page), page, 0L, users, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  @Override
  public void emitRows(Key key, Present present, RowSink out) {
    out.row(key.page(), key.user());
  }

  @Override
  public int bucketOf(Key key) {
    return key.user().hashCode();
  }
}
