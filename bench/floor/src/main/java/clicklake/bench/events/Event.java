package clicklake.bench.events;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;

/**
 * One event as slices of the bytes it was read from, reused for the next: nothing is allocated for
 * it. Public fields, because serializers and writers of the compared jobs read them in place.
 *
 * <p>Valid is what has a UUID, an integer version, a time, a user, one of four actions and a page.
 * Clicklake's contract asks for more: strict UTF-8 and JSON, codes of countries and currencies,
 * limits of numbers, of length and of nesting, and it names every fault, not the first.
 */
public final class Event {
  /** Names of the known fields; a field's place here is its index everywhere else. */
  public static final List<String> NAMES =
      List.of(
          "event_id",
          "schema_version",
          "event_time",
          "user_id",
          "action",
          "page",
          "referrer",
          "device_type",
          "country",
          "ip_hash",
          "user_agent",
          "source",
          "product_id",
          "price");

  /** The actions, by their number. */
  public static final List<String> ACTIONS = List.of("view", "click", "add_to_cart", "purchase");

  /** Readable bytes that a line must have behind its end, for whole words at a time. */
  public static final int PADDING = 8;

  public static final int FIELDS = NAMES.size();
  static final int ID = 0;
  static final int VERSION = 1;
  static final int TIME = 2;
  static final int USER = 3;
  static final int ACTION = 4;
  static final int PAGE = 5;
  static final int IP = 9;
  static final int PRICE = 13;

  static final byte[] HEX = "0123456789abcdef".getBytes();
  private static final byte[] HEX_VALUES = new byte[256];
  private static final byte[][] ACTION_BYTES =
      ACTIONS.stream().map(String::getBytes).toArray(byte[][]::new);

  static {
    Arrays.fill(HEX_VALUES, (byte) -1);
    for (int i = 0; i < 16; i++) {
      HEX_VALUES[HEX[i]] = (byte) i;
      HEX_VALUES[Character.toUpperCase((char) HEX[i])] = (byte) i;
    }
  }

  /** The line as received. */
  public byte[] line;

  public int lineStart;
  public int lineLength;

  /** Where the texts lie: the line itself, or what its escapes stand for. */
  public byte[] texts;

  public final int[] starts = new int[FIELDS];

  /** In bytes; -1 for a field that is absent or null. */
  public final int[] lengths = new int[FIELDS];

  public int version;
  boolean hasVersion;
  public double price;
  public boolean hasPrice;

  /** event_time since 1970, in microseconds. */
  public long micros;

  public int action;
  public long idHigh;
  public long idLow;

  /** Unknown fields as a JSON object; null until there are any. */
  public byte[] rescued;

  /** In bytes; -1 for none. */
  public int rescuedLength = -1;

  /** Name of the field at fault, or "malformed"; null for a valid event. */
  public String reason;

  /** Hex of SHA-256, once {@link Pseudonyms} has set it. */
  public final byte[] userKey = new byte[64];

  public final byte[] ipKey = new byte[64];

  /** Texts that are not as in the line: what a reader copies. */
  private byte[] copies = new byte[0];

  private int copiesLength;
  private long cachedDate = -1;
  private long cachedDateMicros;

  /** Forgets the last event and notes where the next one lies. */
  void begin(byte[] bytes, int start, int length) {
    line = bytes;
    lineStart = start;
    lineLength = length;
    copiesLength = 0;
    Arrays.fill(lengths, -1);
    hasVersion = false;
    hasPrice = false;
    rescuedLength = -1;
    reason = null;
  }

  /** Sets a field to a text that does not lie in the line. */
  void copy(int field, byte[] text) {
    if (copiesLength + text.length > copies.length) {
      copies = Arrays.copyOf(copies, Math.max(512, 2 * (copiesLength + text.length)));
    }
    System.arraycopy(text, 0, copies, copiesLength, text.length);
    starts[field] = copiesLength;
    lengths[field] = text.length;
    copiesLength += text.length;
  }

  /** Says that all texts were copied. */
  void endCopies() {
    texts = copies;
  }

  /** Adds an unknown field, its value as received. */
  void rescue(byte[] name, int nameStart, int nameLength, byte[] value, int start, int length) {
    int at = Math.max(rescuedLength - 1, 0);
    int needed = at + nameLength + length + 5;
    if (rescued == null) {
      rescued = new byte[Math.max(128, needed)];
    } else if (rescued.length < needed) {
      rescued = Arrays.copyOf(rescued, 2 * needed);
    }
    rescued[at++] = (byte) (rescuedLength < 0 ? '{' : ',');
    rescued[at++] = '"';
    System.arraycopy(name, nameStart, rescued, at, nameLength);
    at += nameLength;
    rescued[at++] = '"';
    rescued[at++] = ':';
    System.arraycopy(value, start, rescued, at, length);
    at += length;
    rescued[at++] = '}';
    rescuedLength = at;
  }

  /** Looks at the fields, and sets the typed ones or a reason. */
  void validate() {
    if (!readId()) {
      reason = "event_id";
    } else if (!hasVersion) {
      reason = "schema_version";
    } else if (!readTime()) {
      reason = "event_time";
    } else if (lengths[USER] <= 0) {
      reason = "user_id";
    } else if (!readAction()) {
      reason = "action";
    } else if (lengths[PAGE] < 0) {
      reason = "page";
    }
  }

  private boolean readId() {
    if (lengths[ID] != 36) {
      return false;
    }
    int start = starts[ID];
    byte[] in = texts;
    if (in[start + 8] != '-'
        || in[start + 13] != '-'
        || in[start + 18] != '-'
        || in[start + 23] != '-') {
      return false;
    }
    long high = 0;
    long low = 0;
    int all = 0;
    for (int i = 0; i < 18; i++) {
      if (i != 8 && i != 13) {
        int value = HEX_VALUES[in[start + i] & 255];
        all |= value;
        high = high << 4 | (value & 15);
      }
    }
    for (int i = 19; i < 36; i++) {
      if (i != 23) {
        int value = HEX_VALUES[in[start + i] & 255];
        all |= value;
        low = low << 4 | (value & 15);
      }
    }
    idHigh = high;
    idLow = low;
    return all >= 0; // a character that is no digit has -1
  }

  private boolean readTime() {
    int length = lengths[TIME];
    int start = starts[TIME];
    if (length < 0) {
      return false;
    }
    byte[] in = texts;
    if (length < 20
        || length > 27
        || in[start + 4] != '-'
        || in[start + 7] != '-'
        || in[start + 10] != 'T'
        || in[start + 13] != ':'
        || in[start + 16] != ':'
        || in[start + length - 1] != 'Z') {
      return readAnyTime();
    }
    int century = twoDigits(start);
    int year = twoDigits(start + 2);
    int month = twoDigits(start + 5);
    int day = twoDigits(start + 8);
    int hour = twoDigits(start + 11);
    int minute = twoDigits(start + 14);
    int second = twoDigits(start + 17);
    if (century < 0
        || year < 0
        || month < 1
        || month > 12
        || day < 1
        || day > 28
        || hour < 0
        || hour > 23
        || minute < 0
        || minute > 59
        || second < 0
        || second > 59) {
      return readAnyTime();
    }
    int fraction = 0;
    if (length > 20) {
      if (in[start + 19] != '.' || length == 21) {
        return readAnyTime();
      }
      for (int i = start + 20; i < start + length - 1; i++) {
        int digit = in[i] - '0';
        if (digit < 0 || digit > 9) {
          return readAnyTime();
        }
        fraction = fraction * 10 + digit;
      }
      for (int digits = length - 21; digits < 6; digits++) {
        fraction *= 10;
      }
    }
    long date = ((century * 100L + year) * 100 + month) * 100 + day;
    if (date != cachedDate) {
      cachedDateMicros =
          LocalDate.of(century * 100 + year, month, day).toEpochDay() * 86_400_000_000L;
      cachedDate = date;
    }
    micros = cachedDateMicros + (hour * 3600L + minute * 60 + second) * 1_000_000L + fraction;
    return true;
  }

  private int twoDigits(int at) {
    int tens = texts[at] - '0';
    int ones = texts[at + 1] - '0';
    return (tens | ones) < 0 || tens > 9 || ones > 9 ? -1_000_000 : tens * 10 + ones;
  }

  private boolean readAnyTime() {
    try {
      Instant time = Instant.parse(new String(texts, starts[TIME], lengths[TIME]));
      micros = time.getEpochSecond() * 1_000_000L + time.getNano() / 1000;
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private boolean readAction() {
    int length = lengths[ACTION];
    int start = starts[ACTION];
    for (int i = 0; i < ACTION_BYTES.length; i++) {
      byte[] text = ACTION_BYTES[i];
      if (text.length == length && Arrays.equals(text, 0, length, texts, start, start + length)) {
        action = i;
        return true;
      }
    }
    return false;
  }

  public boolean hasIp() {
    return lengths[IP] >= 0;
  }

  /** The user's 64-bit hash, for estimates of how many there are. */
  public long userHash() {
    long hash = 0xcbf29ce484222325L;
    int end = starts[USER] + lengths[USER];
    for (int i = starts[USER]; i < end; i++) {
      hash = (hash ^ texts[i]) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
    hash *= 0xBF58476D1CE4E5B9L;
    return hash ^ hash >>> 32;
  }
}
