package clicklake.transforms.parse;

import java.util.Arrays;

/** Hexadecimal digits of either case. */
final class Hexadecimal {
  private static final byte[] VALUES = new byte[256];

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      VALUES[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
      VALUES[Character.forDigit(digit, 16)] = (byte) digit;
    }
  }

  private Hexadecimal() {}

  /** The value of four digits, negative if one of them is none. */
  static int four(byte[] in, int at) {
    // A value of -1 has its sign bit on, and no shift to the left by twelve takes it away.
    return VALUES[in[at] & 0xFF] << 12
        | VALUES[in[at + 1] & 0xFF] << 8
        | VALUES[in[at + 2] & 0xFF] << 4
        | VALUES[in[at + 3] & 0xFF];
  }
}
