package clicklake.schemas.eventkey;

import java.util.Arrays;

/**
 * An immutable list of event keys: id and event time of each event. Two events are the same if
 * their ids are equal and their times differ by at most the dedupe horizon.
 */
public final class EventKeys {
  private static final EventKeys EMPTY = new EventKeys(new long[0]);

  /** high, low, micros of each event. */
  private final long[] words;

  private EventKeys(long[] words) {
    this.words = words;
  }

  public static EventKeys empty() {
    return EMPTY;
  }

  public static Builder builder() {
    return builder(0);
  }

  /**
   * A builder.
   *
   * @param expected how many keys to make room for at first
   */
  public static Builder builder(int expected) {
    return new Builder(expected);
  }

  public int size() {
    return words.length / 3;
  }

  public long idHigh(int index) {
    return words[3 * index];
  }

  public long idLow(int index) {
    return words[3 * index + 1];
  }

  /** Event time, microseconds since 1970. */
  public long eventMicros(int index) {
    return words[3 * index + 2];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventKeys keys && Arrays.equals(words, keys.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return size() + " event keys";
  }

  /** Collects keys. */
  public static final class Builder {
    private long[] words;
    private int size;

    private Builder(int expected) {
      words = new long[Math.multiplyExact(3, Math.max(32, expected))];
    }

    public Builder add(long idHigh, long idLow, long eventMicros) {
      if (size + 3 > words.length) {
        words = Arrays.copyOf(words, words.length * 2);
      }
      words[size++] = idHigh;
      words[size++] = idLow;
      words[size++] = eventMicros;
      return this;
    }

    public int size() {
      return size / 3;
    }

    public EventKeys build() {
      if (size == 0) {
        return EMPTY;
      }
      // A full array is not written to again: a further key would need a larger one.
      return new EventKeys(size == words.length ? words : Arrays.copyOf(words, size));
    }
  }
}
