package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * {@link GoldTables#DIM_PAGES}: what is known of each page. Its users are the keys of {@link
 * PageUsers}.
 */
final class DimPages extends Mart<String, DimPages.Figures> {

  /** Figures of a page. */
  static final class Figures {
    private long events;
    private long users;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private void add(long moreEvents, long moreUsers, long otherFirst, long otherLast) {
      events += moreEvents;
      users += moreUsers;
      first = Math.min(first, otherFirst);
      last = Math.max(last, otherLast);
    }
  }

  DimPages() {
    super(GoldTables.DIM_PAGES);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "page");
  }

  @Override
  Figures empty() {
    return new Figures();
  }

  @Override
  void add(SilverEvent event, Sums<String, Figures> sums) {
    sums.at(event.page()).add(1, 0, event.micros(), event.micros());
  }

  @Override
  void add(TableReader.Row row, long day, Sums<String, Figures> sums) {
    sums.at(row.textAt(1)).add(row.longAt(2), row.longAt(3), row.longAt(4), row.longAt(5));
  }

  @Override
  void carry(TableReader.Row row, long day, LongPredicate anew, Sums<String, Figures> sums) {
    long users = anew.test(day) ? 0 : row.longAt(3);
    sums.at(row.textAt(1)).add(row.longAt(2), users, row.longAt(4), row.longAt(5));
  }

  @Override
  void put(String page, Figures figures, RowSink out) {
    out.row(
        NameUuid.ofPage(page), page, figures.events, figures.users, figures.first, figures.last);
  }

  @Override
  boolean spreads() {
    return true;
  }
}
