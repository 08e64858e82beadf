package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.time.Duration;
import java.util.List;

/** {@link GoldTables#LIVE_ACTIVE_USERS}: distinct users of events in time by minute. */
final class LiveActiveUsersPerMinute extends LiveMart<Long, LiveActiveUsersPerMinute.Figures> {

  /** Figures of a minute. */
  static final class Figures {
    private final UserSketch users = UserSketch.empty();
    private final LiveFigures events = new LiveFigures();
  }

  LiveActiveUsersPerMinute(Duration lateness) {
    super(GoldTables.LIVE_ACTIVE_USERS, lateness);
  }

  @Override
  List<String> reads() {
    return and("user_id");
  }

  @Override
  Figures empty() {
    return new Figures();
  }

  @Override
  void add(SilverEvent event, Sums<Long, Figures> sums) {
    Figures figures = sums.at(event.minute());
    boolean inTime = inTime(event);
    figures.events.add(event, inTime);
    if (inTime) {
      figures.users.add(event.userIdBytes());
    }
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Long, Figures> sums) {
    Figures figures = sums.at(row.longAt(0));
    figures.users.addAll(UserSketch.of(row.bytesAt(3)));
    figures.events.addRow(0, row.longAt(4), row.longAt(5));
  }

  @Override
  void put(Long minute, Figures figures, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        Math.round(figures.users.estimate()),
        figures.users.toBytes(),
        figures.events.tooLate(),
        figures.events.updatedAt());
  }

  @Override
  long start(Long minute) {
    return minute;
  }
}
