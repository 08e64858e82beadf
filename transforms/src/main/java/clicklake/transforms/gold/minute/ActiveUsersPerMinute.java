package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.USERS_SKETCH;
import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.minutes;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: distinct users by minute. */
public final class ActiveUsersPerMinute extends Aggregation<Long, UserSketch> {
  /** Distinct users per minute. */
  public static final GoldTable TABLE =
      minutes(
          "active_users_per_minute",
          "Distinct users per minute of event_time, estimated: within 2 % in 99 of 100 minutes",
          number("active_users", "estimated number of distinct user_ids, rounded"),
          filled(
              "sketch",
              Type.BINARY,
              "DataSketches HLL, lgK 14, compact, whose estimate is active_users; mergeable"),
          USERS_SKETCH);

  private static final int START = TABLE.index(WINDOW_START.name());
  private static final int SKETCH = TABLE.index(USERS_SKETCH.name());

  public ActiveUsersPerMinute() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  public UserSketch createAccumulator() {
    return UserSketch.empty();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, UserSketch> accumulators) {
    accumulators.at(event.minute()).add(event.userIdBytes());
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, UserSketch> accumulators) {
    accumulators.at(row.longAt(START)).addAll(UserSketch.of(row.bytesAt(SKETCH)));
  }

  @Override
  public void emitRows(Long minute, UserSketch users, RowSink out) {
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
