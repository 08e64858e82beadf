package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.function.LongPredicate;

/** {@link GoldTables#DAILY_ACTIVE_USERS}: how many users {@link UserDays} has of each day. */
final class DailyActiveUsers extends Mart<Long, Count> {

  DailyActiveUsers() {
    super(GoldTables.DAILY_ACTIVE_USERS);
  }

  @Override
  Count empty() {
    return new Count();
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Long, Count> sums) {
    sums.at((long) row.intAt(0)).add(row.longAt(1));
  }

  @Override
  void carry(TableReader.Row row, long day, LongPredicate anew, Sums<Long, Count> sums) {
    if (!anew.test(row.intAt(0))) {
      sums.at((long) row.intAt(0)).add(row.longAt(1));
    }
  }

  @Override
  void put(Long day, Count users, RowSink out) {
    out.row(day.intValue(), users.number());
  }
}
