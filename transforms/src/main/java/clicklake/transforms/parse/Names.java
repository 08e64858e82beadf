package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import clicklake.schemas.contract.PersonalName;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A closed set of short names, looked up in place: a name of up to sixteen bytes is two words, and
 * two words are compared at once.
 */
final class Names {
  /** Returned for what is not in the set. */
  static final int NONE = -1;

  private static final int LONGEST = 2 * Long.BYTES;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final Names PERSONAL =
      new Names(Arrays.stream(PersonalName.values()).map(PersonalName::text).toList());
  private static final int LONGEST_PERSONAL =
      Arrays.stream(PersonalName.values()).mapToInt(name -> name.text().length()).max().orElse(0);

  private final long[] heads;
  private final long[] tails;
  private final int[] lengths;
  private final int[] indexes;
  private final int mask;

  /**
   * @param names ASCII, at most sixteen bytes each; a null takes up an index and is never found
   */
  Names(List<@Nullable String> names) {
    int slots = Integer.highestOneBit(names.size()) * 4;
    heads = new long[slots];
    tails = new long[slots];
    lengths = new int[slots];
    indexes = new int[slots];
    mask = slots - 1;
    Arrays.fill(indexes, NONE);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name != null) {
        add(name.getBytes(US_ASCII), i);
      }
    }
  }

  private void add(byte[] name, int index) {
    if (name.length > LONGEST) {
      throw new IllegalArgumentException("longer than " + LONGEST + " bytes: " + index);
    }
    long head = head(name, 0, name.length);
    long tail = tail(name, 0, name.length);
    int slot = slot(head, tail);
    while (indexes[slot] != NONE) {
      slot = slot + 1 & mask;
    }
    heads[slot] = head;
    tails[slot] = tail;
    lengths[slot] = name.length;
    indexes[slot] = index;
  }

  /** The index of a name in the list, or {@link #NONE}. */
  int find(byte[] in, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return NONE;
    }
    return find(head(in, from, length), tail(in, from, length), length);
  }

  private int find(long head, long tail, int length) {
    int slot = slot(head, tail);
    while (indexes[slot] != NONE) {
      if (heads[slot] == head && tails[slot] == tail && lengths[slot] == length) {
        return indexes[slot];
      }
      slot = slot + 1 & mask;
    }
    return NONE;
  }

  /**
   * Which {@link PersonalName} a name is, by its ordinal, however it is spelled; else {@link
   * #NONE}.
   *
   * @param from the first byte of a name in sound UTF-8, without escapes
   */
  static int personal(byte[] in, int from, int to) {
    long head = 0;
    long tail = 0;
    int letters = 0;
    for (int at = from; at < to; at++) {
      int letter = in[at];
      if (letter < 0) {
        letter = at + 1 < to ? letterBeyondAscii(letter, in[++at]) : NONE;
      } else if (letter == '_' || letter == '-' || isBlank(letter)) {
        continue;
      } else {
        letter |= 0x20;
      }
      if (letter < 'a' || letter > 'z' || letters == LONGEST_PERSONAL) {
        return NONE;
      }
      if (letters < Long.BYTES) {
        head |= (long) letter << Byte.SIZE * letters;
      } else {
        tail |= (long) letter << Byte.SIZE * (letters - Long.BYTES);
      }
      letters++;
    }
    return PERSONAL.find(head, tail, letters);
  }

  private static boolean isBlank(int letter) {
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
  }

  /**
   * Beyond ASCII, three letters are a Latin one in another case: the I with and without a dot that
   * a Turkish locale makes of i and I, and the long s.
   */
  private static int letterBeyondAscii(int first, int second) {
    if (first == (byte) 0xC4 && (second == (byte) 0xB0 || second == (byte) 0xB1)) {
      return 'i';
    }
    return first == (byte) 0xC5 && second == (byte) 0xBF ? 's' : NONE;
  }

  private int slot(long head, long tail) {
    long mixed = (head ^ tail * 31) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 40) & mask;
  }

  private static long head(byte[] in, int from, int length) {
    return word(in, from, Math.min(length, Long.BYTES));
  }

  private static long tail(byte[] in, int from, int length) {
    return length <= Long.BYTES ? 0 : word(in, from + Long.BYTES, length - Long.BYTES);
  }

  /** Up to eight bytes, the rest zero. */
  private static long word(byte[] in, int from, int length) {
    if (length == 0) {
      return 0;
    }
    if (from <= in.length - Long.BYTES) {
      return (long) LONG.get(in, from) & (-1L >>> (Long.SIZE - Byte.SIZE * length));
    }
    long word = 0;
    for (int i = length - 1; i >= 0; i--) {
      word = (word << Byte.SIZE) | (in[from + i] & 0xFF);
    }
    return word;
  }
}
