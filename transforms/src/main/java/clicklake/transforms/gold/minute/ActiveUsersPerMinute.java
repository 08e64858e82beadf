package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link GoldTables#ACTIVE_USERS_PER_MINUTE}: distinct users by minute. */
public final class ActiveUsersPerMinute extends Aggregation<Long, UserSketch> {
  private static final int USERS_SKETCH = 4;

  public ActiveUsersPerMinute() {
    super(GoldTables.ACTIVE_USERS_PER_MINUTE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  public UserSketch empty() {
    return UserSketch.empty();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, UserSketch> sums) {
    sums.at(event.minute()).add(event.userIdBytes());
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, UserSketch> sums) {
    sums.at(row.longAt(0)).addAll(UserSketch.of(row.bytesAt(USERS_SKETCH)));
  }

  @Override
  public void put(Long minute, UserSketch users, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        Math.round(users.estimate()),
        users.toTableBytes(),
        users.toBytes());
  }

  @Override
  public long start(Long minute) {
    return minute;
  }
}
