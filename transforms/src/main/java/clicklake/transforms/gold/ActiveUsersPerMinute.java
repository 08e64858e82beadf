package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#ACTIVE_USERS_PER_MINUTE}: distinct users by minute. */
final class ActiveUsersPerMinute extends Mart<Long, UserSketch> {
  private static final int USERS_SKETCH = 4;

  ActiveUsersPerMinute() {
    super(GoldTables.ACTIVE_USERS_PER_MINUTE);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  UserSketch empty() {
    return UserSketch.empty();
  }

  @Override
  void add(SilverEvent event, Sums<Long, UserSketch> sums) {
    sums.at(event.minute()).add(event.userIdBytes());
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Long, UserSketch> sums) {
    sums.at(row.longAt(0)).addAll(UserSketch.of(row.bytesAt(USERS_SKETCH)));
  }

  @Override
  void put(Long minute, UserSketch users, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        Math.round(users.estimate()),
        users.toTableBytes(),
        users.toBytes());
  }

  @Override
  long start(Long minute) {
    return minute;
  }
}
