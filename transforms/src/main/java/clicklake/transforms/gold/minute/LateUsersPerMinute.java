package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.USERS_SKETCH;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/**
 * {@link #TABLE}: users of events that were too late. Together with {@link
 * LiveActiveUsersPerMinute}, all users of a minute.
 */
public final class LateUsersPerMinute
    extends LateAwareAggregation<Long, LateUsersPerMinute.Figures> {
  /** Users of events that arrived too late, per minute. */
  public static final GoldTable TABLE =
      live(
          "live_late_users_per_minute",
          "Users of events that arrived too late, per minute of event_time; a minute without such"
              + " events has no row",
          number("late_users", "estimated number of distinct user_ids, rounded"),
          USERS_SKETCH);

  private static final int SKETCH = TABLE.index(USERS_SKETCH.name());

  /** Figures of a minute. */
  public static final class Figures {
    private final UserSketch users = UserSketch.empty();
    private final LiveFigures events = new LiveFigures();
  }

  public LateUsersPerMinute(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public List<String> reads() {
    return and("user_id");
  }

  @Override
  public Figures createAccumulator() {
    return new Figures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, Figures> accumulators) {
    if (!inTime(event)) {
      Figures figures = accumulators.at(event.minute());
      figures.events.add(event, false);
      figures.users.add(event.userIdBytes());
    }
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, Figures> accumulators) {
    Figures figures = accumulators.at(minute(row));
    figures.users.addAll(UserSketch.of(row.bytesAt(SKETCH)));
    addRow(row, 0, figures.events);
  }

  @Override
  public void emitRows(Long minute, Figures figures, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        Math.round(figures.users.estimate()),
        figures.users.toBytes(),
        figures.events.tooLate(),
        figures.events.updatedAt());
  }

  @Override
  public long start(Long minute) {
    return minute;
  }
}
