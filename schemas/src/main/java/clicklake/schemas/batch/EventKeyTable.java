package clicklake.schemas.batch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of event keys with a value, a small tag and, if wanted, a mark each: what the dedupe
 * cache and the committers look events up in.
 *
 * <p>Open addressing over parallel arrays, 33 bytes a slot (41 with marks), at most two thirds
 * full. One id may stand in it several times if its event times lie more than the horizon apart. A
 * slot number is valid until the next {@link #add}. Not safe for use by several threads.
 */
public final class EventKeyTable {
  private static final byte FREE = 0;

  private long[] keys;
  private long[] values;
  private long @Nullable [] marks;
  private byte[] tags;
  private int size;

  /**
   * A table without marks.
   *
   * @param expected how many keys to make room for at first
   */
  public EventKeyTable(int expected) {
    this(expected, false);
  }

  /**
   * @param expected how many keys to make room for at first
   * @param marked whether entries have marks
   */
  public EventKeyTable(int expected, boolean marked) {
    marks = marked ? new long[0] : null;
    int capacity = Integer.highestOneBit(Math.max(16, expected + expected / 2)) << 1;
    allocate(capacity);
  }

  private void allocate(int capacity) {
    keys = new long[Math.multiplyExact(3, capacity)];
    values = new long[capacity];
    marks = marks == null ? null : new long[capacity];
    tags = new byte[capacity];
  }

  /** Keys in the table. */
  public int size() {
    return size;
  }

  /** Number of slots; slots from 0 to this hold a key if their {@link #tag} is not 0. */
  public int capacity() {
    return tags.length;
  }

  /** Whether two times belong to one event, given equal ids. */
  public static boolean sameEvent(long oneMicros, long otherMicros, long horizonMicros) {
    long apart = oneMicros - otherMicros;
    return apart <= horizonMicros && apart >= -horizonMicros;
  }

  /**
   * The slot of a key with this id and a time at most the horizon away, -1 if there is none.
   *
   * @param horizonMicros largest distance of event times of one event, inclusive
   */
  public int find(long idHigh, long idLow, long eventMicros, long horizonMicros) {
    int mask = tags.length - 1;
    for (int slot = hash(idHigh, idLow) & mask; tags[slot] != FREE; slot = slot + 1 & mask) {
      int at = 3 * slot;
      if (keys[at] == idHigh
          && keys[at + 1] == idLow
          && sameEvent(keys[at + 2], eventMicros, horizonMicros)) {
        return slot;
      }
    }
    return -1;
  }

  /**
   * Adds a key, whether or not there is one like it.
   *
   * @param tag not 0
   * @return its slot
   */
  public int add(long idHigh, long idLow, long eventMicros, long value, int tag) {
    if (tag == FREE) {
      throw new IllegalArgumentException("tag 0 marks free slots");
    }
    if ((size + 1) * 3L > tags.length * 2L) {
      grow();
    }
    size++;
    return put(idHigh, idLow, eventMicros, value, (byte) tag);
  }

  private int put(long idHigh, long idLow, long eventMicros, long value, byte tag) {
    int mask = tags.length - 1;
    int slot = hash(idHigh, idLow) & mask;
    while (tags[slot] != FREE) {
      slot = slot + 1 & mask;
    }
    int at = 3 * slot;
    keys[at] = idHigh;
    keys[at + 1] = idLow;
    keys[at + 2] = eventMicros;
    values[slot] = value;
    tags[slot] = tag;
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    long[] oldMarks = marks;
    byte[] oldTags = tags;
    allocate(Math.multiplyExact(oldTags.length, 2));
    for (int slot = 0; slot < oldTags.length; slot++) {
      if (oldTags[slot] != FREE) {
        int at = 3 * slot;
        int moved =
            put(oldKeys[at], oldKeys[at + 1], oldKeys[at + 2], oldValues[slot], oldTags[slot]);
        if (oldMarks != null) {
          mark(moved, oldMarks[slot]);
        }
      }
    }
  }

  public long idHigh(int slot) {
    return keys[3 * slot];
  }

  public long idLow(int slot) {
    return keys[3 * slot + 1];
  }

  /** Event time, microseconds since 1970. */
  public long eventMicros(int slot) {
    return keys[3 * slot + 2];
  }

  /** Moves a key in time, by at most the horizon. */
  public void eventMicros(int slot, long micros) {
    keys[3 * slot + 2] = micros;
  }

  public long value(int slot) {
    return values[slot];
  }

  public void value(int slot, long value) {
    values[slot] = value;
  }

  /** The entry's mark; only in a table with marks. */
  public long mark(int slot) {
    return marks()[slot];
  }

  public void mark(int slot, long mark) {
    marks()[slot] = mark;
  }

  private long[] marks() {
    if (marks == null) {
      throw new IllegalStateException("a table without marks");
    }
    return marks;
  }

  public int tag(int slot) {
    return tags[slot];
  }

  /** Changes a tag; not to 0. */
  public void tag(int slot, int tag) {
    if (tag == FREE) {
      throw new IllegalArgumentException("tag 0 marks free slots");
    }
    tags[slot] = (byte) tag;
  }

  /** Forgets all keys. */
  public void clear() {
    Arrays.fill(tags, FREE);
    size = 0;
  }

  private static int hash(long idHigh, long idLow) {
    long mixed = (idHigh ^ Long.rotateLeft(idLow, 31)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
