package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.Present;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link GoldTables#USER_DAYS}: which users were there on which day. */
public final class UserDays extends DistinctKeys<UserDays.Key, Long> {

  /** A user on a day. */
  public record Key(long day, String user) {}

  public UserDays() {
    super(GoldTables.USER_DAYS);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Present> sums) {
    sums.at(new Key(event.day(), event.userId()));
  }

  @Override
  public Key key(TableReader.Row row, long day) {
    return new Key(day, row.textAt(0));
  }

  @Override
  public Long group(Key key) {
    return key.day();
  }

  @Override
  public Long group(TableReader.Row row, long day) {
    return day;
  }

  @Override
  public GoldTable countTable() {
    return GoldTables.DAILY_ACTIVE_USERS;
  }

  @Override
  public void putCount(Long day, long users, RowSink out) {
    out.row(day.intValue(), users);
  }

  @Override
  public void put(Key key, Present present, RowSink out) {
    out.row(key.user());
  }

  @Override
  public long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  public int spread(Key key) {
    return key.user().hashCode();
  }
}
