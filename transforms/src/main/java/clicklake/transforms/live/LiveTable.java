package clicklake.transforms.live;

import clicklake.schemas.contract.Action;
import clicklake.transforms.gold.minute.UserSketch;
import java.time.Duration;
import java.util.function.Consumer;

/** The figures of the real-time layer, and which rows a minute has in each. */
public enum LiveTable {
  /** Events by action. */
  EVENTS("events_per_minute", "event_type") {
    @Override
    void rows(MinuteFigures minute, Consumer<LiveFigure> out) {
      for (Action action : Action.values()) {
        MinuteFigures.Counts counts = minute.events(action);
        if (counts.events() > 0) {
          out.accept(new LiveFigure(this, action.text(), counts.events(), counts.late()));
        }
      }
    }
  },
  /** Logins by source; a missing source is {@code unknown}. */
  LOGINS("logins_per_source", "source") {
    @Override
    void rows(MinuteFigures minute, Consumer<LiveFigure> out) {
      minute
          .logins()
          .forEach(
              (source, counts) ->
                  out.accept(new LiveFigure(this, source, counts.events(), counts.late())));
    }
  },
  /** Purchases. */
  PURCHASES("purchases_per_minute", "") {
    @Override
    void rows(MinuteFigures minute, Consumer<LiveFigure> out) {
      MinuteFigures.Counts counts = minute.events(Action.PURCHASE);
      if (counts.events() > 0) {
        out.accept(new LiveFigure(this, "", counts.events(), counts.late()));
      }
    }
  },
  /** Distinct users, estimated within 2 % in 99 of 100 minutes. */
  USERS("active_users_per_minute", "") {
    @Override
    void rows(MinuteFigures minute, Consumer<LiveFigure> out) {
      if (!minute.isEmpty()) {
        out.accept(users(minute.users()));
      }
    }
  },
  /**
   * Sessions that are open at the minute's end: a user has one at most, and has one as long as his
   * last event is no more than the session gap ago.
   */
  SESSIONS("sessions_now", "") {
    @Override
    void rows(MinuteFigures minute, Consumer<LiveFigure> out) {
      // Of many minutes: see figure(UserSketch).
    }
  };

  /** How many minutes before its end a session may have had its last event, and be open. */
  public static final int SESSION_MINUTES = (int) Duration.ofMinutes(30).toMinutes();

  private final String tableName;
  private final String key;

  LiveTable(String tableName, String key) {
    this.tableName = tableName;
    this.key = key;
  }

  /** The table's name. */
  public String tableName() {
    return tableName;
  }

  /** Name of the column that rows of a minute differ in; empty if a minute is one row. */
  public String key() {
    return key;
  }

  abstract void rows(MinuteFigures minute, Consumer<LiveFigure> out);

  /** The rows of a minute in all tables, without {@link #SESSIONS}. */
  public static void ofMinute(MinuteFigures minute, Consumer<LiveFigure> out) {
    for (LiveTable table : values()) {
      table.rows(minute, out);
    }
  }

  /** The rows of a minute in the tables of counts: those that need no sketch. */
  public static void counts(MinuteFigures minute, Consumer<LiveFigure> out) {
    EVENTS.rows(minute, out);
    LOGINS.rows(minute, out);
    PURCHASES.rows(minute, out);
  }

  /** The row of {@link #USERS}. */
  public static LiveFigure users(UserSketch users) {
    return new LiveFigure(USERS, "", Math.round(users.estimate()), 0);
  }

  /**
   * The row of {@link #SESSIONS}.
   *
   * @param users all users of the minutes in which the last event of an open session may lie
   */
  public static LiveFigure sessions(UserSketch users) {
    return new LiveFigure(SESSIONS, "", Math.round(users.estimate()), 0);
  }

  /**
   * A figure of a minute.
   *
   * @param key value of {@link #key()}; empty if there is none
   * @param figure how many
   * @param late how many of them came too late
   */
  public record LiveFigure(LiveTable table, String key, long figure, long late) {}
}
