package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;
import static java.util.Comparator.comparingLong;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.CodePoints;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@link #TABLE}: events by day and page, from which a day's first pages come. */
public final class PageDays extends Aggregation<PageDays.Key, Count> {
  /** Events of pages by day: what a day's first pages are derived from. */
  public static final GoldTable TABLE =
      GoldTable.ofDates(
          schema(
              "page_days",
              "Unique events per day and page",
              DATE,
              filled("page", Type.STRING, "the page"),
              number("events", "unique events")));

  private static final int PAGE = TABLE.index("page");
  private static final int EVENTS = TABLE.index("events");

  private static final Comparator<Map.Entry<Key, Count>> RANKS =
      comparingLong((Map.Entry<Key, Count> entry) -> -entry.getValue().number())
          .thenComparing(entry -> entry.getKey().page(), CodePoints.ORDER);

  /** A page on a day. */
  public record Key(long day, String page) {}

  public PageDays() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "page");
  }

  @Override
  public Count empty() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> sums) {
    sums.at(new Key(event.day(), event.page())).add(1);
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Count> sums) {
    sums.at(new Key(day, row.textAt(PAGE))).add(row.longAt(EVENTS));
  }

  @Override
  public void put(Key key, Count count, RowSink out) {
    out.row(key.page(), count.number());
  }

  @Override
  public long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  public void emitDerivedRows(Map<Key, Count> part, DerivedRows out) {
    RowSink rows = out.into(TopPages.TABLE);
    Ranking.byDay(
        part,
        Key::day,
        RANKS,
        (rank, key, count) -> rows.row((int) key.day(), rank, key.page(), count.number()));
  }
}
