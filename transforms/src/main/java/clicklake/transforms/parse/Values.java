package clicklake.transforms.parse;

/** Reads the contract's scalar values in place. */
final class Values {
  /** Returned in place of a time, price or quantity that breaks the rule. */
  static final long INVALID = Long.MIN_VALUE;

  /** 2000-01-01T00:00:00Z, the earliest event time, in microseconds. */
  static final long EARLIEST_MICROS = 946_684_800_000_000L;

  /** The same in milliseconds: the earliest arrival that is believed. */
  static final long EARLIEST_MILLIS = EARLIEST_MICROS / 1000;

  private static final int UUID_LENGTH = 36;
  private static final int SHORTEST_TIME = "2000-01-01T00:00:00Z".length();
  private static final long LARGEST_PRICE = 999_999_999_999_999_999L;
  private static final int PRICE_SCALE = 4;
  private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private Values() {}

  /** Whether a UUID in its 8-4-4-4-12 form lies here. */
  static boolean isUuid(byte[] in, int at, int length) {
    return length == UUID_LENGTH
        && in[at + 8] == '-'
        && in[at + 13] == '-'
        && in[at + 18] == '-'
        && in[at + 23] == '-'
        && (Hexadecimal.four(in, at)
                | Hexadecimal.four(in, at + 4)
                | Hexadecimal.four(in, at + 9)
                | Hexadecimal.four(in, at + 14)
                | Hexadecimal.four(in, at + 19)
                | Hexadecimal.four(in, at + 24)
                | Hexadecimal.four(in, at + 28)
                | Hexadecimal.four(in, at + 32))
            >= 0;
  }

  /** The upper half of a sound UUID. */
  static long uuidHigh(byte[] in, int at) {
    return (long) Hexadecimal.four(in, at) << 48
        | (long) Hexadecimal.four(in, at + 4) << 32
        | (long) Hexadecimal.four(in, at + 9) << 16
        | Hexadecimal.four(in, at + 14);
  }

  /** The lower half of a sound UUID. */
  static long uuidLow(byte[] in, int at) {
    return (long) Hexadecimal.four(in, at + 19) << 48
        | (long) Hexadecimal.four(in, at + 24) << 32
        | (long) Hexadecimal.four(in, at + 28) << 16
        | Hexadecimal.four(in, at + 32);
  }

  /**
   * Microseconds since 1970 of {@code YYYY-MM-DDThh:mm:ss[.f{1,9}]} with {@code Z}, {@code +00:00}
   * or {@code -00:00}; digits past microseconds are cut. {@link #INVALID} if it is no such time.
   */
  static long micros(byte[] in, int at, int length) {
    if (length < SHORTEST_TIME
        || in[at + 4] != '-'
        || in[at + 7] != '-'
        || in[at + 10] != 'T'
        || in[at + 13] != ':'
        || in[at + 16] != ':') {
      return INVALID;
    }
    int century = twoDigits(in, at);
    int yearOfCentury = twoDigits(in, at + 2);
    int month = twoDigits(in, at + 5);
    int day = twoDigits(in, at + 8);
    int hour = twoDigits(in, at + 11);
    int minute = twoDigits(in, at + 14);
    int second = twoDigits(in, at + 17);
    if ((century | yearOfCentury | hour | minute | second) < 0
        || month < 1
        || month > 12
        || day < 1
        || hour > 23
        || minute > 59
        || second > 59) {
      return INVALID;
    }
    int year = century * 100 + yearOfCentury;
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > DAYS[month - 1] && !(leap && month == 2 && day == 29)) {
      return INVALID;
    }
    int end = at + length;
    int next = at + 19;
    int fraction = 0;
    if (in[next] == '.') {
      int first = ++next;
      while (next < end && in[next] >= '0' && in[next] <= '9') {
        if (next - first < 6) {
          fraction = fraction * 10 + in[next] - '0';
        }
        next++;
      }
      int digits = next - first;
      if (digits < 1 || digits > 9) {
        return INVALID;
      }
      for (int i = digits; i < 6; i++) {
        fraction *= 10;
      }
    }
    if (!isZeroOffset(in, next, end)) {
      return INVALID;
    }
    long seconds = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second;
    return seconds * 1_000_000 + fraction;
  }

  private static boolean isZeroOffset(byte[] in, int at, int end) {
    if (end - at == 1) {
      return in[at] == 'Z';
    }
    return end - at == 6
        && (in[at] == '+' || in[at] == '-')
        && in[at + 1] == '0'
        && in[at + 2] == '0'
        && in[at + 3] == ':'
        && in[at + 4] == '0'
        && in[at + 5] == '0';
  }

  /** Days since 1970-01-01 in the Gregorian calendar, for years from 0 on. */
  private static long epochDay(int year, int month, int day) {
    // Years begin in March here, so that the leap day is a year's last.
    int y = month <= 2 ? year - 1 : year;
    int monthFromMarch = (month + 9) % 12;
    int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
    return 365L * y
        + Math.floorDiv(y, 4)
        - Math.floorDiv(y, 100)
        + Math.floorDiv(y, 400)
        + dayOfYear
        - 719_468;
  }

  /** Two decimal digits, negative if they are none. */
  private static int twoDigits(byte[] in, int at) {
    int tens = in[at] - '0';
    int ones = in[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }

  /**
   * The value of a JSON integer that fits an int, else {@link #INVALID}.
   *
   * @param from the first byte of a sound JSON number without fraction and exponent
   */
  static long integer(byte[] in, int from, int to) {
    boolean negative = in[from] == '-';
    int first = negative ? from + 1 : from;
    if (to - first > 10) {
      return INVALID;
    }
    long value = 0;
    for (int i = first; i < to; i++) {
      value = value * 10 + in[i] - '0';
    }
    value = negative ? -value : value;
    return value == (int) value ? value : INVALID;
  }

  /**
   * A price in ten-thousandths, or {@link #INVALID} if the number is negative, has more than four
   * decimals or does not fit decimal(18,4). What counts is the number's value, however it is
   * written: 1.50000, 15e-1 and -0 are prices, 0.00001 is not.
   *
   * @param from the first byte of a sound JSON number
   */
  static long price(byte[] in, int from, int to) {
    boolean negative = in[from] == '-';
    int at = negative ? from + 1 : from;
    long value = 0;
    int scale = 0;
    boolean pointSeen = false;
    // Zeros wait here until a digit follows: at the number's end they say nothing but how large it
    // is, and may be any number.
    int zeros = 0;
    while (at < to && (in[at] | 0x20) != 'e') {
      if (in[at] == '.') {
        pointSeen = true;
      } else {
        if (pointSeen) {
          scale++;
        }
        if (in[at] == '0') {
          zeros++;
        } else {
          value = appendDigit(appendZeros(value, zeros), in[at] - '0');
          zeros = 0;
        }
      }
      at++;
    }
    if (value == 0) {
      return 0;
    }
    // More than 18 digits between the first and the last that is not zero never fit.
    if (negative || value > LARGEST_PRICE) {
      return INVALID;
    }
    long power = (long) PRICE_SCALE - scale + zeros + exponent(in, at, to);
    if (power < 0) {
      return INVALID;
    }
    long price = appendZeros(value, (int) Math.min(power, 19));
    return price > LARGEST_PRICE ? INVALID : price;
  }

  /** Times ten to the power of {@code zeros}; what grows too large stays so. */
  private static long appendZeros(long value, int zeros) {
    long longer = value;
    for (int i = 0; i < zeros && longer != 0 && longer <= LARGEST_PRICE; i++) {
      longer = appendDigit(longer, 0);
    }
    return longer;
  }

  private static long appendDigit(long value, int digit) {
    return value > LARGEST_PRICE / 10 ? LARGEST_PRICE + 1 : value * 10 + digit;
  }

  /** The exponent from its letter on, 0 if there is none, held within what an int can take. */
  private static long exponent(byte[] in, int from, int to) {
    if (from >= to) {
      return 0;
    }
    int at = from + 1;
    boolean negative = in[at] == '-';
    if (negative || in[at] == '+') {
      at++;
    }
    long value = 0;
    for (; at < to; at++) {
      value = Math.min(value * 10 + in[at] - '0', Integer.MAX_VALUE);
    }
    return negative ? -value : value;
  }
}
