package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_DAY;
import static java.util.Comparator.comparingLong;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@link GoldTables#PAGE_DAYS}: events by day and page, from which a day's first pages come. */
final class PageDays extends Mart<PageDays.Key, Count> {
  private static final Comparator<Map.Entry<Key, Count>> RANKS =
      comparingLong((Map.Entry<Key, Count> entry) -> -entry.getValue().number())
          .thenComparing(entry -> entry.getKey().page(), CodePoints.ORDER);

  /** A page on a day. */
  record Key(long day, String page) {}

  PageDays() {
    super(GoldTables.PAGE_DAYS);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "page");
  }

  @Override
  Count empty() {
    return new Count();
  }

  @Override
  void add(SilverEvent event, Sums<Key, Count> sums) {
    sums.at(new Key(event.day(), event.page())).add(1);
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Count> sums) {
    sums.at(new Key(day, row.textAt(0))).add(row.longAt(1));
  }

  @Override
  void put(Key key, Count count, RowSink out) {
    out.row(key.page(), count.number());
  }

  @Override
  long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  void draw(Map<Key, Count> part, Drawn out) {
    RowSink rows = out.into(GoldTables.TOP_PAGES);
    Ranking.byDay(
        part,
        Key::day,
        RANKS,
        (rank, key, count) -> rows.row((int) key.day(), rank, key.page(), count.number()));
  }
}
