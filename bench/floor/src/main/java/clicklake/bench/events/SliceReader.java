package clicklake.bench.events;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * By hand: one pass over the bytes, eight at a time within strings; values stay slices of the line.
 * It does not look at UTF-8. What it does not understand, as a line with an escape, goes to
 * Jackson.
 */
final class SliceReader implements EventReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final byte[][] KEYS =
      Event.NAMES.stream().map(String::getBytes).toArray(byte[][]::new);
  private static final double[] TENS = new double[17];

  static {
    TENS[0] = 1;
    for (int i = 1; i < TENS.length; i++) {
      TENS[i] = TENS[i - 1] * 10;
    }
  }

  private final EventReader jackson = new JacksonReader();
  private byte[] in;
  private int end;
  private int at;

  @Override
  public void read(byte[] line, int start, int length, Event event) {
    event.begin(line, start, length);
    event.texts = line;
    in = line;
    at = start;
    end = start + length;
    if (readObject(event)) {
      event.validate();
    } else {
      jackson.read(line, start, length, event);
    }
  }

  /** Index of the next line's end, or {@code end}; {@code in} has padding behind it. */
  public static int lineEnd(byte[] in, int from, int end) {
    for (int i = from; i < end; i += 8) {
      long word = (long) LONGS.get(in, i);
      long found = zeroBytes(word ^ (ONES * '\n'));
      if (found != 0) {
        return Math.min(end, i + (Long.numberOfTrailingZeros(found) >>> 3));
      }
    }
    return end;
  }

  private static long zeroBytes(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  /** Index of the next quote or backslash, or {@code end}. */
  private int quote(int from) {
    for (int i = from; i < end; i += 8) {
      long word = (long) LONGS.get(in, i);
      long found = zeroBytes(word ^ (ONES * '"')) | zeroBytes(word ^ (ONES * '\\'));
      if (found != 0) {
        return Math.min(end, i + (Long.numberOfTrailingZeros(found) >>> 3));
      }
    }
    return end;
  }

  private void skipSpace() {
    while (at < end && in[at] <= ' ') {
      at++;
    }
  }

  private boolean readObject(Event event) {
    if (end - at < 2 || in[at++] != '{') {
      return false;
    }
    int expected = 0;
    while (true) {
      skipSpace();
      if (at >= end || in[at] != '"') {
        return false;
      }
      int keyStart = ++at;
      at = quote(at);
      if (at >= end || in[at] == '\\') {
        return false;
      }
      int keyLength = at - keyStart;
      int key = key(keyStart, keyLength, expected);
      at++;
      skipSpace();
      if (at >= end || in[at++] != ':') {
        return false;
      }
      skipSpace();
      int valueStart = at;
      if (at >= end || !readValue(key, event)) {
        return false;
      }
      if (key < 0) {
        event.rescue(in, keyStart, keyLength, in, valueStart, at - valueStart);
      } else {
        expected = key + 1 == Event.FIELDS ? 0 : key + 1;
      }
      skipSpace();
      if (at >= end) {
        return false;
      }
      byte separator = in[at++];
      if (separator != ',') {
        return separator == '}' && at == end;
      }
    }
  }

  /** The field with this name, looked for first where the last one makes it likely; or -1. */
  private int key(int start, int length, int expected) {
    for (int i = 0; i < Event.FIELDS; i++) {
      int candidate = expected + i < Event.FIELDS ? expected + i : expected + i - Event.FIELDS;
      byte[] name = KEYS[candidate];
      if (name.length == length
          && name[0] == in[start]
          && Arrays.equals(name, 0, length, in, start, start + length)) {
        return candidate;
      }
    }
    return -1;
  }

  private boolean readValue(int key, Event event) {
    int start = at;
    switch (in[at]) {
      case '"' -> {
        at = quote(at + 1);
        if (at >= end || in[at] == '\\') {
          return false;
        }
        at++;
        if (key >= 0 && key != Event.VERSION && key != Event.PRICE) {
          event.starts[key] = start + 1;
          event.lengths[key] = at - start - 2;
        }
        return true;
      }
      case '{', '[' -> {
        return skipStructure();
      }
      default -> {
        while (at < end && in[at] != ',' && in[at] != '}' && in[at] > ' ') {
          at++;
        }
        if (key == Event.VERSION) {
          return readVersion(start, event);
        }
        if (key == Event.PRICE) {
          return readPrice(start, event);
        }
        return at - start == 4 && in[start] == 'n';
      }
    }
  }

  private boolean skipStructure() {
    int depth = 0;
    for (; at < end; at++) {
      byte next = in[at];
      if (next == '"') {
        at = quote(at + 1);
        if (at >= end || in[at] == '\\') {
          return false;
        }
      } else if (next == '{' || next == '[') {
        depth++;
      } else if (next == '}' || next == ']') {
        depth--;
        if (depth == 0) {
          at++;
          return true;
        }
      }
    }
    return false;
  }

  private boolean readVersion(int start, Event event) {
    int version = 0;
    int i = start;
    for (; i < at && in[i] >= '0' && in[i] <= '9' && i - start < 9; i++) {
      version = version * 10 + in[i] - '0';
    }
    event.version = version;
    event.hasVersion = true;
    return i == at;
  }

  private boolean readPrice(int start, Event event) {
    long digits = 0;
    int dot = -1;
    int i = start;
    for (; i < at && at - start < 16; i++) {
      if (in[i] == '.' && dot < 0) {
        dot = i;
      } else if (in[i] >= '0' && in[i] <= '9') {
        digits = digits * 10 + in[i] - '0';
      } else {
        break;
      }
    }
    if (i != at || dot == at - 1 || dot == start) {
      return false;
    }
    event.price = dot < 0 ? digits : digits / TENS[at - dot - 1];
    event.hasPrice = true;
    return true;
  }
}
