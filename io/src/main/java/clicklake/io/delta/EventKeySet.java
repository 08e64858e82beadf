package clicklake.io.delta;

import java.util.Arrays;

/**
 * A growing set of event keys for one look at a whole table: 24 bytes a slot in one array, so that
 * ten million events take a third of a gigabyte. Exact: the whole id is compared.
 */
final class EventKeySet {
  private static final int WORDS = 3;
  private static final long FREE = Long.MIN_VALUE;

  private final long horizonMicros;
  private long[] slots;
  private int capacity;
  private int size;

  /**
   * @param expected how many keys it is going to hold
   * @param horizonMicros largest distance of the event times of one event
   */
  EventKeySet(long expected, long horizonMicros) {
    this.horizonMicros = horizonMicros;
    this.capacity = capacityFor(expected);
    this.slots = free(capacity);
  }

  private static int capacityFor(long keys) {
    long slots = Math.max(16, keys + keys / 3 + 1);
    if (slots > Integer.MAX_VALUE / WORDS - 8) {
      throw new LakeException(
          "cannot hold the ids of " + keys + " events at once: too many for one audit");
    }
    return (int) slots;
  }

  private static long[] free(int capacity) {
    long[] slots = new long[capacity * WORDS];
    Arrays.fill(slots, FREE);
    return slots;
  }

  int size() {
    return size;
  }

  /** Whether the same event is in the set: same id, time within the horizon. */
  boolean contains(long idHigh, long idLow, long eventMicros) {
    for (int slot = start(idHigh, idLow); ; slot = slot + 1 == capacity ? 0 : slot + 1) {
      int at = slot * WORDS;
      if (slots[at + 2] == FREE) {
        return false;
      }
      if (slots[at] == idHigh
          && slots[at + 1] == idLow
          && Math.abs(slots[at + 2] - eventMicros) <= horizonMicros) {
        return true;
      }
    }
  }

  /** Adds an event, whether or not the same one is there. */
  void add(long idHigh, long idLow, long eventMicros) {
    if (size >= capacity - capacity / 5) {
      grow();
    }
    put(idHigh, idLow, eventMicros);
    size++;
  }

  private void put(long idHigh, long idLow, long eventMicros) {
    int slot = start(idHigh, idLow);
    while (slots[slot * WORDS + 2] != FREE) {
      slot = slot + 1 == capacity ? 0 : slot + 1;
    }
    slots[slot * WORDS] = idHigh;
    slots[slot * WORDS + 1] = idLow;
    slots[slot * WORDS + 2] = eventMicros;
  }

  private void grow() {
    long[] old = slots;
    capacity = capacityFor(2L * size);
    slots = free(capacity);
    for (int at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] != FREE) {
        put(old[at], old[at + 1], old[at + 2]);
      }
    }
  }

  private int start(long idHigh, long idLow) {
    long mixed = (idHigh ^ Long.rotateLeft(idLow, 31)) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return (int) ((mixed >>> 32) * capacity >>> 32);
  }
}
