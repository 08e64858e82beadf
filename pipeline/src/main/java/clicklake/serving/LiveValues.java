package clicklake.serving;

import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.LiveRow;
import clicklake.transforms.live.LiveTable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A figure of the real-time layer as a row of its table. */
public final class LiveValues {
  /** The last second that ClickHouse's DateTime holds, in microseconds since 1970. */
  static final long LAST_MICROS = ((1L << 32) - 1) * 1_000_000;

  private LiveValues() {}

  /**
   * Whether ClickHouse can hold a minute: DateTime ends in 2106, and a broken clock may stamp
   * events with any year up to 9999.
   */
  public static boolean fits(long minute) {
    return minute >= 0 && minute + SilverEvent.MICROS_OF_MINUTE <= LAST_MICROS;
  }

  /**
   * The values of {@link ServedTable#rowColumns()}.
   *
   * @param clock for when the row was written
   */
  public static List<@Nullable Object> of(LiveRow row, Clock clock) {
    LiveTable table = row.figure().table();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(time(row.minute()));
    values.add(time(row.minute() + SilverEvent.MICROS_OF_MINUTE));
    if (!table.key().isEmpty()) {
      values.add(row.figure().key());
    }
    values.add(row.figure().figure());
    if (table != LiveTable.USERS && table != LiveTable.SESSIONS) {
      values.add(row.figure().late());
    }
    values.addAll(
        endOfRow(
            clock.instant(),
            row.silverVersion(),
            row.isFinal(),
            row.isFinal() && row.figure().figure() == 0,
            row.version()));
    return values;
  }

  /** The values that each row has behind those of its table. */
  static List<@Nullable Object> endOfRow(
      Instant updatedAt, long silverVersion, boolean isFinal, boolean deleted, long version) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(updatedAt);
    values.add(silverVersion);
    values.add(isFinal);
    values.add(deleted);
    values.add(version);
    return values;
  }

  private static Instant time(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
  }
}
