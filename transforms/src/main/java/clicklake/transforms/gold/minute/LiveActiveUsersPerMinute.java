package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.USERS_SKETCH;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;

import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;

/** {@link #TABLE}: distinct users of events in time by minute. */
public final class LiveActiveUsersPerMinute extends LiveUsers {
  /** Distinct users per minute of events that arrived in time. */
  public static final GoldTable TABLE =
      live(
          "live_active_users_per_minute",
          "Distinct users per minute of event_time of events that arrived in time, estimated:"
              + " within 2 % in 99 of 100 minutes",
          number("active_users", "estimated number of distinct user_ids, rounded"),
          USERS_SKETCH);

  public LiveActiveUsersPerMinute(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, Figures> accumulators) {
    Figures figures = accumulators.at(event.minute());
    boolean inTime = inTime(event);
    figures.events.add(event, inTime);
    if (inTime) {
      figures.users.add(event.userIdBytes());
    }
  }
}
