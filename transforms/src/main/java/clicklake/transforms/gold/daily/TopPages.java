package clicklake.transforms.gold.daily;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTables;
import java.util.function.LongPredicate;

/** {@link GoldTables#TOP_PAGES}: what {@link PageDays} ranks first. */
public final class TopPages extends Aggregation<TopPages.Key, TopPages.Ranked> {

  /** A rank of a day. */
  public record Key(int day, int rank) {}

  /** What has the rank. */
  public static final class Ranked {
    private String page = "";
    private long events;
  }

  public TopPages() {
    super(GoldTables.TOP_PAGES);
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
  public void carry(
      TableReader.Row row, long day, LongPredicate anew, Accumulators<Key, Ranked> sums) {
    if (!anew.test(row.intAt(0))) {
      add(row, day, sums);
    }
  }

  @Override
  public void put(Key key, Ranked ranked, RowSink out) {
    out.row(key.day(), key.rank(), ranked.page, ranked.events);
  }
}
