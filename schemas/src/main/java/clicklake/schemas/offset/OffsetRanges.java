package clicklake.schemas.offset;

import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * An immutable set of offsets of one partition, kept as sorted, disjoint, non-adjacent half-open
 * runs {@code [from, to)}.
 *
 * <p>It is the algebra that every ledger rests on: what is covered, what is left to read, what two
 * files have in common. Comparing a few ranges with very many costs a binary search for each of the
 * few.
 */
public final class OffsetRanges {

  private static final OffsetRanges EMPTY = new OffsetRanges(new long[0]);

  /** from, to, from, to, …; strictly increasing. */
  private final long[] bounds;

  private OffsetRanges(long[] bounds) {
    this.bounds = bounds;
  }

  /** The set without an offset. */
  public static OffsetRanges empty() {
    return EMPTY;
  }

  /**
   * The offsets from {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @throws IllegalArgumentException if {@code from} is negative or above {@code to}
   */
  public static OffsetRanges of(long from, long to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no run: [" + from + ", " + to + ")");
    }
    return from == to ? EMPTY : new OffsetRanges(new long[] {from, to});
  }

  /**
   * The set given by its sorted bounds: from, to, from, to, …
   *
   * @throws IllegalArgumentException if the bounds are not strictly increasing pairs
   */
  public static OffsetRanges ofBounds(long... bounds) {
    if (bounds.length % 2 != 0) {
      throw new IllegalArgumentException("odd number of bounds: " + Arrays.toString(bounds));
    }
    for (int i = 0; i < bounds.length; i++) {
      if (bounds[i] < 0 || (i > 0 && bounds[i] <= bounds[i - 1])) {
        throw new IllegalArgumentException("bounds not increasing: " + Arrays.toString(bounds));
      }
    }
    return bounds.length == 0 ? EMPTY : new OffsetRanges(bounds.clone());
  }

  /** Collects offsets and runs in any order into a set. */
  public static Builder builder() {
    return new Builder();
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many offsets the set holds. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i];
    }
    return size;
  }

  /** How many runs it takes to write the set down. */
  public int runCount() {
    return bounds.length / 2;
  }

  /** First offset of the run at {@code index}. */
  public long from(int index) {
    return bounds[2 * index];
  }

  /** End (exclusive) of the run at {@code index}. */
  public long to(int index) {
    return bounds[2 * index + 1];
  }

  /** Lowest offset; the set must not be empty. */
  public long first() {
    return bounds[0];
  }

  /** One past the highest offset; 0 for the empty set. */
  public long end() {
    return isEmpty() ? 0 : bounds[bounds.length - 1];
  }

  public boolean contains(long offset) {
    int found = Arrays.binarySearch(bounds, offset);
    return found >= 0 ? found % 2 == 0 : (-found - 1) % 2 == 1;
  }

  /** Whether every offset in {@code [from, to)} is in the set. */
  public boolean containsAll(long from, long to) {
    return from >= to || containsAll(OffsetRanges.of(from, to));
  }

  /** Whether every offset of the other set is in this one. */
  public boolean containsAll(OffsetRanges other) {
    for (int i = 0; i < other.bounds.length; i += 2) {
      int at = firstEndingAfter(other.bounds[i], 0);
      if (at == bounds.length
          || bounds[at] > other.bounds[i]
          || bounds[at + 1] < other.bounds[i + 1]) {
        return false;
      }
    }
    return true;
  }

  /** Index of the first bound, from {@code low} on, of a run that ends after an offset. */
  private int firstEndingAfter(long offset, int low) {
    int from = low / 2;
    int to = bounds.length / 2;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (bounds[2 * middle + 1] > offset) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return 2 * from;
  }

  /** Whether binary searches are cheaper than a sweep over the bounds of both. */
  private boolean isSmallBeside(OffsetRanges other) {
    return bounds.length * 16L < other.bounds.length;
  }

  public boolean intersects(OffsetRanges other) {
    int i = 0;
    int j = 0;
    while (i < bounds.length && j < other.bounds.length) {
      if (bounds[i + 1] <= other.bounds[j]) {
        i += 2;
      } else if (other.bounds[j + 1] <= bounds[i]) {
        j += 2;
      } else {
        return true;
      }
    }
    return false;
  }

  public OffsetRanges union(OffsetRanges other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    long[] left = bounds;
    long[] right = other.bounds;
    long[] out = new long[left.length + right.length];
    int n = 0;
    int i = 0;
    int j = 0;
    while (i < left.length || j < right.length) {
      long from;
      long to;
      if (j == right.length || i < left.length && left[i] <= right[j]) {
        from = left[i];
        to = left[i + 1];
        i += 2;
      } else {
        from = right[j];
        to = right[j + 1];
        j += 2;
      }
      if (n > 0 && from <= out[n - 1]) {
        out[n - 1] = Math.max(out[n - 1], to);
      } else {
        out[n++] = from;
        out[n++] = to;
      }
    }
    return new OffsetRanges(Arrays.copyOf(out, n));
  }

  public OffsetRanges intersection(OffsetRanges other) {
    if (isSmallBeside(other)) {
      return foundIn(other);
    }
    return other.isSmallBeside(this) ? other.foundIn(this) : combine(other, inside -> inside == 3);
  }

  private OffsetRanges foundIn(OffsetRanges large) {
    Builder found = builder();
    int at = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      at = large.firstEndingAfter(bounds[i], at);
      for (int j = at; j < large.bounds.length && large.bounds[j] < bounds[i + 1]; j += 2) {
        found.add(
            Math.max(bounds[i], large.bounds[j]), Math.min(bounds[i + 1], large.bounds[j + 1]));
      }
    }
    return found.build();
  }

  /** The offsets of this set that are not in the other. */
  public OffsetRanges minus(OffsetRanges other) {
    OffsetRanges taken = isSmallBeside(other) ? foundIn(other) : other;
    return combine(taken, inside -> inside == 1);
  }

  /** The offsets not below {@code offset}. */
  public OffsetRanges startingAt(long offset) {
    return isEmpty() || first() >= offset ? this : minus(OffsetRanges.of(0, offset));
  }

  /**
   * Sweeps over the bounds of both sets and keeps the stretches that the rule wants; bit 0 says
   * inside this set, bit 1 inside the other.
   */
  private OffsetRanges combine(OffsetRanges other, LongPredicate keep) {
    if (isEmpty() || other.isEmpty()) {
      return keep.test(1) ? this : EMPTY;
    }
    long[] out = new long[bounds.length + other.bounds.length];
    int n = 0;
    int i = 0;
    int j = 0;
    boolean open = false;
    while (i < bounds.length || j < other.bounds.length) {
      long at =
          Math.min(
              i < bounds.length ? bounds[i] : Long.MAX_VALUE,
              j < other.bounds.length ? other.bounds[j] : Long.MAX_VALUE);
      if (i < bounds.length && bounds[i] == at) {
        i++;
      }
      if (j < other.bounds.length && other.bounds[j] == at) {
        j++;
      }
      boolean kept = keep.test((i & 1) | (j & 1) << 1);
      if (kept != open) {
        out[n++] = at;
        open = kept;
      }
    }
    return n == 0 ? EMPTY : new OffsetRanges(Arrays.copyOf(out, n));
  }

  /** The bounds, from, to, from, to, …; a copy. */
  public long[] bounds() {
    return bounds.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OffsetRanges runs && Arrays.equals(bounds, runs.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < bounds.length; i += 2) {
      text.append(i > 0 ? ", " : "").append('[').append(bounds[i]).append(", ");
      text.append(bounds[i + 1]).append(')');
    }
    return text.append('}').toString();
  }

  /** Collects offsets and runs, cheapest when they come in ascending order. */
  public static final class Builder {
    private long[] bounds = new long[16];
    private int size;
    private boolean sorted = true;

    private Builder() {}

    /** Adds one offset. */
    public Builder add(long offset) {
      return add(offset, offset + 1);
    }

    /** Adds the offsets {@code [from, to)}. */
    public Builder add(long from, long to) {
      if (from < 0 || from > to) {
        throw new IllegalArgumentException("no run: [" + from + ", " + to + ")");
      }
      if (from == to) {
        return this;
      }
      if (size > 0 && sorted) {
        long end = bounds[size - 1];
        if (from == end) {
          bounds[size - 1] = to;
          return this;
        }
        sorted = from > end;
      }
      if (size == bounds.length) {
        bounds = Arrays.copyOf(bounds, size * 2);
      }
      bounds[size++] = from;
      bounds[size++] = to;
      return this;
    }

    /** Adds every offset of the set. */
    public Builder addAll(OffsetRanges runs) {
      for (int i = 0; i < runs.runCount(); i++) {
        add(runs.from(i), runs.to(i));
      }
      return this;
    }

    public OffsetRanges build() {
      if (size == 0) {
        return EMPTY;
      }
      if (!sorted) {
        sort();
      }
      return new OffsetRanges(Arrays.copyOf(bounds, size));
    }

    private void sort() {
      long[][] pairs = new long[size / 2][];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
      }
      Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
      size = 0;
      for (long[] pair : pairs) {
        if (size > 0 && pair[0] <= bounds[size - 1]) {
          bounds[size - 1] = Math.max(bounds[size - 1], pair[1]);
        } else {
          bounds[size++] = pair[0];
          bounds[size++] = pair[1];
        }
      }
      sorted = true;
    }
  }
}
