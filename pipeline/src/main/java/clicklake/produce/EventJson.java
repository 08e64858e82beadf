package clicklake.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON, byte by byte and without garbage: producing must be faster than whatever
 * is measured with it. One field can be replaced or left out, which is how most broken events come
 * about.
 */
final class EventJson {
  private static final Map<Action, byte[]> ACTIONS = new EnumMap<>(Action.class);
  private static final byte[][] DEVICES =
      quoted(Stream.of(DeviceType.values()).map(DeviceType::text));
  private static final byte[][] COUNTRIES =
      quoted(
          Stream.of(
              "DE", "DE", "US", "US", "US", "GB", "FR", "NL", "AT", "CH", "PL", "ES", "IT", "SE",
              "JP", "BR"));
  private static final byte[][] CURRENCIES =
      quoted(Stream.of("EUR", "EUR", "EUR", "USD", "USD", "GBP", "CHF", "JPY"));
  private static final byte[][] SOURCES = quoted(Stream.of("web", "web", "ios", "android"));
  private static final byte[][] AGENTS =
      quoted(
          Stream.of(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0",
              "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_2) AppleWebKit/605.1.15 Safari/17.2",
              "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
              "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Mobile/15E148",
              "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Mobile",
              "ShopApp/4.2",
              "ShopApp/4.3 beta",
              "Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) Mobile/15E148"));
  private static final byte[][] REFERRERS =
      quoted(
          Stream.of(
              "https://www.google.com/",
              "https://www.bing.com/search",
              "https://news.example.org/deals",
              "newsletter-2024-01"));

  /** Searches, also in other scripts and with escapes: pages are any text. */
  private static final byte[][] SEARCHES =
      quoted(
          Stream.of(
              "/search?q=shoes",
              "/search?q=winter+coat",
              "/search?q=caf\u00e9",
              "/search?q=\u65e5\u672c\u8336",
              "/search?q=\ud83c\udf81",
              "/search?q=27\\\" monitor",
              "/search?q=na\\u00efve",
              "/category/garden",
              "/category/books",
              "/category/kitchen"));

  private static final byte[] HOME = ascii("\"/\"");
  private static final byte[] CART = ascii("\"/cart\"");
  private static final byte[] CHECKOUT = ascii("\"/checkout\"");
  private static final byte[] CONFIRMATION = ascii("\"/checkout/confirmation\"");
  private static final byte[] LOGIN = ascii("\"/account/login\"");
  private static final byte[] LOGOUT = ascii("\"/account/logout\"");
  private static final byte[] PRODUCT_PAGE = ascii("\"/product/p-");
  private static final byte[] PRODUCT_ID = ascii("\"p-");
  private static final byte[] USER = ascii("user-");
  private static final byte[] SESSION = ascii("\"s-");
  private static final byte[] ZERO_OFFSET = ascii("+00:00");
  private static final byte[] NULL = ascii("null");
  private static final byte[] IPV6 = ascii("\"2001:db8:");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] UPPER_HEX = ascii("0123456789ABCDEF");

  static {
    for (Action action : Action.values()) {
      ACTIONS.put(action, ascii('"' + action.text() + '"'));
    }
  }

  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;

  private final Bytes out;
  private @Nullable Field replaced;
  private byte @Nullable [] replacement;
  private boolean first;
  private long dayWritten = Long.MIN_VALUE;
  private byte[] date = {};

  EventJson(Bytes out) {
    this.out = out;
  }

  /** The text of a shopper's user_id. */
  static byte[] userId(int number) {
    Bytes id = new Bytes(16);
    id.putBytes(USER, 0, USER.length);
    putDigits(id, number, Math.max(6, digits(number)));
    return id.toByteArray();
  }

  /**
   * The event_time that is written, in microseconds since 1970: clients differ in how exactly they
   * tell the time.
   */
  static long writtenTime(Shopper shopper) {
    return shopper.time() - Math.floorMod(shopper.time(), unit(shopper));
  }

  private static long unit(Shopper shopper) {
    if (shopper.version() == 1) {
      return (trait(shopper, 4) & 7) == 0 ? SECOND : 1_000;
    }
    return 1;
  }

  /**
   * Writes an event.
   *
   * @param version of the contract, which a broken event may be written in although the shopper's
   *     client speaks the other
   * @param replaced a field that is not what it should be; null if all are sound
   * @param replacement its JSON; null leaves the field out
   * @param extra JSON of further fields that begins with a comma; null for none
   */
  void write(
      Shopper shopper,
      int version,
      long idHigh,
      long idLow,
      @Nullable Field replaced,
      byte @Nullable [] replacement,
      byte @Nullable [] extra) {
    this.replaced = replaced;
    this.replacement = replacement;
    first = true;
    out.ensure(1024);
    out.putByte('{');
    if (begin(Field.EVENT_ID)) {
      uuid(idHigh, idLow, (trait(shopper, 12) & 31) == 0 ? UPPER_HEX : HEX);
    }
    if (begin(Field.SCHEMA_VERSION)) {
      out.putByte('0' + version);
    }
    if (begin(Field.EVENT_TIME)) {
      time(shopper);
    }
    if (begin(Field.USER_ID)) {
      out.putByte('"');
      put(USER);
      number(shopper.number(), 6);
      out.putByte('"');
    }
    if (begin(Field.PAGE)) {
      page(shopper);
    }
    if (begin(Field.ACTION)) {
      put(ACTIONS.getOrDefault(action(shopper, version), NULL));
    }
    referrer(shopper);
    if (begin(Field.USER_AGENT)) {
      put(AGENTS[trait(shopper, 17) & 7]);
    }
    // Some clients leave optional fields out, others write null.
    if (isReplaced(Field.SOURCE) || (trait(shopper, 20) & 7) != 0) {
      if (begin(Field.SOURCE)) {
        put(SOURCES[trait(shopper, 23) & 3]);
      }
    }
    if (begin(Field.DEVICE_TYPE)) {
      put((trait(shopper, 25) & 15) == 0 ? NULL : DEVICES[trait(shopper, 29) & 3]);
    }
    if (isReplaced(Field.COUNTRY) || (trait(shopper, 31) & 15) != 0) {
      if (begin(Field.COUNTRY)) {
        put(COUNTRIES[trait(shopper, 35) & 15]);
      }
    }
    if (version == 2) {
      writeVersion2(shopper);
    }
    if (extra != null) {
      put(extra);
    }
    out.putByte('}');
  }

  private void writeVersion2(Shopper shopper) {
    if (begin(Field.SESSION_ID)) {
      put(SESSION);
      hex(SeededRandom.mix(shopper.traits() + shopper.session()), 16, HEX);
      out.putByte('"');
    }
    boolean bought = shopper.step() == Step.CART || shopper.step() == Step.PURCHASE;
    boolean looked = shopper.step() == Step.PRODUCT || shopper.step() == Step.DETAILS;
    if ((bought || looked) && begin(Field.PRODUCT_ID)) {
      put(PRODUCT_ID);
      putDigits(out, shopper.product(), 5);
      out.putByte('"');
    }
    if ((bought || isReplaced(Field.QUANTITY)) && begin(Field.QUANTITY)) {
      out.putByte('1' + (int) Math.floorMod(shopper.time(), 3L));
    }
    if ((bought || isReplaced(Field.PRICE)) && begin(Field.PRICE)) {
      int cents = 99 + (int) (((long) shopper.product() * 7919) % 20_000);
      number(cents / 100, 1);
      out.putByte('.');
      putDigits(out, cents % 100, 2);
    }
    if ((bought || isReplaced(Field.CURRENCY)) && begin(Field.CURRENCY)) {
      put(CURRENCIES[trait(shopper, 39) & 7]);
    }
    if (begin(Field.IP)) {
      ip(shopper);
    }
  }

  /** Older clients know fewer actions. */
  private static Action action(Shopper shopper, int version) {
    Action action = shopper.step().action();
    return action.since() > version ? Action.VIEW : action;
  }

  /** Writes the key; false if the value is not to be written. */
  private boolean begin(Field field) {
    boolean sound = field != replaced;
    if (sound || replacement != null) {
      if (!first) {
        out.putByte(',');
      }
      first = false;
      put(field.json());
    }
    if (!sound && replacement != null) {
      put(replacement);
    }
    return sound;
  }

  private boolean isReplaced(Field field) {
    return field == replaced;
  }

  private void referrer(Shopper shopper) {
    boolean named = shopper.entering() && (trait(shopper, 42) & 1) == 0;
    if (named || isReplaced(Field.REFERRER)) {
      if (begin(Field.REFERRER)) {
        put(REFERRERS[trait(shopper, 43) & 3]);
      }
    } else if ((trait(shopper, 45) & 3) == 0 && begin(Field.REFERRER)) {
      put(NULL);
    }
  }

  private void page(Shopper shopper) {
    switch (shopper.step()) {
      case HOME -> put(HOME);
      case SEARCH ->
          put(SEARCHES[(int) Math.floorMod(shopper.time() / 1_000, (long) SEARCHES.length)]);
      case PRODUCT, DETAILS -> {
        put(PRODUCT_PAGE);
        putDigits(out, shopper.product(), 5);
        out.putByte('"');
      }
      case CART -> put(CART);
      case CHECKOUT -> put(CHECKOUT);
      case PURCHASE -> put(CONFIRMATION);
      case LOGIN -> put(LOGIN);
      case LOGOUT -> put(LOGOUT);
      case LEAVE -> throw new IllegalStateException("who has left sends nothing");
    }
  }

  private void time(Shopper shopper) {
    long time = writtenTime(shopper);
    long day = Math.floorDiv(time, DAY);
    if (day != dayWritten) {
      date = ascii(LocalDate.ofEpochDay(day).toString());
      dayWritten = day;
    }
    out.putByte('"');
    put(date);
    long rest = time - day * DAY;
    int seconds = (int) (rest / SECOND);
    out.putByte('T');
    putDigits(out, seconds / 3_600, 2);
    out.putByte(':');
    putDigits(out, seconds / 60 % 60, 2);
    out.putByte(':');
    putDigits(out, seconds % 60, 2);
    int micros = (int) (rest % SECOND);
    if (unit(shopper) == 1_000) {
      out.putByte('.');
      putDigits(out, micros / 1_000, 3);
    } else if (unit(shopper) == 1) {
      out.putByte('.');
      putDigits(out, micros, 6);
      if ((trait(shopper, 47) & 15) == 0) {
        // Nanoseconds, which readers cut.
        putDigits(out, micros % 1_000, 3);
      }
    }
    if ((trait(shopper, 51) & 15) == 0) {
      put(ZERO_OFFSET);
    } else {
      out.putByte('Z');
    }
    out.putByte('"');
  }

  private void ip(Shopper shopper) {
    int address = trait(shopper, 20);
    if ((trait(shopper, 55) & 7) == 0) {
      put(IPV6);
      hex(address, 4, HEX);
      out.putByte(':');
      hex(address >>> 16, 4, HEX);
      out.putByte(':');
      out.putByte(':');
      out.putByte('1');
    } else {
      out.putByte('"');
      number(1 + (address & 127), 1);
      for (int shift = 8; shift < 32; shift += 8) {
        out.putByte('.');
        number((address >>> shift) & 255, 1);
      }
    }
    out.putByte('"');
  }

  private void uuid(long high, long low, byte[] digits) {
    out.putByte('"');
    hex(high >>> 32, 8, digits);
    out.putByte('-');
    hex(high >>> 16, 4, digits);
    out.putByte('-');
    hex(high, 4, digits);
    out.putByte('-');
    hex(low >>> 48, 4, digits);
    out.putByte('-');
    hex(low, 12, digits);
    out.putByte('"');
  }

  private static int trait(Shopper shopper, int shift) {
    return (int) (shopper.traits() >>> shift);
  }

  private void hex(long value, int length, byte[] digits) {
    for (int shift = 4 * (length - 1); shift >= 0; shift -= 4) {
      out.putByte(digits[(int) (value >>> shift) & 15]);
    }
  }

  private void number(int value, int leastDigits) {
    putDigits(out, value, Math.max(leastDigits, digits(value)));
  }

  private static int digits(int value) {
    int digits = 1;
    for (int rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static void putDigits(Bytes to, int value, int digits) {
    int power = 1;
    for (int i = 1; i < digits; i++) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      to.putByte('0' + value / power % 10);
    }
  }

  private void put(byte[] bytes) {
    out.putBytes(bytes, 0, bytes.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[][] quoted(Stream<String> texts) {
    return texts.map(text -> ascii('"' + text + '"')).toArray(byte[][]::new);
  }
}
