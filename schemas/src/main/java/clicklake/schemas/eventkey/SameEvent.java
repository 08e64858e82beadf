package clicklake.schemas.eventkey;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/*
 * Why a row is displaced only at equal event time. "Same event" is not transitive: of three records
 * of one id the outer two may lie more than the horizon apart and yet both be the same event as the
 * one in the middle. A row that gave way to a record of another time would leave behind what was
 * counted as its duplicate, and the newcomer might stand within the horizon of a second row.
 *
 * At equal time nothing of that can happen. Let rows be more than the horizon apart from each other,
 * and a newcomer have the time of one of them. Then that row is the only one within the horizon of
 * the newcomer, because any other would be within the horizon of that row. And whatever had the row
 * within its horizon has the newcomer there. So once a row stands at some time, there is a row at
 * that time for ever: a duplicate never loses its original, and rows stay apart.
 */

/**
 * The rule that decides what a record of an id is beside the rows of that id: a row of its own, or
 * a duplicate of one of them.
 *
 * <p>Whoever follows it, in whatever order the records come, ends with rows that lie more than the
 * horizon apart, and with a row within the horizon of every duplicate.
 *
 * @param horizonMicros largest distance of the event times of one event, inclusive
 */
public record SameEvent(long horizonMicros) {

  /**
   * A record with the id in question.
   *
   * @param <C> what it is compared with
   */
  public interface Claim<C> {
    /** Event time, microseconds since 1970. */
    long eventMicros();

    /** Whether the other is an identical copy, its event time included. */
    boolean sameContent(C other);

    /** Whether this one's rank (arrival, source, partition, offset) is the lower one. */
    boolean ranksBefore(C other);
  }

  /** What a record is. */
  public enum Outcome {
    /** No row is the same event: it is a row. */
    ROW,
    /** A row has the same content: it is a duplicate. */
    COPY,
    /** It is a duplicate with other content than the row, which stays. */
    CONFLICT,
    /** It is the row from now on, and the row a duplicate with other content. */
    DISPLACES
  }

  /**
   * What a record is, and by which row.
   *
   * @param row the row that it repeats or displaces; null if it is a row of its own
   */
  public record Decision<C>(Outcome outcome, @Nullable C row) {}

  /** The rule with a horizon. */
  public static SameEvent within(Duration horizon) {
    return new SameEvent(horizon.toNanos() / 1000);
  }

  /** Whether two times belong to one event, given equal ids. */
  public static boolean holds(long oneMicros, long otherMicros, long horizonMicros) {
    long apart = oneMicros - otherMicros;
    return apart <= horizonMicros && apart >= -horizonMicros;
  }

  /**
   * Decides on a record.
   *
   * @param rows all rows of its id, in any order
   */
  public <C extends Claim<C>> Decision<C> decide(C record, Iterable<C> rows) {
    C other = null;
    for (C row : rows) {
      if (holds(row.eventMicros(), record.eventMicros(), horizonMicros)) {
        if (record.sameContent(row)) {
          return new Decision<>(Outcome.COPY, row);
        }
        if (other == null || row.eventMicros() == record.eventMicros()) {
          other = row;
        }
      }
    }
    if (other == null) {
      return new Decision<>(Outcome.ROW, null);
    }
    boolean displaces = other.eventMicros() == record.eventMicros() && record.ranksBefore(other);
    return new Decision<>(displaces ? Outcome.DISPLACES : Outcome.CONFLICT, other);
  }
}
