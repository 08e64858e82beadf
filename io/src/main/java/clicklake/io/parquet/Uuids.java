package clicklake.io.parquet;

import clicklake.schemas.table.CorruptTableException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.Binary;

/** UUIDs as two longs, and as the 36 lower-case characters that tables hold. */
public final class Uuids {
  public static final int LENGTH = 36;

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final byte[] VALUES = new byte[128];

  static {
    java.util.Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < 16; i++) {
      VALUES[DIGITS[i]] = (byte) i;
      VALUES[Character.toUpperCase(DIGITS[i])] = (byte) i;
    }
  }

  private Uuids() {}

  /** Writes the 36 characters at the start of an array. */
  public static void format(long high, long low, byte[] target) {
    int at = hex(high >>> 32, 8, target, 0);
    target[at++] = '-';
    at = hex(high >>> 16, 4, target, at);
    target[at++] = '-';
    at = hex(high, 4, target, at);
    target[at++] = '-';
    at = hex(low >>> 48, 4, target, at);
    target[at++] = '-';
    hex(low, 12, target, at);
  }

  private static int hex(long value, int digits, byte[] target, int start) {
    for (int i = 0; i < digits; i++) {
      target[start + i] = DIGITS[(int) (value >>> (4 * (digits - 1 - i))) & 15];
    }
    return start + digits;
  }

  /**
   * The upper 64 bits.
   *
   * @throws CorruptTableException if the text is no UUID
   */
  public static long high(String path, Binary text) {
    ByteBuffer bytes = checked(path, text);
    int start = bytes.position();
    return digits(path, bytes, start, 8) << 32
        | digits(path, bytes, start + 9, 4) << 16
        | digits(path, bytes, start + 14, 4);
  }

  /** The upper 64 bits of these bytes, which are the characters. */
  public static long high(String path, byte[] text) {
    return high(path, Binary.fromConstantByteArray(text));
  }

  /** The lower 64 bits of these bytes, which are the characters. */
  public static long low(String path, byte[] text) {
    return low(path, Binary.fromConstantByteArray(text));
  }

  /** The lower 64 bits; see {@link #high}. */
  public static long low(String path, Binary text) {
    ByteBuffer bytes = checked(path, text);
    int start = bytes.position();
    return digits(path, bytes, start + 19, 4) << 48 | digits(path, bytes, start + 24, 12);
  }

  private static ByteBuffer checked(String path, Binary text) {
    if (text.length() != LENGTH) {
      throw new CorruptTableException(path + " holds an event_id that is no UUID");
    }
    return text.toByteBuffer();
  }

  private static long digits(String path, ByteBuffer bytes, int start, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      byte b = bytes.get(start + i);
      int digit = b < 0 ? -1 : VALUES[b];
      if (digit < 0) {
        throw new CorruptTableException(path + " holds an event_id that is no UUID");
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
