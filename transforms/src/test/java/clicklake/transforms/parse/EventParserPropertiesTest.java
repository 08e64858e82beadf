package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.PersonalName;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.offset.SourcePartition;
import clicklake.transforms.pseudonym.PseudonymKey;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** Whatever the record, the parser and the reference say the same about it. */
class EventParserPropertiesTest {
  private static final long ARRIVAL = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final ParserSettings SETTINGS =
      ParserSettings.DEFAULTS.withKey(new PseudonymKey("k", new byte[32]));

  // One for all tries: what is left of one record must not show in the next.
  private final EventParser parser = new EventParser(SETTINGS);
  private final EventParser userEvents = new EventParser(SETTINGS.withDialect(Dialect.USER_EVENTS));

  @Property(tries = 3000)
  void theParserAgreesWithTheReferenceOnEvents(@ForAll("records") String record) {
    agree(record.getBytes(UTF_8));
  }

  @Property(tries = 3000)
  void theParserAgreesWithTheReferenceOnDamagedEvents(
      @ForAll("records") String record,
      @ForAll @Size(max = 3) List<@From("damages") Damage> damages) {
    byte[] bytes = record.getBytes(UTF_8);
    for (Damage damage : damages) {
      bytes = damage.to(bytes);
    }
    agree(bytes);
  }

  /** The lower byte of the last character is that of a digit. */
  @Example
  void anEscapeHasFourDigitsOfAscii() {
    for (String text : new String[] {"\\u005\u0130", "\\\\\\u005", "\\u00zz"}) {
      byte[] record = ("{\"a\":\"" + text + "\"}").getBytes(UTF_8);
      agree(record);
      assertThat(parser.parse(record, 0, record.length, ARRIVAL)).isFalse();
      assertThat(parser.reject().reason()).as(text).isEqualTo(RejectReason.NOT_JSON);
    }
    agree("{\"a\":\"\\\\u005\u0130\"}".getBytes(UTF_8));
  }

  @Property(tries = 2000)
  void theParserAgreesWithTheReferenceOnAnyJson(@ForAll("values") String value) {
    agree(value.getBytes(UTF_8));
    agree(NastyCorpus.inEvent(value.getBytes(UTF_8)));
  }

  @Property(tries = 2000)
  void theParserAgreesWithTheReferenceOnAnyBytes(@ForAll @Size(max = 40) byte[] bytes) {
    agree(bytes);
    agree(NastyCorpus.inEvent(bytes));
  }

  @Property(tries = 2000)
  void aPersonalNameIsOneHoweverItIsSpelled(@ForAll("spellings") String name) {
    byte[] utf8 = name.getBytes(UTF_8);
    int expected = Names.NONE;
    for (PersonalName personal : PersonalName.values()) {
      String bare = name.replaceAll("[-_\\s]", "");
      expected = personal.text().equalsIgnoreCase(bare) ? personal.ordinal() : expected;
    }
    // It lies in a larger array, whose bytes around it must not matter.
    byte[] array = new byte[utf8.length + 4];
    Arrays.fill(array, (byte) 'x');
    System.arraycopy(utf8, 0, array, 2, utf8.length);
    assertThat(Names.personal(array, 2, 2 + utf8.length)).as(name).isEqualTo(expected);
  }

  @Property(tries = 2000)
  void theParserNeverThrowsAndAgreesAtAnyArrival(
      @ForAll("records") String record, @ForAll("arrivals") long arrival) {
    byte[] bytes = record.getBytes(UTF_8);
    agree(bytes, parser, SETTINGS, arrival);
  }

  @Property(tries = 2000)
  void aBatchHoldsWhatWasParsed(@ForAll @Size(max = 5) List<@From("records") String> records) {
    SourcePartition partition = new SourcePartition("events", 3, "kafka:c:t");
    EventBatch.Builder builder = new EventBatch.Builder(16);
    List<ParsedEvent> expected = new ArrayList<>();
    for (String record : records) {
      byte[] bytes = record.getBytes(UTF_8);
      if (parser.parse(bytes, 0, bytes.length, ARRIVAL)) {
        expected.add(ParsedEvent.of(parser.event()));
        builder.add(parser.event(), partition, expected.size(), ARRIVAL);
      }
      Arrays.fill(bytes, (byte) 0);
    }
    List<ParsedEvent> found = new ArrayList<>();
    EventBatch.Cursor cursor = builder.build().cursor();
    while (cursor.next()) {
      found.add(ParsedEvent.of(cursor));
      assertThat(cursor.offset()).isEqualTo(found.size());
      assertThat(cursor.arrivalMillis()).isEqualTo(ARRIVAL);
      assertThat(cursor.partition()).isEqualTo(partition);
    }
    assertThat(found).isEqualTo(expected);
  }

  @Property(tries = 2000)
  void anEventWrittenAsJsonIsReadBack(@ForAll("impersonal") String record) {
    byte[] bytes = record.getBytes(UTF_8);
    if (!parser.parse(bytes, 0, bytes.length, ARRIVAL)) {
      return;
    }
    ParsedEvent event = ParsedEvent.of(parser.event());
    byte[] again = write(event).getBytes(UTF_8);
    assertThat(parser.parse(again, 0, again.length, ARRIVAL)).as(write(event)).isTrue();
    assertThat(ParsedEvent.of(parser.event())).isEqualTo(event);
  }

  private void agree(byte[] record) {
    agree(record, parser, SETTINGS);
    agree(record, userEvents, SETTINGS.withDialect(Dialect.USER_EVENTS));
  }

  private static void agree(byte[] record, EventParser parser, ParserSettings settings) {
    agree(record, parser, settings, ARRIVAL);
  }

  static void agree(byte[] record, EventParser parser, ParserSettings settings, long arrival) {
    // The record lies in a larger array, whose bytes around it must not matter.
    byte[] array = new byte[record.length + 16];
    Arrays.fill(array, (byte) '"');
    System.arraycopy(record, 0, array, 7, record.length);
    String text = new String(record, UTF_8);
    ReferenceParser.Result expected = new ReferenceParser(settings).parse(record, arrival);
    boolean valid = parser.parse(array, 7, record.length, arrival);
    assertThat(EventParserContractTest.faults(valid ? null : parser.reject()))
        .as(text)
        .isEqualTo(expected.faults());
    if (!valid) {
      return;
    }
    ParsedEvent event = ParsedEvent.of(parser.event());
    Map<TextField, String> texts = new EnumMap<>(TextField.class);
    texts.putAll(event.texts());
    String rescued = texts.remove(TextField.RESCUED_DATA);
    assertThat(
            new ParsedEvent(
                event.id(),
                event.version(),
                event.micros(),
                event.action(),
                event.deviceType(),
                event.quantity(),
                event.price(),
                texts))
        .as(text)
        .isEqualTo(expected.event());
    try {
      Object members = rescued == null ? Map.of() : Json.read(rescued.getBytes(UTF_8)).value();
      assertThat(members).as(text).isEqualTo(requireNonNull(expected.rescued()));
    } catch (Json.Unsound e) {
      throw new AssertionError(rescued, e);
    }
  }

  /** A change of one byte: replaced, taken out or put in. */
  record Damage(int kind, int place, int with) {
    byte[] to(byte[] bytes) {
      int at = bytes.length == 0 ? 0 : place % bytes.length;
      if (bytes.length == 0) {
        return bytes;
      }
      byte[] changed;
      switch (kind) {
        case 0 -> {
          changed = bytes.clone();
          changed[at] = (byte) with;
        }
        case 1 -> {
          changed = Arrays.copyOf(bytes, bytes.length - 1);
          System.arraycopy(bytes, at + 1, changed, at, bytes.length - at - 1);
        }
        default -> {
          changed = Arrays.copyOf(bytes, bytes.length + 1);
          System.arraycopy(bytes, at, changed, at + 1, bytes.length - at);
          changed[at] = (byte) with;
        }
      }
      return changed;
    }
  }

  @Provide
  Arbitrary<Damage> damages() {
    Arbitrary<Integer> syntax =
        Arbitraries.of('"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', 'u', ' ', '\n')
            .map(c -> (int) c);
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2000),
            Arbitraries.oneOf(syntax, Arbitraries.integers().between(0, 255)))
        .as(Damage::new);
  }

  @Provide
  Arbitrary<String> records() {
    return records(Arbitraries.oneOf(knownMembers(), knownMembers(), unknownMembers(true)));
  }

  @Provide
  Arbitrary<String> impersonal() {
    return records(Arbitraries.oneOf(soundMembers(), unknownMembers(false)));
  }

  /** Mostly sound events with some members more, which may repeat and override. */
  private static Arbitrary<String> records(Arbitrary<String> more) {
    Arbitrary<List<String>> required =
        Combinators.combine(
                Arbitraries.of("1", "2"), Arbitraries.of("view", "click", "purchase", "login"))
            .as(
                (version, action) ->
                    List.of(
                        "\"event_id\":\"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3B4C\"",
                        "\"schema_version\":" + version,
                        "\"event_time\":\"2024-01-01T00:00:00.25Z\"",
                        "\"timestamp\":\"2024-01-01T00:00:00.25Z\"",
                        "\"user_id\":\"u\"",
                        "\"page\":\"/\"",
                        "\"event_type\":\"" + action + "\"",
                        "\"action\":\"" + action + "\""));
    return Combinators.combine(required, more.list().ofMaxSize(6), Arbitraries.randoms(), spaces())
        .as(
            (fixed, others, random, space) -> {
              List<String> members = new ArrayList<>(fixed);
              if (random.nextInt(3) == 0) {
                members.remove(random.nextInt(members.size()));
              }
              if (random.nextBoolean()) {
                members.set(4 % members.size(), "\"user_id\":7");
              }
              members.addAll(others);
              if (random.nextInt(4) == 0) {
                Collections.shuffle(members, random);
              }
              return space + "{" + space + String.join(space + ",", members) + space + "}" + space;
            });
  }

  private static Arbitrary<String> spaces() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just("")), Tuple.of(1, Arbitraries.of(" ", "\r\n", "\t ")));
  }

  private static Arbitrary<String> knownMembers() {
    Arbitrary<String> names =
        Arbitraries.of(
            "event_id",
            "schema_version",
            "event_time",
            "timestamp",
            "user_id",
            "page",
            "action",
            "event_type",
            "referrer",
            "user_agent",
            "source",
            "ip_hash",
            "device_type",
            "country",
            "session_id",
            "product_id",
            "quantity",
            "price",
            "currency",
            "ip");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.of(
                "null",
                "true",
                "\"\"",
                "1",
                "2",
                "3",
                "0",
                "-1",
                "1.0",
                "2e0",
                "2147483647",
                "2147483648",
                "0.0001",
                "0.00001",
                "19.990000",
                "1e13",
                "1e14",
                "-0",
                "\"view\"",
                "\"logout\"",
                "\"mobile\"",
                "\"DE\"",
                "\"de\"",
                "\"EUR\"",
                "\"EUX\"",
                "\"192.0.2.1\"",
                "\"192.0.2.01\"",
                "\"::FFFF:1.2.3.4\"",
                "\"1::2\"",
                "\"1::2::\"",
                "\"0::10.0.0.1\"",
                "\"1999-12-31T23:59:59.999999999Z\"",
                "\"2025-12-31T23:59:59+00:00\"",
                "\"2026-01-01T00:05:00Z\"",
                "\"2026-01-01T00:05:00.000001Z\"",
                "\"2023-02-29T00:00:00Z\"",
                "\"00000000-0000-0000-0000-000000000000\"",
                "[]",
                "{}"),
            scalars());
    return members(names, values);
  }

  /** Members that are right in version 2, and known or harmless in version 1. */
  private static Arbitrary<String> soundMembers() {
    return Arbitraries.oneOf(
        members(
            Arbitraries.of("referrer", "user_agent", "source", "ip_hash", "session_id"), strings()),
        members(Arbitraries.of("user_id", "page"), strings().filter(text -> text.length() > 2)),
        members(
            Arbitraries.just("price"),
            Arbitraries.longs()
                .between(0, 999_999_999_999_999_999L)
                .map(price -> BigDecimal.valueOf(price, 4).toString())),
        members(
            Arbitraries.just("quantity"),
            Arbitraries.integers().between(1, Integer.MAX_VALUE).map(String::valueOf)),
        Arbitraries.of(
            "\"country\":\"FR\"",
            "\"currency\":\"JPY\"",
            "\"device_type\":\"tablet\"",
            "\"event_time\":\"2000-01-01T00:00:00.000001999Z\""));
  }

  private Arbitrary<String> unknownMembers(boolean personal) {
    Arbitrary<String> names = Arbitraries.of("a", "b", "ab", "\\u0061", "é", "", "_rescued_data");
    Arbitrary<String> plain = members(names, values(3));
    if (!personal) {
      return plain;
    }
    Arbitrary<String> hidden =
        members(
            personalNames(),
            Arbitraries.oneOf(values(2), Arbitraries.of("\"10.0.0.1\"", "\"::0001\"")));
    return Arbitraries.oneOf(
        plain,
        hidden,
        members(names, hidden.map(member -> "[1,{\"x\":[]," + member + ",\"y\":\"ip\"} ]")));
  }

  @Provide
  Arbitrary<Long> arrivals() {
    return Arbitraries.of(
        Long.MIN_VALUE,
        -62_135_596_800_000L,
        -1L,
        0L,
        // Seconds taken for milliseconds, and 1980.
        1_767_225_600L,
        315_532_800_000L,
        946_684_799_999L,
        946_684_800_000L,
        1_704_067_200_000L,
        253_402_300_800_000L,
        // Microseconds taken for milliseconds.
        1_767_225_600_000_000L,
        Long.MAX_VALUE);
  }

  /** Names that are personal, or nearly so. */
  @Provide
  Arbitrary<String> spellings() {
    Arbitrary<String> letters =
        Arbitraries.of("_", "-", " ", "\t", "x", "s", "ı", "İ", "ſ", "é", "ä", "😀", "0", "@", "`");
    return Combinators.combine(
            Arbitraries.of(PersonalName.values()),
            letters.list().ofMaxSize(4),
            Arbitraries.randoms())
        .as(
            (personal, more, random) -> {
              StringBuilder name = new StringBuilder(personal.text());
              for (int i = 0; i < name.length(); i++) {
                if (random.nextInt(3) == 0) {
                  name.setCharAt(i, Character.toUpperCase(name.charAt(i)));
                } else if (name.charAt(i) == 'i' && random.nextInt(8) == 0) {
                  name.setCharAt(i, random.nextBoolean() ? 'ı' : 'İ');
                }
              }
              more.stream()
                  .filter(letter -> "_- \t".contains(letter) || random.nextInt(4) == 0)
                  .forEach(letter -> name.insert(random.nextInt(name.length() + 1), letter));
              return name.toString();
            });
  }

  /** The same as JSON spells them: escaped here and there. */
  private Arbitrary<String> personalNames() {
    return Combinators.combine(spellings(), Arbitraries.randoms())
        .as(
            (name, random) -> {
              StringBuilder json = new StringBuilder();
              for (char c : name.toCharArray()) {
                json.append(
                    c < ' ' || random.nextInt(6) == 0 ? String.format("\\u%04x", (int) c) : c);
              }
              return json.toString();
            });
  }

  private static Arbitrary<String> members(Arbitrary<String> names, Arbitrary<String> values) {
    return Combinators.combine(names, spaces(), values, spaces())
        .as((name, before, value, after) -> '"' + name + '"' + before + ':' + after + value);
  }

  @Provide
  Arbitrary<String> values() {
    return values(4);
  }

  private static Arbitrary<String> values(int depth) {
    if (depth == 0) {
      return scalars();
    }
    Arbitrary<String> inner = Arbitraries.lazy(() -> values(depth - 1));
    Arbitrary<String> arrays =
        inner.list().ofMaxSize(4).map(list -> "[" + String.join(" ,", list) + "]");
    Arbitrary<String> objects =
        Combinators.combine(strings(), inner)
            .as((name, value) -> name + ": " + value)
            .list()
            .ofMaxSize(4)
            .map(list -> "{" + String.join(",", list) + " }");
    return Arbitraries.frequencyOf(
        Tuple.of(3, scalars()), Tuple.of(1, arrays), Tuple.of(1, objects));
  }

  private static Arbitrary<String> scalars() {
    return Arbitraries.oneOf(
        strings(),
        Arbitraries.of("null", "true", "false", "0", "-0.0", "1E400", "1e-400", "0.1"),
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.doubles().map(String::valueOf));
  }

  private static Arbitrary<String> strings() {
    Arbitrary<String> pieces =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.strings().ascii().alpha().ofMaxLength(12)),
            Tuple.of(
                2,
                Arbitraries.of(
                    "é",
                    "€",
                    "😀",
                    "\\n",
                    "\\\"",
                    "\\\\",
                    "\\/",
                    "\\u0000",
                    "\\u00E9",
                    "\\ud83d\\ude00",
                    "\u007f",
                    "\u0080",
                    "\uFFFF")),
            Tuple.of(
                2,
                Arbitraries.strings()
                    .ofMaxLength(4)
                    .map(text -> JsonNodeFactory.instance.textNode(wellFormed(text)).toString())
                    .map(text -> text.substring(1, text.length() - 1))));
    return pieces.list().ofMaxSize(4).map(list -> '"' + String.join("", list) + '"');
  }

  /** A text without lone surrogates. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  /** Writes an event as a producer would have. */
  private static String write(ParsedEvent event) {
    List<String> members = new ArrayList<>();
    members.add("\"event_id\":\"" + event.id() + '"');
    members.add("\"schema_version\":" + event.version());
    members.add("\"event_time\":\"" + Instant.EPOCH.plus(event.micros(), ChronoUnit.MICROS) + '"');
    members.add("\"action\":\"" + event.action().text() + '"');
    if (event.deviceType() != null) {
      members.add("\"device_type\":\"" + event.deviceType().text() + '"');
    }
    if (event.quantity() != null) {
      members.add("\"quantity\":" + event.quantity());
    }
    if (event.price() != null) {
      members.add("\"price\":" + BigDecimal.valueOf(event.price(), 4));
    }
    event
        .texts()
        .forEach(
            (field, text) ->
                members.add(
                    field == TextField.RESCUED_DATA
                        ? text.substring(1, text.length() - 1)
                        : '"' + field.column() + "\":" + JsonNodeFactory.instance.textNode(text)));
    return "{" + String.join(",", members) + "}";
  }
}
