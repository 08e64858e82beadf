package clicklake.transforms.parse;

/**
 * Internet addresses as text. Accepted are IPv4 as four decimal numbers without leading zeros, and
 * IPv6 in every form of RFC 4291 section 2.2, without zone and brackets.
 *
 * <p>An address has one canonical text, so that it has one pseudonym however it was written: IPv4
 * as it is; IPv6 by RFC 5952; an IPv4 address mapped into IPv6 ({@code ::ffff:192.0.2.1}), under
 * which a server with both protocols sees the same visitor, as that IPv4 address.
 */
final class IpAddresses {
  /** Room for any canonical text. */
  static final int LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".length();

  /** No text is an address if it is longer. */
  static final int LONGEST_GIVEN = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255".length();

  private static final int GROUPS = 8;

  private IpAddresses() {}

  /**
   * Writes the canonical text of an address.
   *
   * @param out takes it, from its start on; at least {@link #LONGEST} bytes
   * @param groups eight numbers to work with
   * @return how many bytes were written, or -1 if the text is no address
   */
  static int canonical(byte[] in, int from, int length, byte[] out, int[] groups) {
    int to = from + length;
    long v4 = v4(in, from, to);
    if (v4 >= 0) {
      System.arraycopy(in, from, out, 0, length);
      return length;
    }
    if (!v6(in, from, to, groups)) {
      return -1;
    }
    if (isMapped(groups)) {
      return writeV4(groups[6] << 16 | groups[7], out);
    }
    return writeV6(groups, out);
  }

  /** The 32 bits of an IPv4 address, negative if it is none. */
  private static long v4(byte[] in, int from, int to) {
    long address = 0;
    int at = from;
    for (int part = 0; part < 4; part++) {
      if (part > 0) {
        if (at >= to || in[at] != '.') {
          return -1;
        }
        at++;
      }
      int first = at;
      int value = 0;
      while (at < to && in[at] >= '0' && in[at] <= '9' && at - first < 3) {
        value = value * 10 + in[at] - '0';
        at++;
      }
      int digits = at - first;
      if (digits == 0 || value > 255 || (digits > 1 && in[first] == '0')) {
        return -1;
      }
      address = address << 8 | value;
    }
    return at == to ? address : -1;
  }

  private static boolean v6(byte[] in, int from, int to, int[] groups) {
    int count = 0;
    int gap = -1;
    int at = from;
    if (to - at >= 2 && in[at] == ':' && in[at + 1] == ':') {
      gap = 0;
      at += 2;
    }
    boolean first = true;
    while (at < to) {
      if (!first) {
        if (in[at] != ':') {
          return false;
        }
        at++;
        if (at < to && in[at] == ':') {
          if (gap >= 0) {
            return false;
          }
          gap = count;
          at++;
          if (at == to) {
            break;
          }
        }
      }
      first = false;
      if (count == GROUPS) {
        return false;
      }
      int start = at;
      int value = 0;
      while (at < to && at - start < 4 && Character.digit(in[at], 16) >= 0) {
        value = value << 4 | Character.digit(in[at], 16);
        at++;
      }
      if (at == start) {
        return false;
      }
      if (at < to && in[at] == '.') {
        // The last 32 bits may be written as IPv4.
        long v4 = v4(in, start, to);
        if (v4 < 0 || count > GROUPS - 2) {
          return false;
        }
        groups[count++] = (int) (v4 >>> 16);
        groups[count++] = (int) v4 & 0xFFFF;
        at = to;
      } else {
        groups[count++] = value;
      }
    }
    return gap < 0 ? count == GROUPS : widen(groups, count, gap);
  }

  /** Puts zeros where the two colons stood: at least one group. */
  private static boolean widen(int[] groups, int count, int gap) {
    if (count == GROUPS) {
      return false;
    }
    int missing = GROUPS - count;
    System.arraycopy(groups, gap, groups, gap + missing, count - gap);
    for (int i = gap; i < gap + missing; i++) {
      groups[i] = 0;
    }
    return true;
  }

  private static boolean isMapped(int[] groups) {
    return (groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0 && groups[5] == 0xFFFF;
  }

  private static int writeV4(int address, byte[] out) {
    int at = 0;
    for (int shift = 24; shift >= 0; shift -= 8) {
      int part = address >>> shift & 0xFF;
      if (part >= 100) {
        out[at++] = (byte) ('0' + part / 100);
      }
      if (part >= 10) {
        out[at++] = (byte) ('0' + part / 10 % 10);
      }
      out[at++] = (byte) ('0' + part % 10);
      if (shift > 0) {
        out[at++] = '.';
      }
    }
    return at;
  }

  /**
   * RFC 5952: lower case, no leading zeros, the first longest run of two or more zeros left out.
   */
  private static int writeV6(int[] groups, byte[] out) {
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && groups[i + run] == 0) {
        run++;
      }
      if (run > gapLength) {
        gap = i;
        gapLength = run;
      }
      i += run;
    }
    int at = 0;
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        out[at++] = ':';
        if (i == 0) {
          out[at++] = ':';
        }
        i += gapLength - 1;
        continue;
      }
      boolean started = false;
      for (int shift = 12; shift >= 0; shift -= 4) {
        int digit = groups[i] >>> shift & 0xF;
        if (started || digit != 0 || shift == 0) {
          out[at++] = (byte) Character.forDigit(digit, 16);
          started = true;
        }
      }
      if (i < GROUPS - 1) {
        out[at++] = ':';
      }
    }
    return at;
  }
}
