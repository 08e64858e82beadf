package clicklake.io.parquet;

import clicklake.schemas.batch.Bytes;
import java.util.Arrays;

/**
 * Different values of one column, numbered from 0 in the order of their first use, and kept one
 * after the other as a Parquet dictionary page holds them: numbers little-endian, bytes after their
 * length in 32 bits. Not safe for use by several threads.
 */
final class DictionaryEncoder {
  /** Odd, and with its bits well mixed: 2^64 divided by the golden ratio. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private final int prefix;
  private final Bytes page = new Bytes(64);
  private int[] ends = new int[16];

  /**
   * At the place of its hash or the next free one: a value's hash, and below it its number plus
   * one; 0 is free.
   */
  private long[] table = new long[32];

  private int size;

  /**
   * @param prefixed whether values are bytes, which have their length before them
   */
  DictionaryEncoder(boolean prefixed) {
    prefix = prefixed ? Integer.BYTES : 0;
  }

  /** How many values there are. */
  int size() {
    return size;
  }

  /** The values as a dictionary page holds them, up to the {@link #end} of the last. */
  byte[] page() {
    return page.array();
  }

  /** Length of the whole page in bytes. */
  int bytes() {
    return page.size();
  }

  /** Where a value's bytes begin in the page, after their length if they have one. */
  int start(int number) {
    return begin(number) + prefix;
  }

  /** Where a value ends in the page. */
  int end(int number) {
    return ends[number];
  }

  /** Length of a value in the page, with what is before it. */
  int length(int number) {
    return ends[number] - begin(number);
  }

  /** Where a value begins in the page, its length included. */
  int begin(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  /** The number of a value, which is added if it is new. */
  int number(byte[] array, int start, int length) {
    int hash = hash(array, start, length);
    int mask = table.length - 1;
    int place = hash & mask;
    while (table[place] != 0) {
      int number = (int) table[place] - 1;
      if ((int) (table[place] >>> Integer.SIZE) == hash
          && Arrays.equals(
              page.array(), start(number), ends[number], array, start, start + length)) {
        return number;
      }
      place = place + 1 & mask;
    }
    add(array, start, length);
    table[place] = (long) hash << Integer.SIZE | size;
    if (size * 2 > table.length) {
      widen();
    }
    return size - 1;
  }

  private void add(byte[] array, int start, int length) {
    if (prefix > 0) {
      page.putInt(length);
    }
    page.putBytes(array, start, length);
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
    }
    ends[size] = page.size();
    size++;
  }

  private void widen() {
    long[] wider = new long[table.length * 2];
    int mask = wider.length - 1;
    for (long entry : table) {
      if (entry != 0) {
        int place = (int) (entry >>> Integer.SIZE) & mask;
        while (wider[place] != 0) {
          place = place + 1 & mask;
        }
        wider[place] = entry;
      }
    }
    table = wider;
  }

  private static int hash(byte[] array, int start, int length) {
    long hash = length;
    int at = start;
    for (int end = start + length - Long.BYTES; at <= end; at += Long.BYTES) {
      hash = mixed(hash ^ Bytes.longAt(array, at));
    }
    long rest = 0;
    for (int end = start + length; at < end; at++) {
      rest = rest << Byte.SIZE | array[at] & 0xFF;
    }
    hash = mixed(hash ^ rest);
    return (int) (hash >>> Integer.SIZE);
  }

  private static long mixed(long value) {
    long product = value * FACTOR;
    return product ^ product >>> Integer.SIZE;
  }

  /** Forgets everything. */
  void clear() {
    page.clear();
    Arrays.fill(table, 0);
    size = 0;
  }
}
