package clicklake.transforms.gold.table;

import clicklake.schemas.table.Column;
import clicklake.schemas.table.Column.Type;
import clicklake.schemas.table.TableSchema;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of gold's definitions: columns that several tables have, and shorthands.
 *
 * <p>docs/METRICS.md defines every figure. Each table is a function of silver alone, and its own
 * state: a row holds enough to add further events to it. A number of distinct users does not say
 * which users, so such a row has a sketch beside the number, or is derived from a table of the
 * users.
 */
public final class GoldColumns {
  /** The longest pause within a session: a longer one begins another. */
  public static final Duration SESSION_GAP = Duration.ofMinutes(30);

  /** Ranks of a day's list of the first. */
  public static final int TOP = 100;

  public static final String DATE = "event_date";
  public static final Column WINDOW_START =
      kept("window_start", Type.TIMESTAMP, "start of the minute, inclusive");
  public static final Column WINDOW_END =
      kept("window_end", Type.TIMESTAMP, "end of the minute, exclusive");
  public static final Column DAY = kept(DATE, Type.DATE, "day of event_time, UTC");
  public static final Column FIRST_SEEN =
      kept("first_seen", Type.TIMESTAMP, "event_time of the earliest event");
  public static final Column LAST_SEEN =
      kept("last_seen", Type.TIMESTAMP, "event_time of the latest event");
  public static final Column TOO_LATE =
      number("too_late", "events of the window and the key that arrived too late to be counted");
  public static final Column UPDATED_AT =
      kept("updated_at", Type.TIMESTAMP, "when the latest of these events was written to silver");
  public static final Column USERS_SKETCH =
      filled("users_sketch", Type.BINARY, "the users, as DataSketches HLL of lgK 16; mergeable");

  private GoldColumns() {}

  public static GoldTable minutes(String name, String comment, Column... columns) {
    return GoldTable.ofWindows(
        schema(
            name,
            comment,
            DATE,
            Stream.concat(Stream.of(WINDOW_START, WINDOW_END), Stream.of(columns))
                .toArray(Column[]::new)),
        "window_start",
        "window_end");
  }

  public static GoldTable live(String name, String comment, Column... columns) {
    return minutes(
        name,
        comment,
        Stream.concat(Stream.of(columns), Stream.of(TOO_LATE, UPDATED_AT)).toArray(Column[]::new));
  }

  public static TableSchema schema(
      String name, String comment, @Nullable String partition, Column... columns) {
    return new TableSchema("gold/" + name, comment, List.of(columns), partition);
  }

  /** Never null, and files keep its bounds. */
  public static Column kept(String name, Type type, String comment) {
    return new Column(name, type, false, true, comment);
  }

  public static Column number(String name, String comment) {
    return new Column(name, Type.LONG, false, true, comment);
  }

  /** Never null; nothing prunes by it. */
  public static Column filled(String name, Type type, String comment) {
    return new Column(name, type, false, false, comment);
  }

  public static Column nullable(String name, Type type, String comment) {
    return new Column(name, type, true, false, comment);
  }
}
