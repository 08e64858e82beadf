package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import java.util.function.LongPredicate;

/** {@link #TABLE}: what {@link PageDays} ranks first. */
public final class TopPages extends Aggregation<TopPages.Key, TopPages.Ranked> {
  /** A day's first pages. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "top_pages",
                  "The 100 pages with most events of each day; of ties, the first by page",
                  null,
                  DAY,
                  filled("rank", Type.INT, "1 for the first"),
                  filled("page", Type.STRING, "the page"),
                  number("events", "unique events")))
          .derivedFrom(PageDays.TABLE);

  private static final int DATE = TABLE.index(DAY.name());
  private static final int RANK = TABLE.index("rank");
  private static final int PAGE = TABLE.index("page");
  private static final int EVENTS = TABLE.index("events");

  /** A rank of a day. */
  public record Key(int day, int rank) {}

  /** What has the rank. */
  public static final class Ranked {
    private String page = "";
    private long events;
  }

  public TopPages() {
    super(TABLE);
  }

  @Override
  public Ranked empty() {
    return new Ranked();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Ranked> sums) {
    Ranked ranked = sums.at(new Key(row.intAt(DATE), row.intAt(RANK)));
    ranked.page = row.textAt(PAGE);
    ranked.events = row.longAt(EVENTS);
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
    out.row(key.day(), key.rank(), ranked.page, ranked.events);
  }
}
