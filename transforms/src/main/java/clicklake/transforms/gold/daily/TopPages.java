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
    Ranked ranked = sums.at(new Key(row.intAt(0), row.intAt(1)));
    ranked.page = row.textAt(2);
    ranked.events = row.longAt(3);
  }

  @Override
  public void addExistingRow(
      TableReader.Row row, long day, LongPredicate recomputed, Accumulators<Key, Ranked> sums) {
    if (!recomputed.test(row.intAt(0))) {
      add(row, day, sums);
    }
  }

  @Override
  public void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.page, ranked.events);
  }
}
