package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTable;
import clicklake.schemas.table.GoldTables;
import java.util.List;

/** {@link GoldTables#USER_DAYS}: which users were there on which day. */
final class UserDays extends KeyMart<UserDays.Key, Long> {

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
  void add(SilverEvent event, Sums<Key, Present> sums) {
    sums.at(new Key(event.day(), event.userId()));
  }

  @Override
  Key key(TableReader.Row row, long day) {
    return new Key(day, row.textAt(0));
  }

  @Override
  Long group(Key key) {
    return key.day();
  }

  @Override
  Long group(TableReader.Row row, long day) {
    return day;
  }

  @Override
  GoldTable countTable() {
    return GoldTables.DAILY_ACTIVE_USERS;
  }

  @Override
  void putCount(Long day, long users, RowSink out) {
    out.row(day.intValue(), users);
  }

  @Override
  void put(Key key, Present present, RowSink out) {
    out.row(key.user());
  }

  @Override
  long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  int spread(Key key) {
    return key.user().hashCode();
  }
}
