package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.USERS_SKETCH;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;

import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;

/**
 * {@link #TABLE}: users of events that were too late. Together with {@link
 * LiveActiveUsersPerMinute}, all users of a minute.
 */
public final class LateUsersPerMinute extends LiveUsers {
  /** Users of events that arrived too late, per minute. */
  public static final GoldTable TABLE =
      live(
          "live_late_users_per_minute",
          "Users of events that arrived too late, per minute of event_time; a minute without such"
              + " events has no row",
          number("late_users", "estimated number of distinct user_ids, rounded"),
          USERS_SKETCH);

  public LateUsersPerMinute(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, Figures> accumulators) {
    if (!inTime(event)) {
      Figures figures = accumulators.at(event.minute());
      figures.events.add(event, false);
      figures.users.add(event.userIdBytes());
    }
  }
}
