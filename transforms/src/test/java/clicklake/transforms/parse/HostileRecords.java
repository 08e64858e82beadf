package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.contract.ContractFiles;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Records as a broken or hostile producer would send them, without end: sound events with odd
 * values, the contract's examples, nasty JSON, and all of these cut, flipped, doubled and spliced.
 * Equal seeds give equal records.
 */
public final class HostileRecords {
  private static final LocalDate FIRST_DATE = LocalDate.of(2024, 2, 1);
  private static final LocalDate FIRST_WIDE = LocalDate.of(2000, 1, 1);
  private static final LocalDate LAST_WIDE = LocalDate.of(9999, 12, 31);
  private static final int FEW_IDS = 300;

  private static final List<String> ACTIONS =
      List.of("view", "view", "click", "add_to_cart", "purchase", "login", "logout", "VIEW");
  private static final List<String> NAMES =
      List.of(
          "a",
          "",
          "e-mail",
          "EMAIL",
          "\\u0045mail",
          "IP",
          "client_ip",
          "ip",
          "name",
          "user_name",
          "First Name",
          "_rescued_data",
          "event_id",
          "é",
          "\\ud83d\\ude00",
          "__proto__",
          "a.b",
          "price",
          "quantity",
          "ip_hash",
          "page",
          "emaİl");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "/",
          "/p?q=1&r=%00",
          "null",
          "NaN",
          "10.0.0.1",
          "2001:DB8::1",
          "::ffff:10.0.0.1",
          "10.0.0.01",
          "EUR",
          "USD",
          "XXX",
          "DE",
          "UK",
          "mobile",
          "ünïcödé",
          "\\u0000",
          "\\ud83d\\ude00",
          "\\ud800",
          "\\udc00\\ud800",
          "\uFFFF\uFDD0",
          "\u202Ex",
          "\r",
          "a\\r\\nb",
          "'; DROP TABLE silver; --",
          "../../../etc/passwd",
          "{\\\"email\\\":\\\"a@example.com\\\"}",
          "\u2028\u0085\u00a0");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "1.0",
          "1e0",
          "-1",
          "2147483647",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999.9999",
          "100000000000000",
          "0.00001",
          "1e-4",
          "1e400",
          "1e-400",
          "1E+2147483648",
          "0e99999999999999999999",
          "00",
          "+1",
          ".5",
          "5.",
          "1e",
          "0x10",
          "Infinity",
          "-");

  private static final List<Byte> PUNCTUATION =
      "\0\r\n\"\\{},".chars().mapToObj(c -> (byte) c).toList();

  private final SplittableRandom random;
  private final List<LocalDate> dates = new ArrayList<>();
  private final List<byte[]> corpus = new ArrayList<>();
  private final List<byte[]> recent = new ArrayList<>();

  /**
   * @param dates how many dates events are of
   * @param wide whether these are anywhere in the years 2000 to 9999
   * @param more records to be mutated beside those that are at hand
   */
  public HostileRecords(long seed, int dates, boolean wide, List<byte[]> more) {
    random = new SplittableRandom(seed);
    for (int i = 0; i < dates; i++) {
      this.dates.add(
          wide
              ? LocalDate.ofEpochDay(
                  random.nextLong(FIRST_WIDE.toEpochDay(), LAST_WIDE.toEpochDay() + 1))
              : FIRST_DATE.plusDays(i));
    }
    if (wide) {
      this.dates.set(0, FIRST_WIDE);
      this.dates.set(1, LAST_WIDE);
    }
    ContractFiles.examples().forEach(example -> corpus.add(ContractFiles.read(example.file())));
    NastyCorpus.good().forEach(value -> corpus.add(NastyCorpus.inEvent(value)));
    NastyCorpus.bad().forEach(value -> corpus.add(NastyCorpus.inEvent(value)));
    corpus.addAll(NastyCorpus.notUtf8());
    corpus.addAll(more);
    // Nested a hundred thousand deep, some examples are long: they would be most of the bytes.
    corpus.removeIf(record -> record.length > 20_000);
  }

  /** The next record. It may hold line feeds. */
  public byte[] next() {
    byte[] record;
    int kind = random.nextInt(100);
    if (kind < 50) {
      record = event();
    } else if (kind < 60) {
      record = mutated(event());
    } else if (kind < 85) {
      record = mutated(corpus.get(random.nextInt(corpus.size())));
    } else if (kind < 93 && !recent.isEmpty()) {
      // A copy, or nearly one.
      byte[] earlier = recent.get(random.nextInt(recent.size()));
      record = random.nextInt(3) == 0 ? mutated(earlier) : earlier;
    } else if (kind < 97) {
      record = bytes();
    } else {
      record = nested();
    }
    if (recent.size() < 50) {
      recent.add(record);
    } else {
      recent.set(random.nextInt(recent.size()), record);
    }
    return record;
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** An event that is mostly sound, with odd values. */
  private byte[] event() {
    List<String> members = new ArrayList<>();
    boolean second = random.nextInt(4) > 0;
    members.add("\"event_id\":\"" + id() + '"');
    members.add("\"schema_version\":" + (second ? 2 : 1));
    members.add("\"event_time\":\"" + time() + '"');
    members.add("\"user_id\":\"u" + random.nextInt(40) + '"');
    members.add(
        "\"page\":\"" + (random.nextInt(9) == 0 ? longText() : "/" + random.nextInt(9)) + '"');
    members.add("\"action\":\"" + one(ACTIONS) + '"');
    if (random.nextInt(3) == 0) {
      members.add("\"source\":\"" + one(TEXTS) + '"');
    }
    if (second && random.nextInt(3) == 0) {
      members.add("\"product_id\":\"p" + random.nextInt(5) + '"');
      members.add("\"price\":" + (random.nextBoolean() ? "99999999999999.9999" : "19.9"));
      members.add("\"quantity\":" + (random.nextBoolean() ? "2147483647" : "1"));
      members.add("\"currency\":\"EUR\"");
    }
    for (int i = random.nextInt(5) - 2; i > 0; i--) {
      members.add('"' + one(NAMES) + "\":" + value(3));
    }
    if (random.nextInt(20) == 0) {
      members.remove(random.nextInt(members.size()));
    }
    if (random.nextInt(20) == 0) {
      members.add(one(members));
    }
    String space = random.nextInt(9) == 0 ? "\r\t " : "";
    return ("{" + space + String.join("," + space, members) + "}" + space).getBytes(UTF_8);
  }

  private String id() {
    // Few of them come again, with another time and other content.
    long low = random.nextInt(3) == 0 ? random.nextInt(FEW_IDS) : random.nextLong();
    String id = new UUID(0x4000L, low).toString();
    return random.nextInt(9) == 0 ? id.toUpperCase(Locale.ROOT) : id;
  }

  private String time() {
    String date = one(dates).toString();
    return switch (random.nextInt(12)) {
      case 0 -> date + "T00:00:00Z";
      case 1 -> date + "T23:59:59.999999999Z";
      case 2 -> date + "T24:00:00Z";
      case 3 -> Instant.ofEpochSecond(random.nextLong(-62_167_219_200L, 946_684_800L)).toString();
      default ->
          date
              + String.format(
                  "T%02d:%02d:%02d.%d+00:00",
                  random.nextInt(24),
                  random.nextInt(60),
                  random.nextInt(60),
                  random.nextInt(1_000_000_000));
    };
  }

  private String longText() {
    return one(List.of("x", "é", "\\u0041", "😀", "\\\\"))
        .repeat(random.nextInt(100) == 0 ? 100_000 : random.nextInt(200));
  }

  private String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0, 1 -> '"' + one(TEXTS) + '"';
      case 2 -> one(NUMBERS);
      case 3 -> Long.toString(random.nextLong());
      case 4 -> "9".repeat(random.nextInt(1, 400));
      case 5 -> one(List.of("null", "true", "false", "True", "\"\"", "[]", "{}"));
      case 6 -> "[" + value(depth - 1) + "," + value(depth - 1) + "]";
      default -> "{\"" + one(NAMES) + "\":" + value(depth - 1) + ",\"" + one(NAMES) + "\":1 }";
    };
  }

  private byte[] nested() {
    int depth = one(List.of(998, 999, 1000, 1001, 5000));
    boolean objects = random.nextBoolean();
    String open = (objects ? "{\"" + one(List.of("n", "name")) + "\":" : "[").repeat(depth - 1);
    String close = (objects ? "}" : "]").repeat(depth - 1);
    String sound = new String(event(), UTF_8);
    return sound
        .replaceFirst("}\\s*$", ",\"deep\":" + (open + "1" + close).replace("$", "") + "}")
        .getBytes(UTF_8);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(80)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] mutated(byte[] record) {
    byte[] changed = record;
    for (int i = random.nextInt(4); i >= 0; i--) {
      changed = mutatedOnce(changed);
    }
    return changed.length > 300_000 ? Arrays.copyOf(changed, 300_000) : changed;
  }

  private byte[] mutatedOnce(byte[] record) {
    if (record.length == 0) {
      return bytes();
    }
    int from = random.nextInt(record.length);
    int to = random.nextInt(from, record.length + 1);
    return switch (random.nextInt(12)) {
      case 0 -> {
        byte[] flipped = record.clone();
        flipped[from] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 1 -> {
        byte[] other = record.clone();
        other[from] = (byte) random.nextInt(256);
        yield other;
      }
      case 2 -> Arrays.copyOf(record, from);
      case 3 -> Arrays.copyOfRange(record, from, record.length);
      // A piece twice, a piece out, a piece of another record in.
      case 4 -> joined(Arrays.copyOf(record, to), Arrays.copyOfRange(record, from, record.length));
      case 5 -> joined(Arrays.copyOf(record, from), Arrays.copyOfRange(record, to, record.length));
      case 6 -> {
        byte[] other = one(corpus);
        int start = other.length == 0 ? 0 : random.nextInt(other.length);
        yield joined(Arrays.copyOf(record, from), Arrays.copyOfRange(other, start, other.length));
      }
      case 7 -> joined(record, one(corpus));
      case 8 -> put(record, from, new byte[] {one(PUNCTUATION)});
      case 9 -> put(record, from, text());
      case 10 -> put(record, from, one(NUMBERS).getBytes(UTF_8));
      default -> withTime(record);
    };
  }

  /** Code points of all planes, also such as do not exist, in UTF-8 or what looks like it. */
  private byte[] text() {
    if (random.nextInt(3) == 0) {
      return one(List.of(
              "\u00ed\u00a0\u0080",
              "\u00c0\u0080",
              "\u00f4\u0090\u0080\u0080",
              "\u00ef\u00bb\u00bf"))
          .getBytes(ISO_8859_1);
    }
    int point = random.nextInt(Character.MAX_CODE_POINT + 1);
    return Character.toString(point >= 0xD800 && point < 0xE000 ? 0xFFFD : point).getBytes(UTF_8);
  }

  /** The same event at another time. */
  private byte[] withTime(byte[] record) {
    return new String(record, ISO_8859_1)
        .replaceFirst("\"event_time\":\"[^\"]*\"", "\"event_time\":\"" + time() + '"')
        .getBytes(ISO_8859_1);
  }

  private static byte[] put(byte[] record, int at, byte[] piece) {
    return joined(
        joined(Arrays.copyOf(record, at), piece), Arrays.copyOfRange(record, at, record.length));
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(one.length + other.length);
    out.writeBytes(one);
    out.writeBytes(other);
    return out.toByteArray();
  }
}
