package clicklake.transforms.parse;

import clicklake.schemas.batch.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds where JSON values end, strictly by RFC 8259 and strictly in UTF-8, with no lone surrogate
 * in any escape. It keeps no tree: each method takes the place where something starts and returns
 * the place after it, or {@link #BROKEN} with the fault described by {@link #fault()}.
 *
 * <p>Containers are walked without recursion, so that depth costs one bit a level.
 */
final class JsonScanner {
  /** Returned in place of a position when the bytes are not what they should be. */
  static final int BROKEN = -1;

  /* What a value is: the low four bits of info(). */
  static final int ABSENT = 0;
  static final int NULL = 1;
  static final int BOOLEAN = 2;

  /** A number without fraction and exponent. */
  static final int INTEGER = 3;

  /** A number with a fraction or an exponent. */
  static final int NUMBER = 4;

  static final int STRING = 5;
  static final int OBJECT = 6;
  static final int ARRAY = 7;

  /** Flag: the string has escapes. */
  static final int ESCAPED = 1 << 4;

  /** Flag: an object inside the value has a personal name. */
  static final int PERSONAL_INSIDE = 1 << 5;

  private static final int KIND = 0xF;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private byte[] in = new byte[0];
  private int end;
  // The last place from which eight bytes can be read. They may reach beyond the record: what lies
  // there is looked at but never believed.
  private int lastWord;
  private int info;
  private boolean escaped;
  private int deepest;
  private long[] objects = new long[16];
  private @Nullable String fault;
  private int faultAt;
  private final Bytes decodedName = new Bytes(32);

  /** Goes to another record. */
  void reset(byte[] bytes, int newEnd) {
    in = bytes;
    end = newEnd;
    lastWord = bytes.length - Long.BYTES;
    deepest = 0;
    fault = null;
  }

  /** The kind of the last value and flags about it. */
  int info() {
    return info;
  }

  static int kind(int info) {
    return info & KIND;
  }

  /** Whether the string that was last scanned has escapes. */
  boolean escaped() {
    return escaped;
  }

  /** The deepest nesting met since {@link #reset}, counting what lies outside a value. */
  int deepest() {
    return deepest;
  }

  /** What is wrong, null if nothing is. */
  @Nullable String fault() {
    return fault;
  }

  int faultAt() {
    return faultAt;
  }

  int broken(int at, String message) {
    fault = message;
    faultAt = at;
    return BROKEN;
  }

  /** Skips white space. */
  int space(int from) {
    int at = from;
    while (at < end && in[at] <= ' ' && isSpace(in[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /**
   * Scans a string.
   *
   * @param from the byte after the opening quote
   * @return the place of the closing quote
   */
  int string(int from) {
    byte[] bytes = in;
    int at = from;
    escaped = false;
    while (true) {
      while (at <= lastWord) {
        long found = special((long) LONG.get(bytes, at));
        if (found != 0) {
          at += Long.numberOfTrailingZeros(found) >>> 3;
          break;
        }
        at += Long.BYTES;
      }
      if (at >= end) {
        return broken(end, "a string does not end");
      }
      byte b = bytes[at];
      if (b == '"') {
        return at;
      } else if (b == '\\') {
        escaped = true;
        at = escape(at);
      } else if (b < 0) {
        int next = Utf8.sequenceEnd(bytes, at, end);
        at = next < 0 ? broken(at, "not UTF-8") : next;
      } else if (b < ' ') {
        return broken(at, "a control character stands in a string");
      } else {
        at++;
      }
      if (at < 0) {
        return BROKEN;
      }
    }
  }

  /**
   * Marks the bytes that end the plain run of a string: quotes, backslashes, control characters and
   * all beyond ASCII. Only the lowest mark is exact, since a borrow may spill upwards.
   */
  private static long special(long word) {
    long quote = word ^ ONES * '"';
    long backslash = word ^ ONES * '\\';
    return (((quote - ONES) & ~quote)
            | ((backslash - ONES) & ~backslash)
            | ((word - ONES * ' ') & ~word)
            | word)
        & HIGHS;
  }

  /** Scans one escape, a surrogate pair as one; from the backslash on. */
  private int escape(int at) {
    if (at + 1 >= end) {
      return broken(end, "a string does not end");
    }
    return switch (in[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> unicode(at);
      default -> broken(at, "no such escape");
    };
  }

  private int unicode(int at) {
    int unit = unit(at + 2);
    if (unit < 0) {
      return broken(at, "an escape lacks four hexadecimal digits");
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
      return at + 6;
    }
    boolean paired =
        unit < 0xDC00
            && at + 7 < end
            && in[at + 6] == '\\'
            && in[at + 7] == 'u'
            && (unit(at + 8) & 0xFFFFFC00) == 0xDC00;
    return paired ? at + 12 : broken(at, "a surrogate stands alone");
  }

  /** The four hexadecimal digits at a place, negative if they are not there. */
  private int unit(int at) {
    return at + 4 <= end ? Hexadecimal.four(in, at) : -1;
  }

  /**
   * Scans any value.
   *
   * @param from its first byte
   * @param outside how many containers it lies in
   */
  int value(int from, int outside) {
    int first = from < end ? in[from] : 0;
    if (first == '"') {
      int close = string(from + 1);
      info = escaped ? STRING | ESCAPED : STRING;
      return close < 0 ? BROKEN : close + 1;
    }
    return first == '{' || first == '[' ? container(from, outside) : scalar(from);
  }

  private int scalar(int from) {
    if (from >= end) {
      return broken(end, "a value is missing");
    }
    return switch (in[from]) {
      case '"' -> {
        int close = string(from + 1);
        yield close < 0 ? BROKEN : close + 1;
      }
      case 't' -> literal(from, "true", BOOLEAN);
      case 'f' -> literal(from, "false", BOOLEAN);
      case 'n' -> literal(from, "null", NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(from);
      default -> broken(from, "a value is missing");
    };
  }

  private int literal(int from, String word, int kind) {
    info = kind;
    if (end - from < word.length()) {
      return broken(from, "a value is missing");
    }
    for (int i = 1; i < word.length(); i++) {
      if (in[from + i] != word.charAt(i)) {
        return broken(from, "a value is missing");
      }
    }
    return from + word.length();
  }

  private int number(int from) {
    info = INTEGER;
    int at = in[from] == '-' ? from + 1 : from;
    if (at < end && in[at] == '0') {
      at++;
    } else {
      int first = at;
      at = digits(at);
      if (at == first) {
        return broken(at, "a number lacks digits");
      }
    }
    if (at < end && in[at] == '.') {
      info = NUMBER;
      int first = at + 1;
      at = digits(first);
      if (at == first) {
        return broken(at, "a number lacks digits");
      }
    }
    if (at < end && (in[at] | 0x20) == 'e') {
      info = NUMBER;
      int first = at + 1;
      if (first < end && (in[first] == '+' || in[first] == '-')) {
        first++;
      }
      at = digits(first);
      if (at == first) {
        return broken(at, "a number lacks digits");
      }
    }
    return at;
  }

  private int digits(int from) {
    int at = from;
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      at++;
    }
    return at;
  }

  private int container(int from, int outside) {
    int result = in[from] == '{' ? OBJECT : ARRAY;
    int depth = 0;
    int at = from;
    while (true) {
      // A value starts here.
      int first = at < end ? in[at] : 0;
      if (first == '{' || first == '[') {
        boolean object = first == '{';
        push(depth++, object);
        deepest = Math.max(deepest, outside + depth);
        at = space(at + 1);
        if (at >= end || in[at] != (object ? '}' : ']')) {
          if (object) {
            at = name(at);
            if (at < 0) {
              return BROKEN;
            }
            result |= info;
          }
          continue;
        }
      } else {
        at = scalar(at);
        if (at < 0) {
          return BROKEN;
        }
        at = space(at);
      }
      // A value ended here, or an empty container is about to.
      boolean next = false;
      while (!next) {
        boolean object = isObject(depth - 1);
        int after = at < end ? in[at] : 0;
        if (after == (object ? '}' : ']')) {
          at++;
          if (--depth == 0) {
            info = result;
            return at;
          }
          at = space(at);
        } else if (after == ',') {
          at = space(at + 1);
          if (object) {
            at = name(at);
            if (at < 0) {
              return BROKEN;
            }
            result |= info;
          }
          next = true;
        } else {
          return broken(
              at,
              object
                  ? "neither a comma nor a closing brace follows"
                  : "neither a comma nor a closing bracket follows");
        }
      }
    }
  }

  /** Scans a name and its colon, to where the value starts; info tells whether it is personal. */
  private int name(int at) {
    if (at >= end || in[at] != '"') {
      return broken(at, "a name is missing");
    }
    int close = string(at + 1);
    if (close < 0) {
      return BROKEN;
    }
    info = isPersonal(at + 1, close) ? PERSONAL_INSIDE : 0;
    return colon(close + 1);
  }

  private boolean isPersonal(int from, int to) {
    if (!escaped) {
      return Names.personal(in, from, to) != Names.NONE;
    }
    decodedName.clear();
    unescape(in, from, to, decodedName);
    return Names.personal(decodedName.array(), 0, decodedName.size()) != Names.NONE;
  }

  /** Scans the colon after a name, to where the value starts. */
  int colon(int from) {
    int at = space(from);
    if (at >= end || in[at] != ':') {
      return broken(at, "a colon is missing");
    }
    return space(at + 1);
  }

  private void push(int depth, boolean object) {
    int word = depth >>> 6;
    if (word == objects.length) {
      objects = Arrays.copyOf(objects, 2 * word);
    }
    if (object) {
      objects[word] |= 1L << depth;
    } else {
      objects[word] &= ~(1L << depth);
    }
  }

  private boolean isObject(int depth) {
    return (objects[depth >>> 6] & 1L << depth) != 0;
  }

  /** Appends what a string that was found sound means, without its escapes. */
  static void unescape(byte[] in, int from, int to, Bytes out) {
    // What is decoded is never longer than it was.
    out.ensure(to - from);
    int at = from;
    int plain = from;
    while (at < to) {
      if (in[at] != '\\') {
        at++;
        continue;
      }
      out.putBytes(in, plain, at - plain);
      byte letter = in[at + 1];
      at += 2;
      switch (letter) {
        case 'b' -> out.putByte('\b');
        case 'f' -> out.putByte('\f');
        case 'n' -> out.putByte('\n');
        case 'r' -> out.putByte('\r');
        case 't' -> out.putByte('\t');
        case 'u' -> {
          int point = Hexadecimal.four(in, at);
          at += 4;
          if (point >= 0xD800 && point <= 0xDFFF) {
            point = Character.toCodePoint((char) point, (char) Hexadecimal.four(in, at + 2));
            at += 6;
          }
          Utf8.append(point, out);
        }
        default -> out.putByte(letter);
      }
      plain = at;
    }
    out.putBytes(in, plain, to - plain);
  }
}
