package clicklake.schemas.eventkey;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/*
 * Keys lie in segments: open addressing over one control byte and some longs a slot, at most two
 * thirds full. A control byte is 0 for a free slot, else seven bits of the id's hash below the sign:
 * a look for an id that is not there reads control bytes that lie side by side, and in one of 128
 * taken slots a key.
 *
 * The first bits of the hash lead through a directory to a segment. A table starts as one small
 * segment, which doubles until it has full size; from then on a full segment gives half of its keys
 * to a new one (extendible hashing). So a table grows by one segment at a time, no more than one
 * of them is ever there twice, and all room it takes from its space is of one size.
 *
 * Keys that no bit of the hash parts, such as many events of one id, are put into a new segment
 * before the full one; both are looked through then. If that new one is split later, both halves
 * still lead to the old one.
 */

/**
 * A hash table of event keys with some longs beside each: what the dedupe cache, the committers and
 * the audit look events up in.
 *
 * <p>One id may stand in it several times; what is one event is the caller's to say. A slot number
 * is valid until the next change of the table's keys. Not safe for use by several threads.
 */
public final class EventKeyIndex {
  private static final byte FREE = 0;
  private static final int FULL_SIZE = 1 << 16;
  private static final int SMALLEST = 16;
  private static final int KEY = 3;

  /** How much sparser than the segments the directory may become before keys are chained. */
  private static final int MOST_ENTRIES_PER_SEGMENT = 16;

  private final SpillableLongs space;
  private final int stride;
  private final int fullSize;
  private final int slotBits;
  private final List<Segment> segments = new ArrayList<>();
  private Segment[] directory;

  /** What a segment held while its keys are parted; made when first needed. */
  private LongBuffer scratch = LongBuffer.allocate(0);

  /** Bits of the hash that the directory is indexed with. */
  private int depth;

  private long size;

  /**
   * A table on the heap.
   *
   * @param expected how many keys to make room for at first
   * @param values how many longs to keep beside each key
   */
  public EventKeyIndex(long expected, int values) {
    this(expected, values, SpillableLongs.ofHeap());
  }

  /**
   * @param expected how many keys to make room for at first
   * @param values how many longs to keep beside each key
   * @param space where the keys are kept; two or three bytes of each stay on the heap anyway
   */
  public EventKeyIndex(long expected, int values, SpillableLongs space) {
    this(expected, values, space, FULL_SIZE);
  }

  /**
   * @param fullSize slots of a segment that is split rather than doubled; a power of two
   */
  EventKeyIndex(long expected, int values, SpillableLongs space, int fullSize) {
    this.space = space;
    this.stride = KEY + values;
    this.fullSize = fullSize;
    this.slotBits = Integer.numberOfTrailingZeros(fullSize);
    this.directory = new Segment[0];
    start(expected);
  }

  private void start(long expected) {
    segments.clear();
    size = 0;
    depth = 0;
    // Segments differ a little in what they get: some room more, or many would be split at once.
    long slots = expected + expected / 2 + expected / 16;
    while (slots >> depth > fullSize) {
      depth++;
    }
    directory = new Segment[1 << depth];
    int capacity =
        depth > 0 || slots > fullSize / 2
            ? fullSize
            : Math.min(
                fullSize, Integer.highestOneBit(Math.max(SMALLEST / 2, (int) slots - 1)) << 1);
    for (int i = 0; i < directory.length; i++) {
      directory[i] = newSegment(capacity, depth);
    }
  }

  private Segment newSegment(int capacity, int itsDepth) {
    Segment segment =
        new Segment(
            Math.multiplyExact(segments.size(), fullSize),
            itsDepth,
            stride,
            capacity,
            space.take(capacity * stride));
    segments.add(segment);
    return segment;
  }

  /** Keys in the table. */
  public long size() {
    return size;
  }

  /**
   * The slot of a key with this id and a time at most the horizon away, -1 if there is none. A key
   * of the very time goes before the others.
   *
   * @param horizonMicros largest distance of event times of one event, inclusive
   */
  public int find(long idHigh, long idLow, long eventMicros, long horizonMicros) {
    long hash = hash(idHigh, idLow);
    byte print = print(hash);
    Segment segment = directory[entry(hash)];
    int near = -1;
    do {
      byte[] control = segment.control;
      int mask = control.length - 1;
      for (int at = (int) (hash >>> 7) & mask; control[at] != FREE; at = at + 1 & mask) {
        if (control[at] == print
            && segment.word(at, 0) == idHigh
            && segment.word(at, 1) == idLow
            && SameEvent.holds(segment.word(at, 2), eventMicros, horizonMicros)) {
          if (segment.word(at, 2) == eventMicros) {
            return segment.firstSlot + at;
          }
          near = segment.firstSlot + at;
        }
      }
      segment = segment.next;
    } while (segment != null);
    return near;
  }

  /**
   * The slot of a key with this id and a time at most the horizon away that passes a test, -1 if
   * there is none.
   *
   * @param wanted the test of a slot
   */
  public int find(
      long idHigh, long idLow, long eventMicros, long horizonMicros, IntPredicate wanted) {
    long hash = hash(idHigh, idLow);
    byte print = print(hash);
    Segment segment = directory[entry(hash)];
    do {
      byte[] control = segment.control;
      int mask = control.length - 1;
      for (int at = (int) (hash >>> 7) & mask; control[at] != FREE; at = at + 1 & mask) {
        if (control[at] == print
            && segment.word(at, 0) == idHigh
            && segment.word(at, 1) == idLow
            && SameEvent.holds(segment.word(at, 2), eventMicros, horizonMicros)
            && wanted.test(segment.firstSlot + at)) {
          return segment.firstSlot + at;
        }
      }
      segment = segment.next;
    } while (segment != null);
    return -1;
  }

  /**
   * Adds a key, whether or not there is one like it. Its values are to be set.
   *
   * @return its slot
   * @throws SpillException if there is no room for it; the table is as before
   */
  public int add(long idHigh, long idLow, long eventMicros) {
    long hash = hash(idHigh, idLow);
    Segment segment = directory[entry(hash)];
    while (segment.isFull()) {
      makeRoom(segment, entry(hash));
      segment = directory[entry(hash)];
    }
    int at = segment.take(hash);
    segment.word(at, 0, idHigh);
    segment.word(at, 1, idLow);
    segment.word(at, 2, eventMicros);
    size++;
    return segment.firstSlot + at;
  }

  private void makeRoom(Segment full, int entry) {
    if (full.control.length < fullSize) {
      enlarge(full);
    } else if (full.depth < depth) {
      split(full, entry);
    } else if (directory.length < MOST_ENTRIES_PER_SEGMENT * segments.size()) {
      Segment[] twice = new Segment[Math.multiplyExact(2, directory.length)];
      for (int i = 0; i < twice.length; i++) {
        twice[i] = directory[i >> 1];
      }
      directory = twice;
      depth++;
    } else {
      Segment first = newSegment(fullSize, full.depth);
      first.next = full;
      directory[entry] = first;
    }
  }

  /** Only the first segment is ever smaller than full size, and then it is the only one. */
  private void enlarge(Segment small) {
    int capacity = 2 * small.control.length;
    Segment large = new Segment(0, 0, stride, capacity, space.take(capacity * stride));
    for (int at = 0; at < small.control.length; at++) {
      if (small.control[at] != FREE) {
        large.copy(small.words, at, small.hash(at));
      }
    }
    segments.set(0, large);
    Arrays.fill(directory, large);
    space.giveBack(small.words);
  }

  private void split(Segment full, int entry) {
    Segment half = newSegment(fullSize, full.depth + 1);
    half.next = full.next;
    full.depth++;
    if (scratch.capacity() == 0) {
      scratch = LongBuffer.allocate(fullSize * stride);
    }
    scratch.put(0, full.words, 0, scratch.capacity());
    byte[] control = full.control.clone();
    full.clear();
    long bit = Long.MIN_VALUE >>> (full.depth - 1);
    for (int at = 0; at < control.length; at++) {
      if (control[at] != FREE) {
        long hash = hash(scratch.get(at * stride), scratch.get(at * stride + 1));
        ((hash & bit) == 0 ? full : half).copy(scratch, at, hash);
      }
    }
    int entries = 1 << depth - full.depth;
    int from = entry & -2 * entries | entries;
    Arrays.fill(directory, from, from + entries, half);
  }

  /** Removes a key. */
  public void remove(int slot) {
    segments.get(slot >>> slotBits).remove(slot & fullSize - 1);
    size--;
  }

  /** Removes the keys in such slots. The room they had stays with the table. */
  public void removeIf(IntPredicate slot) {
    for (Segment segment : segments) {
      for (int at = 0; at < segment.control.length; at++) {
        // Removing moves a later key here.
        while (segment.control[at] != FREE && slot.test(segment.firstSlot + at)) {
          segment.remove(at);
          size--;
        }
      }
    }
  }

  /** Removes all keys and gives the room they had back to the space. */
  public void clear() {
    segments.forEach(segment -> space.giveBack(segment.words));
    start(0);
  }

  /** Event time of a key, microseconds since 1970. */
  public long eventMicros(int slot) {
    return segments.get(slot >>> slotBits).word(slot & fullSize - 1, 2);
  }

  /** A value beside a key; the first has index 0. */
  public long value(int slot, int index) {
    return segments.get(slot >>> slotBits).word(slot & fullSize - 1, KEY + index);
  }

  public void value(int slot, int index, long value) {
    segments.get(slot >>> slotBits).word(slot & fullSize - 1, KEY + index, value);
  }

  private int entry(long hash) {
    return (int) (hash >>> 1 >>> 63 - depth);
  }

  private static byte print(long hash) {
    return (byte) (hash | 0x80);
  }

  private static long hash(long idHigh, long idLow) {
    long mixed = (idHigh ^ Long.rotateLeft(idLow, 31)) * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
  }

  /** Some keys whose hashes begin with the same bits. */
  private static final class Segment {
    final int firstSlot;
    final int stride;
    final byte[] control;
    final LongBuffer words;

    /** How many first bits of the hash all keys share. */
    int depth;

    int size;

    /** Where keys are that came before this segment; full. */
    @Nullable Segment next;

    Segment(int firstSlot, int depth, int stride, int capacity, LongBuffer words) {
      this.firstSlot = firstSlot;
      this.depth = depth;
      this.stride = stride;
      this.control = new byte[capacity];
      this.words = words;
    }

    boolean isFull() {
      return 3 * (size + 1) > 2 * control.length;
    }

    long word(int at, int index) {
      return words.get(at * stride + index);
    }

    void word(int at, int index, long word) {
      words.put(at * stride + index, word);
    }

    long hash(int at) {
      return EventKeyIndex.hash(word(at, 0), word(at, 1));
    }

    /** Takes the first free slot for a hash. */
    int take(long hash) {
      int mask = control.length - 1;
      int at = (int) (hash >>> 7) & mask;
      while (control[at] != FREE) {
        at = at + 1 & mask;
      }
      control[at] = print(hash);
      size++;
      return at;
    }

    void clear() {
      Arrays.fill(control, FREE);
      size = 0;
    }

    void copy(LongBuffer from, int slot, long hash) {
      move(from, slot, take(hash));
    }

    private void move(LongBuffer from, int slot, int at) {
      for (int word = 0; word < stride; word++) {
        words.put(at * stride + word, from.get(slot * stride + word));
      }
    }

    /** Frees a slot, and moves up what was only put behind it because it was taken. */
    void remove(int slot) {
      int mask = control.length - 1;
      int hole = slot;
      for (int at = slot + 1 & mask; control[at] != FREE; at = at + 1 & mask) {
        int home = (int) (hash(at) >>> 7) & mask;
        if ((at - home & mask) >= (at - hole & mask)) {
          control[hole] = control[at];
          move(words, at, hole);
          hole = at;
        }
      }
      control[hole] = FREE;
      size--;
    }
  }
}
