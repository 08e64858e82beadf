package clicklake.transforms.gold;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.Action;
import java.util.Arrays;

/**
 * What is known of the events of one minute: how many there are of each action, and who acted.
 *
 * <p>Merging is associative and commutative, and summaries of the same events have the same {@link
 * #toBytes bytes}, {@link #activeUsers estimate} and {@link #sketch}, however the events were
 * split. Two summaries are equal if their bytes are. Not safe for use by several threads.
 */
public final class MinuteSummary {
  /** A minute in microseconds. */
  public static final long MINUTE_MICROS = 60_000_000L;

  private static final int ACTIONS = Action.values().length;

  private final long[] events;
  private final UserSketch users;

  private MinuteSummary(long[] events, UserSketch users) {
    this.events = events;
    this.users = users;
  }

  /** The summary of no events. */
  public static MinuteSummary empty() {
    return new MinuteSummary(new long[ACTIONS], UserSketch.empty());
  }

  /** The start of the minute, UTC, that a time falls into; both in microseconds since 1970. */
  public static long minuteOf(long eventMicros) {
    return Math.floorDiv(eventMicros, MINUTE_MICROS) * MINUTE_MICROS;
  }

  /**
   * Adds an event.
   *
   * @param userId who acted: UTF-8, not empty
   */
  public void add(Action action, byte[] userId) {
    events[action.ordinal()]++;
    users.add(userId);
  }

  /** Adds the events of another summary, which stays as it is. */
  public void addAll(MinuteSummary other) {
    for (int i = 0; i < ACTIONS; i++) {
      events[i] += other.events[i];
    }
    users.addAll(other.users);
  }

  /** Number of events of an action. */
  public long events(Action action) {
    return events[action.ordinal()];
  }

  /** Estimated number of distinct users, rounded. */
  public long activeUsers() {
    return Math.round(users.estimate());
  }

  /**
   * The users as a compact DataSketches HLL sketch of lgK 14, whose own estimate, rounded, is
   * {@link #activeUsers()}; users are hashed as {@code HllSketch.update(String)} does it.
   */
  public byte[] sketch() {
    return users.toTableBytes();
  }

  /** The whole summary: a varint for each action, then the sketch with its length before it. */
  public byte[] toBytes() {
    byte[] sketch = users.toBytes();
    Bytes bytes = new Bytes(sketch.length + 10 * (ACTIONS + 1));
    for (long count : events) {
      bytes.putVarint(count);
    }
    bytes.putSlice(sketch, 0, sketch.length);
    return bytes.toByteArray();
  }

  /** What {@link #toBytes()} gave. */
  public static MinuteSummary of(byte[] bytes) {
    Bytes.Reader in = new Bytes.Reader(bytes, 0);
    long[] events = new long[ACTIONS];
    for (int i = 0; i < ACTIONS; i++) {
      events[i] = in.readVarint();
    }
    return new MinuteSummary(events, UserSketch.of(in.readBytes((int) in.readVarint())));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MinuteSummary that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }

  @Override
  public String toString() {
    return "MinuteSummary" + Arrays.toString(events) + " by " + activeUsers() + " users";
  }
}
