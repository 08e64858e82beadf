package clicklake.transforms.parse;

import clicklake.schemas.batch.Bytes;

/** Strict UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /** The end of the sequence of two to four bytes that starts here, -1 if it is not sound. */
  static int sequenceEnd(byte[] in, int at, int end) {
    int lead = in[at] & 0xFF;
    int length;
    int lowest = 0x80;
    int highest = 0xBF;
    if (lead < 0xC2) {
      return -1;
    } else if (lead < 0xE0) {
      length = 2;
    } else if (lead < 0xF0) {
      length = 3;
      if (lead == 0xE0) {
        lowest = 0xA0;
      } else if (lead == 0xED) {
        highest = 0x9F;
      }
    } else if (lead < 0xF5) {
      length = 4;
      if (lead == 0xF0) {
        lowest = 0x90;
      } else if (lead == 0xF4) {
        highest = 0x8F;
      }
    } else {
      return -1;
    }
    if (end - at < length) {
      return -1;
    }
    int second = in[at + 1] & 0xFF;
    if (second < lowest || second > highest) {
      return -1;
    }
    for (int i = 2; i < length; i++) {
      if ((in[at + i] & 0xC0) != 0x80) {
        return -1;
      }
    }
    return at + length;
  }

  /** The first byte of the first unsound sequence, -1 if all is sound. */
  static int firstFault(byte[] in, int start, int end) {
    int at = start;
    while (at < end) {
      if (in[at] >= 0) {
        at++;
      } else {
        int next = sequenceEnd(in, at, end);
        if (next < 0) {
          return at;
        }
        at = next;
      }
    }
    return -1;
  }

  /** Appends a code point, which must not be a surrogate. */
  static void append(int point, Bytes out) {
    if (point < 0x80) {
      out.putByte(point);
    } else if (point < 0x800) {
      out.putByte(0xC0 | (point >> 6));
      out.putByte(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      out.putByte(0xE0 | (point >> 12));
      out.putByte(0x80 | ((point >> 6) & 0x3F));
      out.putByte(0x80 | (point & 0x3F));
    } else {
      out.putByte(0xF0 | (point >> 18));
      out.putByte(0x80 | ((point >> 12) & 0x3F));
      out.putByte(0x80 | ((point >> 6) & 0x3F));
      out.putByte(0x80 | (point & 0x3F));
    }
  }
}
