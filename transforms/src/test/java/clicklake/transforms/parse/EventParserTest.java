package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  private static final String ID = "3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4c";
  private static final Instant ARRIVAL = Instant.parse("2024-03-09T16:20:00Z");
  private static final PseudonymKey KEY =
      new PseudonymKey("key-1", "0123456789abcdef".getBytes(UTF_8));
  private static final ParserSettings SETTINGS = ParserSettings.DEFAULTS.withKey(KEY);

  // Structure

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void nullAndEmptyValuesAreEmpty(int length) {
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(new byte[0], 0, length, ARRIVAL.toEpochMilli())).isFalse();
    assertThat(parser.reject())
        .isEqualTo(
            new Reject(
                RejectReason.EMPTY_VALUE,
                null,
                "[{\"reason\":\"empty_value\",\"at\":0,\"message\":\"the record has no bytes\"}]"));
  }

  @Test
  void aRecordMayBeAsLongAsAllowedAndNoLonger() {
    String event = v1(Map.of());
    int length = event.length();
    ParserSettings settings = new ParserSettings(Dialect.CLICKSTREAM, Duration.ZERO, length, KEY);
    assertThat(event(settings, event).version()).isEqualTo(1);
    assertThat(reject(settings, event + " ").reason()).isEqualTo(RejectReason.TOO_LARGE);
    assertThat(reject(settings, event + "\u0001").reason()).isEqualTo(RejectReason.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{            | not_json   | 1",
        "[            | not_json   | 1",
        "[]           | not_object | 0",
        "7            | not_object | 0",
        "null         | not_object | 0",
        "\"a\"        | not_object | 0",
        "[],          | not_json   | 2",
        "{\"a\" 1}    | not_json   | 5",
        "{\"a\":01}   | not_json   | 6",
      })
  void aRecordIsOneJsonObject(String text, String code, int at) {
    Reject reject = reject(text);
    assertThat(reject.reason().code()).isEqualTo(code);
    assertThat(reject.field()).isNull();
    assertThat(reject.detail()).contains("\"at\":" + at + ",");
  }

  @Test
  void whiteSpaceMayStandAroundEverything() {
    String spaced = " \t\r\n" + v1(Map.of()).replace(",", "\r\n,\t").replace(":\"", " : \"") + "\r";
    assertThat(event(spaced)).isEqualTo(event(v1(Map.of())));
  }

  @Test
  void whatIsNeitherUtf8NorJsonIsNotUtf8() {
    byte[] record = {'{', 'x', (byte) 0xFF, '}'};
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(record, 0, record.length, 0)).isFalse();
    assertThat(parser.reject().reason()).isEqualTo(RejectReason.NOT_UTF8);
    assertThat(parser.reject().detail()).contains("\"at\":2,");
  }

  @Test
  void aSequenceCutOffByTheRecordsEndIsNotUtf8EvenIfTheArrayGoesOn() {
    byte[] array = "{\"a\":\"é\"}".getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(array, 0, 7, 0)).isFalse();
    assertThat(parser.reject().reason()).isEqualTo(RejectReason.NOT_UTF8);
  }

  @Test
  void aThousandLevelsAreAllowedAndTheEventItselfIsTheFirst() {
    assertThat(event(v1(Map.of("x", "[".repeat(999) + "]".repeat(999)))).version()).isEqualTo(1);
    assertThat(event(v1(Map.of("x", "{\"x\":".repeat(999) + "0" + "}".repeat(999)))).version())
        .isEqualTo(1);
    assertThat(reject(v1(Map.of("x", "[".repeat(1000) + "]".repeat(1000)))).reason())
        .isEqualTo(RejectReason.TOO_DEEP);
    assertThat(reject(v1(Map.of("x", "[".repeat(300_000) + "]".repeat(300_000)))).reason())
        .isEqualTo(RejectReason.TOO_DEEP);
    assertThat(reject(v1(Map.of("x", "[".repeat(300_000)))).reason())
        .isEqualTo(RejectReason.NOT_JSON);
    assertThat(reject("[".repeat(1001) + "]".repeat(1001)).reason())
        .isEqualTo(RejectReason.NOT_OBJECT);
  }

  @Test
  void ofARepeatedKeyTheLastCounts() {
    String event = v1(Map.of("page", "7")).replace("}", ",\"p\\u0061ge\":\"/last\"}");
    assertThat(event(event).texts()).containsEntry(TextField.PAGE, "/last");
    String overridden = v1(Map.of("page", "\"/first\"")).replace("}", ",\"page\":[]}");
    assertThat(reject(overridden).reason()).isEqualTo(RejectReason.WRONG_TYPE);
    String broken = v1(Map.of("page", "nope")).replace("}", ",\"page\":\"/last\"}");
    assertThat(reject(broken).reason()).isEqualTo(RejectReason.NOT_JSON);
  }

  // Fields

  @Test
  void aFullEventHasAllItsColumns() {
    ParsedEvent event =
        event(
            v2(
                Map.ofEntries(
                    Map.entry("referrer", "\"r\""), Map.entry("user_agent", "\"ü\\n\""),
                    Map.entry("source", "\"web\""), Map.entry("ip_hash", "\"h\""),
                    Map.entry("device_type", "\"tablet\""), Map.entry("country", "\"DE\""),
                    Map.entry("session_id", "\"s\""), Map.entry("product_id", "\"\""),
                    Map.entry("quantity", "2147483647"), Map.entry("price", "19.99"),
                    Map.entry("currency", "\"EUR\""), Map.entry("action", "\"purchase\""))));
    assertThat(event)
        .isEqualTo(
            new ParsedEvent(
                UUID.fromString(ID),
                2,
                1_709_999_999_000_000L,
                Action.PURCHASE,
                DeviceType.TABLET,
                2147483647,
                199_900L,
                Map.ofEntries(
                    Map.entry(TextField.USER_ID, "u-1"), Map.entry(TextField.PAGE, "/"),
                    Map.entry(TextField.REFERRER, "r"), Map.entry(TextField.USER_AGENT, "ü\n"),
                    Map.entry(TextField.SOURCE, "web"), Map.entry(TextField.IP_HASH, "h"),
                    Map.entry(TextField.COUNTRY, "DE"), Map.entry(TextField.SESSION_ID, "s"),
                    Map.entry(TextField.PRODUCT_ID, ""), Map.entry(TextField.CURRENCY, "EUR"))));
  }

  @Test
  void stringsWithoutEscapesAreNotCopied() {
    byte[] record = v1(Map.of()).getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(record, 0, record.length, ARRIVAL.toEpochMilli())).isTrue();
    assertThat(parser.event().array(TextField.USER_ID)).isSameAs(record);
  }

  @Test
  void anOptionalNullIsAbsent() {
    ParsedEvent plain = event(v2(Map.of()));
    for (String field :
        new String[] {
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
          "ip"
        }) {
      assertThat(event(v2(Map.of(field, "null")))).as(field).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "event_id       | null       | null_field",
        "event_id       | 7          | wrong_type",
        "event_id       | \"\"       | bad_uuid",
        "event_id       | \"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4\"   | bad_uuid",
        "event_id       | \"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4cc\" | bad_uuid",
        "event_id       | \"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4x\"  | bad_uuid",
        "event_id       | \"3f2b8c1e09d4a-4e6b-8a7c-5d0e1f2a3b4c\"  | bad_uuid",
        "event_id       | \"3f2b8c1-e9d4a-4e6b-8a7c-5d0e1f2a3b4c\"  | bad_uuid",
        "schema_version | null       | null_field",
        "schema_version | 1.0        | wrong_type",
        "schema_version | 1e0        | wrong_type",
        "schema_version | \"1\"      | wrong_type",
        "schema_version | true       | wrong_type",
        "schema_version | 0          | unsupported_version",
        "schema_version | -1         | unsupported_version",
        "schema_version | -0         | unsupported_version",
        "schema_version | 3          | unsupported_version",
        "schema_version | 4294967297 | unsupported_version",
        "schema_version | 18446744073709551617 | unsupported_version",
        "event_time     | 1709999999 | wrong_type",
        "event_time     | \"\"       | bad_time",
        "user_id        | 1          | wrong_type",
        "user_id        | \"\"       | empty_string",
        "page           | \"\"       | empty_string",
        "page           | {}         | wrong_type",
        "action         | \"\"       | bad_enum",
        "action         | \"VIEW\"   | bad_enum",
        "action         | \"views\"  | bad_enum",
        "action         | \"view\\u0000\" | bad_enum",
        "action         | \"add_to_cart_and_more\" | bad_enum",
        "referrer       | 1          | wrong_type",
        "user_agent     | []         | wrong_type",
        "source         | false      | wrong_type",
        "ip_hash        | 0          | wrong_type",
        "device_type    | \"phone\"  | bad_enum",
        "device_type    | 1          | wrong_type",
        "country        | \"de\"     | bad_country",
        "country        | \"D\"      | bad_country",
        "country        | \"DEU\"    | bad_country",
        "country        | \"XK\"     | bad_country",
        "country        | \"\"       | bad_country",
        "country        | \"é\"      | bad_country",
        "session_id     | 1          | wrong_type",
        "product_id     | 1          | wrong_type",
        "quantity       | 0          | bad_number",
        "quantity       | -0         | bad_number",
        "quantity       | -1         | bad_number",
        "quantity       | 2147483648 | bad_number",
        "quantity       | 99999999999999999999 | bad_number",
        "quantity       | 1.0        | wrong_type",
        "quantity       | \"1\"      | wrong_type",
        "price          | \"1\"      | wrong_type",
        "price          | true       | wrong_type",
        "price          | -0.0001    | bad_number",
        "currency       | \"eur\"    | bad_currency",
        "currency       | \"EU\"     | bad_currency",
        "currency       | \"EURO\"   | bad_currency",
        "currency       | \"QQQ\"    | bad_currency",
        "currency       | 978        | wrong_type",
        "ip             | \"\"       | bad_ip",
        "ip             | 3232235777 | wrong_type",
      })
  void aFieldThatBreaksItsRuleIsNamed(String field, String value, String code) {
    Reject reject = reject(v2(Map.of(field, value)));
    assertThat(reject.reason().code()).isEqualTo(code);
    assertThat(reject.field()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"event_id", "schema_version", "event_time", "user_id", "page", "action"})
  void aRequiredFieldMustBeThere(String field) {
    Map<String, String> fields = fields(2);
    fields.remove(field);
    assertThat(reject(write(fields)))
        .isEqualTo(
            new Reject(
                RejectReason.MISSING_FIELD,
                field,
                "[{\"reason\":\"missing_field\",\"field\":\""
                    + field
                    + "\",\"message\":\"a required field is missing\"}]"));
  }

  @Test
  void allFaultsAreToldInTheContractsOrder() {
    Reject reject =
        reject(
            v2(
                Map.of(
                    "ip",
                    "\"x\"",
                    "price",
                    "-1",
                    "action",
                    "null",
                    "user_id",
                    "\"\"",
                    "event_time",
                    "\"now\"",
                    "country",
                    "\"xx\"")));
    assertThat(reject.field()).isEqualTo("event_time");
    assertThat(reject.detail().replaceAll(",\"message\":\"[^\"]*\"", ""))
        .isEqualTo(
            "[{\"reason\":\"bad_time\",\"field\":\"event_time\"},"
                + "{\"reason\":\"empty_string\",\"field\":\"user_id\"},"
                + "{\"reason\":\"null_field\",\"field\":\"action\"},"
                + "{\"reason\":\"bad_country\",\"field\":\"country\"},"
                + "{\"reason\":\"bad_number\",\"field\":\"price\"},"
                + "{\"reason\":\"bad_ip\",\"field\":\"ip\"}]");
  }

  @Test
  void ofAnUnsupportedVersionNothingElseIsChecked() {
    assertThat(reject("{\"schema_version\":3,\"event_id\":1}").detail())
        .isEqualTo(
            "[{\"reason\":\"unsupported_version\",\"field\":\"schema_version\","
                + "\"message\":\"neither version 1 nor version 2\"}]");
  }

  @Test
  void withoutAVersionOnlyWhatBothVersionsAgreeOnIsChecked() {
    Map<String, String> fields = fields(2);
    fields.remove("schema_version");
    fields.put("action", "\"login\"");
    fields.put("price", "\"free\"");
    fields.put("country", "\"xx\"");
    assertThat(reject(write(fields)).detail().replaceAll(",\"message\":\"[^\"]*\"", ""))
        .isEqualTo(
            "[{\"reason\":\"missing_field\",\"field\":\"schema_version\"},"
                + "{\"reason\":\"bad_country\",\"field\":\"country\"}]");
  }

  @Test
  void loginAndLogoutCameWithVersion2() {
    assertThat(event(v2(Map.of("action", "\"login\""))).action()).isEqualTo(Action.LOGIN);
    assertThat(event(v2(Map.of("action", "\"logout\""))).action()).isEqualTo(Action.LOGOUT);
    assertThat(reject(v1(Map.of("action", "\"login\""))).reason()).isEqualTo(RejectReason.BAD_ENUM);
    assertThat(reject(v1(Map.of("action", "\"logout\""))).reason())
        .isEqualTo(RejectReason.BAD_ENUM);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-03-09T16:25:00.000000Z, true",
    "2024-03-09T16:25:00.000000999Z, true",
    "2024-03-09T16:25:00.000001Z, false",
    "2000-01-01T00:00:00Z, true",
  })
  void anEventMayLieFiveMinutesAfterItsArrival(String time, boolean valid) {
    String event = v1(Map.of("event_time", '"' + time + '"'));
    if (valid) {
      assertThat(event(event).version()).isEqualTo(1);
    } else {
      assertThat(reject(event).reason()).isEqualTo(RejectReason.FUTURE_EVENT_TIME);
    }
  }

  @Test
  void absurdArrivalsDoNotOverflow() {
    byte[] record = v1(Map.of()).getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(record, 0, record.length, Long.MAX_VALUE)).isTrue();
    assertThat(parser.parse(record, 0, record.length, Long.MIN_VALUE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // No timestamp, the epoch, seconds taken for milliseconds, what archives give files.
    "-1, true",
    "0, true",
    "1710001200, true",
    "315532800000, true",
    "946684799999, true",
    "946684800000, false",
    "1709913599999, false",
  })
  void ofTheFutureAnArrivalBefore2000CannotJudge(long arrivalMillis, boolean valid) {
    byte[] record = v1(Map.of("event_time", "\"2024-03-09T16:20:00Z\"")).getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(record, 0, record.length, arrivalMillis)).isEqualTo(valid);
    if (!valid) {
      assertThat(parser.reject().reason()).isEqualTo(RejectReason.FUTURE_EVENT_TIME);
    }
  }

  @Test
  void beforeTheYear2000IsOutOfRangeWhateverTheArrival() {
    byte[] record = v1(Map.of("event_time", "\"1999-12-31T23:59:59Z\"")).getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    assertThat(parser.parse(record, 0, record.length, 0)).isFalse();
    assertThat(parser.reject().reason()).isEqualTo(RejectReason.EVENT_TIME_OUT_OF_RANGE);
  }

  // Unknown fields and personal data

  @Test
  void unknownFieldsAreKeptAsTheyWere() {
    String event =
        v1(Map.of())
            .replace("}", ", \"b\" : [1, 2.50,1E400] ,\"\\u0061\":\"\\u00e9é\",\"n\":null}");
    assertThat(rescued(event))
        .isEqualTo("{\"b\":[1, 2.50,1E400],\"\\u0061\":\"\\u00e9é\",\"n\":null}");
  }

  @Test
  void ofARepeatedUnknownFieldTheLastIsKept() {
    String event = v1(Map.of()).replace("}", ",\"a\":1,\"b\":2,\"\\u0061\":3}");
    assertThat(rescued(event)).isEqualTo("{\"b\":2,\"\\u0061\":3}");
  }

  @Test
  void amongManyUnknownFieldsTheLastOfEachNameIsKept() {
    StringBuilder members = new StringBuilder();
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      String member = ",\"n" + i % 1000 + "\":" + i;
      members.append(member);
      if (i >= 2000) {
        kept.append(member);
      }
    }
    assertThat(rescued(v1(Map.of()).replace("}", members + "}")))
        .isEqualTo("{" + kept.substring(1) + "}");
  }

  @Test
  void toVersion1FieldsOfVersion2AreUnknown() {
    String event =
        v1(Map.of()).replace("}", ",\"price\":\"free\",\"quantity\":null,\"currency\":[1 ]}");
    assertThat(rescued(event))
        .isEqualTo("{\"quantity\":null,\"price\":\"free\",\"currency\":[1 ]}");
    assertThat(event(event).price()).isNull();
  }

  @Test
  void personalNamesAreRescuedAsPseudonyms() {
    String event =
        v1(Map.of())
            .replace(
                "}",
                ",\"email\":\"a\\u0064a@example.com\",\"phone\":4711,\"name\":null,"
                    + "\"ip\":\"2001:DB8:0::1\",\"n\\u0061me\":{\"first\":\"Ada\"}}");
    assertThat(rescued(event))
        .isEqualTo(
            "{\"email\":\""
                + hmac("ada@example.com")
                + "\",\"phone\":\""
                + hmac("4711")
                + "\",\"n\\u0061me\":\""
                + hmac("{\"first\":\"Ada\"}")
                + "\",\"ip\":\""
                + hmac("2001:db8::1")
                + "\"}");
  }

  @Test
  void personalNamesAreReplacedAtAnyDepth() {
    String event =
        v1(Map.of())
            .replace(
                "}",
                ",\"user\":{ \"email\" : \"a\", \"x\":[{\"n\\u0061me\":\"b\",\"y\":\"name\"}], \"ip\":\"10.0.0.1\"}}");
    assertThat(rescued(event))
        .isEqualTo(
            "{\"user\":{ \"email\" : \""
                + hmac("a")
                + "\", \"x\":[{\"n\\u0061me\":\""
                + hmac("b")
                + "\",\"y\":\"name\"}], \"ip\":\""
                + hmac("10.0.0.1")
                + "\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Email",
        "EMAIL",
        "e-mail",
        "E_Mail ",
        "\\u0045mail",
        "user_email",
        "First Name",
        "last-name",
        "phone_number",
        "emaİl",
      })
  void personalNamesAreComparedWithoutCaseUnderscoresHyphensAndBlanks(String name) {
    assertThat(rescued(v1(Map.of(name, "\"a\"")))).isEqualTo(member(name, hmac("a")));
    assertThat(rescued(v1(Map.of("user", "[{\"" + name + "\":\"a\"}]"))))
        .isEqualTo("{\"user\":[" + member(name, hmac("a")) + "]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"username", "user_name", "emails", "ip2", "é-mail", "e.mail", "names", ""})
  void whatOnlyContainsAPersonalNameIsNone(String name) {
    assertThat(rescued(v1(Map.of(name, "\"a\"")))).isEqualTo(member(name, "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IP", "ip_address", "Client-IP", "remote_ip", "REMOTE_ADDR", "userIp"})
  void addressesAmongUnknownFieldsHaveOnePseudonymHoweverWritten(String name) {
    for (String address : List.of("2001:DB8:0::1", "2001:db8::1")) {
      assertThat(rescued(v1(Map.of(name, '"' + address + '"'))))
          .isEqualTo(member(name, hmac("2001:db8::1")));
    }
    assertThat(rescued(v1(Map.of(name, "\"here\"")))).isEqualTo(member(name, hmac("here")));
  }

  @Test
  void jsonInsideAStringIsAString() {
    String text = "{\\\"email\\\":\\\"a\\\"}";
    assertThat(rescued(v1(Map.of("payload", '"' + text + '"')))).isEqualTo(member("payload", text));
  }

  @Test
  void aGivenHashThatIsAnAddressIsTakenForOne() {
    for (String event :
        List.of(
            v1(Map.of("ip_hash", "\"2001:DB8:0::1\"")),
            v2(Map.of("ip_hash", "\"2001:db8::\\u0031\"")),
            v2(Map.of("ip_hash", "\"2001:db8::1\"", "ip", "null")))) {
      assertThat(event(event).texts())
          .containsEntry(TextField.IP_HASH, hmac("2001:db8::1"))
          .containsEntry(TextField.IP_HASH_KEY_ID, "key-1")
          .doesNotContainKey(TextField.RESCUED_DATA);
    }
    ParsedEvent userEvent =
        event(
            SETTINGS.withDialect(Dialect.USER_EVENTS),
            userEvent("1").replace("}", ",\"ip_hash\":\"192.0.2.7\"}"));
    assertThat(userEvent.texts())
        .containsEntry(TextField.IP_HASH, hmac("192.0.2.7"))
        .containsEntry(TextField.IP_HASH_KEY_ID, "key-1");
  }

  @Test
  void besideAnAddressAGivenHashThatIsOneIsRescuedAsItsPseudonym() {
    assertThat(event(v2(Map.of("ip", "\"192.0.2.7\"", "ip_hash", "\"::FFFF:10.0.0.1\""))).texts())
        .containsEntry(TextField.IP_HASH, hmac("192.0.2.7"))
        .containsEntry(TextField.IP_HASH_KEY_ID, "key-1")
        .containsEntry(TextField.RESCUED_DATA, member("ip_hash", hmac("10.0.0.1")));
  }

  @Test
  void withoutAKeyAHashThatIsAnAddressIsDropped() {
    ParserSettings keyless = ParserSettings.DEFAULTS;
    assertThat(event(keyless, v1(Map.of("ip_hash", "\"192.0.2.7\""))).texts())
        .doesNotContainKeys(TextField.IP_HASH, TextField.IP_HASH_KEY_ID, TextField.RESCUED_DATA);
    assertThat(event(keyless, v2(Map.of("ip", "\"192.0.2.7\"", "ip_hash", "\"10.0.0.1\""))).texts())
        .doesNotContainKeys(TextField.IP_HASH, TextField.IP_HASH_KEY_ID)
        .containsEntry(TextField.RESCUED_DATA, "{\"ip_hash\":null}");
  }

  private static String member(String name, String value) {
    return "{\"" + name + "\":\"" + value + "\"}";
  }

  @Test
  void anAddressIsReplacedByItsKeyedHash() {
    ParsedEvent event = event(v2(Map.of("ip", "\"192.0.2.7\"")));
    assertThat(event.texts())
        .containsEntry(TextField.IP_HASH, hmac("192.0.2.7"))
        .containsEntry(TextField.IP_HASH_KEY_ID, "key-1")
        .doesNotContainKey(TextField.RESCUED_DATA);
  }

  @Test
  void aHashGivenBesideAnAddressIsRescued() {
    ParsedEvent event = event(v2(Map.of("ip", "\"192.0.2.7\"", "ip_hash", "\"giv\\u0065n\"")));
    assertThat(event.texts())
        .containsEntry(TextField.IP_HASH, hmac("192.0.2.7"))
        .containsEntry(TextField.RESCUED_DATA, "{\"ip_hash\":\"giv\\u0065n\"}");
    assertThat(event(v2(Map.of("ip", "null", "ip_hash", "\"given\""))).texts())
        .containsEntry(TextField.IP_HASH, "given")
        .doesNotContainKeys(TextField.RESCUED_DATA, TextField.IP_HASH_KEY_ID);
  }

  @Test
  void withoutAKeyPersonalValuesAreDropped() {
    ParserSettings keyless = ParserSettings.DEFAULTS;
    ParsedEvent event =
        event(
            keyless,
            v2(Map.of("ip", "\"192.0.2.7\"", "ip_hash", "\"h\"", "email", "\"a@example.com\"")));
    assertThat(event.texts())
        .doesNotContainKeys(TextField.IP_HASH, TextField.IP_HASH_KEY_ID)
        .containsEntry(TextField.RESCUED_DATA, "{\"email\":null,\"ip_hash\":\"h\"}");
    assertThat(reject(keyless, v2(Map.of("ip", "\"nowhere\""))).reason())
        .isEqualTo(RejectReason.BAD_IP);
  }

  // The other dialect

  @Test
  void userEventsAreReadAsVersion2() {
    ParserSettings settings = SETTINGS.withDialect(Dialect.USER_EVENTS);
    ParsedEvent event =
        event(
            settings,
            "{\"event_id\":\""
                + ID.toUpperCase(Locale.ROOT)
                + "\",\"user_id\":123,\"event_type\":\"login\",\"page\":\"/products/detail\","
                + "\"timestamp\":\"2024-01-01T12:00:00.000000+00:00\",\"source\":\"mobile\","
                + "\"price\":1,\"schema_version\":\"x\",\"action\":0,\"event_time\":1}");
    assertThat(event)
        .isEqualTo(
            new ParsedEvent(
                UUID.fromString(ID),
                2,
                1_704_110_400_000_000L,
                Action.LOGIN,
                null,
                null,
                10_000L,
                Map.of(
                    TextField.USER_ID, "123",
                    TextField.PAGE, "/products/detail",
                    TextField.SOURCE, "mobile",
                    TextField.RESCUED_DATA,
                        "{\"schema_version\":\"x\",\"action\":0,\"event_time\":1}")));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "-17, -17",
    "123456789012345678901234567890, 123456789012345678901234567890"
  })
  void aNumericUserIsItsDecimalText(String number, String text) {
    ParserSettings settings = SETTINGS.withDialect(Dialect.USER_EVENTS);
    assertThat(event(settings, userEvent(number)).texts()).containsEntry(TextField.USER_ID, text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"1.0, wrong_type", "\"1\", wrong_type", "null, null_field"})
  void aUserOfUserEventsIsAnInteger(String value, String code) {
    Reject reject = reject(SETTINGS.withDialect(Dialect.USER_EVENTS), userEvent(value));
    assertThat(reject.reason().code()).isEqualTo(code);
    assertThat(reject.field()).isEqualTo("user_id");
  }

  @Test
  void faultsOfUserEventsBearTheSourcesNames() {
    Reject reject =
        reject(
            SETTINGS.withDialect(Dialect.USER_EVENTS),
            userEvent("1").replace("\"click\"", "7").replace("timestamp", "event_time"));
    assertThat(reject.field()).isEqualTo("timestamp");
    assertThat(reject.detail()).contains("\"field\":\"event_type\"");
  }

  // Use

  @Test
  void aParserKeepsNothingOfTheRecordBefore() {
    EventParser parser = new EventParser(SETTINGS);
    String full =
        v2(
            Map.of(
                "country",
                "\"DE\"",
                "device_type",
                "\"other\"",
                "quantity",
                "1",
                "price",
                "1",
                "ip",
                "\"10.0.0.1\"",
                "x",
                "\"\\u00e9\""));
    parse(parser, full);
    assertThat(parse(parser, v1(Map.of()))).isTrue();
    assertThat(ParsedEvent.of(parser.event())).isEqualTo(event(v1(Map.of())));
    assertThat(parse(parser, "{}")).isFalse();
    assertThat(parse(parser, "[")).isFalse();
    assertThat(parser.reject().reason()).isEqualTo(RejectReason.NOT_JSON);
    assertThat(parse(parser, v1(Map.of()))).isTrue();
    assertThatThrownBy(parser::reject)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the record is valid");
  }

  @Test
  void recordsAreReadWhereverTheyLieInAnArray() {
    byte[] event = v2(Map.of("x", "\"ü\"", "ip", "\"10.0.0.1\"")).getBytes(UTF_8);
    ParsedEvent expected = event(new String(event, UTF_8));
    EventParser parser = new EventParser(SETTINGS);
    for (int before = 0; before < 10; before++) {
      for (int after = 0; after < 10; after++) {
        byte[] array = new byte[before + event.length + after];
        Arrays.fill(array, (byte) '"');
        System.arraycopy(event, 0, array, before, event.length);
        assertThat(parser.parse(array, before, event.length, ARRIVAL.toEpochMilli())).isTrue();
        assertThat(ParsedEvent.of(parser.event())).isEqualTo(expected);
      }
    }
  }

  @Test
  void noPrefixOfAnEventIsAnEvent() {
    byte[] event = v2(Map.of("x", "{\"é\":[true,null,-1.5e3]}")).getBytes(UTF_8);
    EventParser parser = new EventParser(SETTINGS);
    for (int length = 0; length < event.length; length++) {
      assertThat(parser.parse(event, 0, length, ARRIVAL.toEpochMilli())).as("" + length).isFalse();
      byte[] alone = Arrays.copyOf(event, length);
      assertThat(parser.parse(alone, 0, length, ARRIVAL.toEpochMilli())).as("" + length).isFalse();
    }
  }

  private static boolean parse(EventParser parser, String text) {
    byte[] record = text.getBytes(UTF_8);
    return parser.parse(record, 0, record.length, ARRIVAL.toEpochMilli());
  }

  private static ParsedEvent event(String text) {
    return event(SETTINGS, text);
  }

  private static ParsedEvent event(ParserSettings settings, String text) {
    EventParser parser = new EventParser(settings);
    if (!parse(parser, text)) {
      throw new AssertionError(text + " is refused: " + parser.reject());
    }
    return ParsedEvent.of(parser.event());
  }

  private static @Nullable String rescued(String text) {
    return event(text).texts().get(TextField.RESCUED_DATA);
  }

  private static Reject reject(String text) {
    return reject(SETTINGS, text);
  }

  private static Reject reject(ParserSettings settings, String text) {
    EventParser parser = new EventParser(settings);
    assertThat(parse(parser, text)).as(text).isFalse();
    return parser.reject();
  }

  private static String v1(Map<String, String> changes) {
    return with(1, changes);
  }

  private static String v2(Map<String, String> changes) {
    return with(2, changes);
  }

  private static String with(int version, Map<String, String> changes) {
    Map<String, String> fields = fields(version);
    fields.putAll(changes);
    return write(fields);
  }

  private static Map<String, String> fields(int version) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("event_id", '"' + ID + '"');
    fields.put("schema_version", "" + version);
    fields.put("event_time", "\"2024-03-09T15:59:59Z\"");
    fields.put("user_id", "\"u-1\"");
    fields.put("page", "\"/\"");
    fields.put("action", "\"view\"");
    return fields;
  }

  private static String write(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> '"' + field.getKey() + "\":" + field.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String userEvent(String user) {
    return "{\"event_id\":\""
        + ID
        + "\",\"user_id\":"
        + user
        + ",\"event_type\":\"click\",\"page\":\"/\",\"timestamp\":\"2024-01-01T12:00:00Z\"}";
  }

  private static String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("0123456789abcdef".getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
