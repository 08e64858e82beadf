package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.schema;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.Present;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;

/** {@link #TABLE}: which users were there on which day. */
public final class UserDays extends DistinctKeys<UserDays.Key, Long> {
  /** Who was there on which day: what daily active users are counted from. */
  public static final GoldTable TABLE =
      GoldTable.ofDates(
              schema(
                  "user_days",
                  "Every user with an event on the day, once",
                  DATE,
                  filled("user_id", Type.STRING, "who was there")))
          .appendOnlyKeys();

  private static final int USER = TABLE.index("user_id");

  /** A user on a day. */
  public record Key(long day, String user) {}

  public UserDays() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "user_id");
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Present> accumulators) {
    accumulators.at(new Key(event.day(), event.userId()));
  }

  @Override
  public Key key(TableReader.Row row, long day) {
    return new Key(day, row.textAt(USER));
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
    return DailyActiveUsers.TABLE;
  }

  @Override
  public void emitCount(Long day, long users, RowSink out) {
    out.row(day.intValue(), users);
  }

  @Override
  public void emitRows(Key key, Present present, RowSink out) {
    out.row(key.user());
  }

  @Override
  public long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  public int bucketOf(Key key) {
    return key.user().hashCode();
  }
}
