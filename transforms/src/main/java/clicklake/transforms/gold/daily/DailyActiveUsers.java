package clicklake.transforms.gold.daily;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTables;
import java.util.function.LongPredicate;

/** {@link GoldTables#DAILY_ACTIVE_USERS}: how many users {@link UserDays} has of each day. */
public final class DailyActiveUsers extends Aggregation<Long, Count> {

  public DailyActiveUsers() {
    super(GoldTables.DAILY_ACTIVE_USERS);
  }

  @Override
  public Count empty() {
    return new Count();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, Count> sums) {
    sums.at((long) row.intAt(0)).add(row.longAt(1));
  }

  @Override
  public void carry(
      TableReader.Row row, long day, LongPredicate anew, Accumulators<Long, Count> sums) {
    if (!anew.test(row.intAt(0))) {
      sums.at((long) row.intAt(0)).add(row.longAt(1));
    }
  }

  @Override
  public void put(Long day, Count users, RowSink out) {
    out.row(day.intValue(), users.number());
  }
}
