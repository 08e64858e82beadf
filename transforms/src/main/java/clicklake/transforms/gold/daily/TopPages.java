package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.GoldTable;

/** {@link #TABLE}: what {@link PageDays} ranks first. */
public final class TopPages extends DailyTop<TopPages.Page> {
  /** A day's first pages. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "top_pages",
                  "The 100 pages with most events of each day; of ties, the first by page",
                  null,
                  DAY,
                  RANK,
                  filled("page", Type.STRING, "the page"),
                  number("events", "unique events")))
          .derivedFrom(PageDays.TABLE);

  private static final int PAGE = TABLE.index("page");
  private static final int EVENTS = TABLE.index("events");

  /** A page with a rank. */
  public record Page(String page, long events) {}

  public TopPages() {
    super(TABLE);
  }

  @Override
  Page item(TableReader.Row row) {
    return new Page(row.textAt(PAGE), row.longAt(EVENTS));
  }

  @Override
  void emitItem(Key key, Page page, RowSink out) {
    out.row(key.day(), key.rank(), page.page(), page.events());
  }
}
