package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.GoldTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link GoldTables#USER_DAYS}: which users were there on which day. */
final class UserDays extends Mart<UserDays.Key, Present> {

  /** A user on a day. */
  record Key(long day, String user) {}

  UserDays() {
    super(GoldTables.USER_DAYS);
  }

  @Override
  List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  Present empty() {
    return Present.YES;
  }

  @Override
  void add(SilverEvent event, Sums<Key, Present> sums) {
    sums.at(new Key(event.day(), event.userId()));
  }

  @Override
  void add(TableRows.Row row, long day, Sums<Key, Present> sums) {
    sums.at(new Key(day, row.textAt(0)));
  }

  @Override
  void put(Key key, Present present, RowSink out) {
    out.row(key.user());
  }

  @Override
  boolean spreads() {
    return true;
  }

  @Override
  long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  int spread(Key key) {
    return key.user().hashCode();
  }

  @Override
  void draw(Map<Key, Present> part, Drawn out) {
    Map<Long, Long> users = new HashMap<>();
    part.keySet().forEach(key -> users.merge(key.day(), 1L, Long::sum));
    RowSink rows = out.into(GoldTables.DAILY_ACTIVE_USERS);
    users.forEach((day, number) -> rows.row(day.intValue(), number));
  }
}
