package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.contract.ContractFiles;
import clicklake.schemas.contract.ContractFiles.Example;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.EventField;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.transforms.pseudonym.PseudonymKey;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the parser to the JSON Schemas and to the reference, record by record. */
class EventParserContractTest {
  private static final long ARRIVAL = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final ParserSettings SETTINGS =
      ParserSettings.DEFAULTS.withKey(new PseudonymKey("k", new byte[32]));
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final JsonSchema V1 = schema(ContractFiles.JSON_SCHEMA_V1);
  private static final JsonSchema V2 = schema(ContractFiles.JSON_SCHEMA_V2);
  private static final JsonSchema USER_EVENTS = schema(ContractFiles.JSON_SCHEMA_USER_EVENTS);

  private final Map<Dialect, EventParser> parsers =
      Map.of(
          Dialect.CLICKSTREAM, new EventParser(SETTINGS),
          Dialect.USER_EVENTS, new EventParser(SETTINGS.withDialect(Dialect.USER_EVENTS)));

  static List<Example> examples() {
    return ContractFiles.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAreWhatTheirNamesSay(Example example) {
    Reject reject = agree(ContractFiles.read(example.file()), example.dialect());
    if (example.isGood()) {
      assertThat(reject).isNull();
    } else {
      assertThat(reject).isNotNull();
      assertThat(reject.reason()).isEqualTo(example.reason());
    }
  }

  @Test
  void nastyValuesThatAreJsonAreKept() {
    for (byte[] value : NastyCorpus.good()) {
      Reject reject = agree(NastyCorpus.inEvent(value), Dialect.CLICKSTREAM);
      assertThat(reject).as(new String(value, UTF_8)).isNull();
    }
  }

  @Test
  void nastyValuesThatAreNotJsonAreRefused() {
    for (byte[] value : NastyCorpus.bad()) {
      Reject reject = agree(NastyCorpus.inEvent(value), Dialect.CLICKSTREAM);
      assertThat(reject).as(new String(value, UTF_8)).isNotNull();
      assertThat(reject.reason()).isIn(RejectReason.NOT_JSON, RejectReason.NOT_UTF8);
      assertThat(agree(value, Dialect.CLICKSTREAM)).as(new String(value, UTF_8)).isNotNull();
    }
    for (byte[] value : NastyCorpus.notUtf8()) {
      assertThat(agree(NastyCorpus.inEvent(value), Dialect.CLICKSTREAM).reason())
          .isEqualTo(RejectReason.NOT_UTF8);
    }
  }

  @Test
  void nastyValuesAloneAreNoEvents() {
    for (byte[] value : NastyCorpus.good()) {
      assertThat(agree(value, Dialect.CLICKSTREAM)).as(new String(value, UTF_8)).isNotNull();
    }
  }

  @Test
  void nastyStringsAreTakenOrRefusedAsTheSchemaSays() {
    for (EventField field : EventField.values()) {
      for (String value : nastyStrings()) {
        for (int version = 1; version <= 2; version++) {
          agree(event(version, field, MAPPER.valueToTree(value).toString()), Dialect.CLICKSTREAM);
        }
      }
    }
  }

  @Test
  void nastyNumbersAreTakenOrRefusedAsTheSchemaSays() {
    for (EventField field : EventField.values()) {
      for (byte[] value : NastyCorpus.good()) {
        String text = new String(value, UTF_8);
        for (int version = 1; version <= 2; version++) {
          agree(event(version, field, text), Dialect.CLICKSTREAM);
        }
      }
    }
  }

  @Test
  void sharedCorporaAreTakenOrRefusedAsTheSchemaSays() throws IOException {
    // Larger files may lie beside the project; they are not part of it.
    Path data = Path.of("").toAbsolutePath().getParent().resolveSibling("shared").resolve("data");
    for (String folder : List.of("nasty", "real")) {
      if (Files.exists(data.resolve(folder))) {
        try (Stream<Path> files = Files.list(data.resolve(folder))) {
          for (Path file : files.filter(path -> path.toString().contains(".ndjson")).toList()) {
            for (byte[] line : lines(file)) {
              agree(line, Dialect.CLICKSTREAM);
            }
          }
        }
      }
    }
  }

  private static List<byte[]> lines(Path file) throws IOException {
    byte[] all;
    try (InputStream raw = Files.newInputStream(file);
        InputStream stream = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      all = stream.readAllBytes();
    }
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == '\n') {
        lines.add(Arrays.copyOfRange(all, start, i));
        start = i + 1;
      }
    }
    if (start < all.length) {
      lines.add(Arrays.copyOfRange(all, start, all.length));
    }
    return lines;
  }

  /** Strings with everything that could slip through a rule. */
  private static Set<String> nastyStrings() {
    Set<String> strings = new HashSet<>();
    List<String> sound =
        List.of(
            "3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4c",
            "2024-02-29T12:00:00.5Z",
            "view",
            "login",
            "mobile",
            "DE",
            "EUR",
            "192.0.2.7",
            "::1",
            "fe80::1.2.3.4",
            "1:2:3:4:5:6:7:8");
    for (String text : sound) {
      strings.add(text);
      for (String extra : List.of("\n", "\r", "\u0000", " ", "\u2028", "\u0085", "é", "😀", "0")) {
        strings.add(text + extra);
        strings.add(extra + text);
      }
      strings.add(text.substring(1));
      strings.add(text.toUpperCase(Locale.ROOT));
      strings.add(text.toLowerCase(Locale.ROOT));
      for (int i = 0; i < text.length(); i++) {
        strings.add(text.substring(0, i) + text.substring(i + 1));
        for (String other : List.of("0", "9", ":", "-", "f", "Z", "٣")) {
          strings.add(text.substring(0, i) + other + text.substring(i + 1));
        }
      }
    }
    for (int year = 1999; year < 2105; year++) {
      strings.add(year + "-02-29T00:00:00Z");
    }
    for (int month = 0; month < 14; month++) {
      for (int day = 27; day < 33; day++) {
        strings.add(String.format("2023-%02d-%02dT00:00:00-00:00", month, day));
      }
    }
    strings.addAll(
        List.of("", " ", "null", "NaN", "<script>", "'; --", "../..", "%00", "undefined", "1e309"));
    return strings;
  }

  private static byte[] event(int version, EventField changed, String value) {
    StringBuilder json = new StringBuilder("{");
    Map<EventField, String> fields =
        Map.of(
            EventField.EVENT_ID, "\"3f2b8c1e-9d4a-4e6b-8a7c-5d0e1f2a3b4c\"",
            EventField.SCHEMA_VERSION, "" + version,
            EventField.EVENT_TIME, "\"2024-01-01T00:00:00Z\"",
            EventField.USER_ID, "\"u\"",
            EventField.PAGE, "\"/\"",
            EventField.ACTION, "\"view\"");
    fields.forEach(
        (field, sound) -> {
          if (field != changed) {
            json.append('"').append(field.text()).append("\":").append(sound).append(',');
          }
        });
    json.append('"').append(changed.text()).append("\":").append(value).append('}');
    return json.toString().getBytes(UTF_8);
  }

  /** Asks parser, reference and schema about a record; returns what they agree on. */
  private @Nullable Reject agree(byte[] record, Dialect dialect) {
    String text = new String(record, UTF_8);
    EventParser parser = parsers.get(dialect);
    boolean valid = parser.parse(record, 0, record.length, ARRIVAL);
    Reject reject = valid ? null : parser.reject();
    ReferenceParser.Result expected =
        new ReferenceParser(SETTINGS.withDialect(dialect)).parse(record, ARRIVAL);
    assertThat(faults(reject)).as(text).isEqualTo(expected.faults());
    // A number that the JDK cannot hold is one that the schema's validator cannot judge.
    if (isStructural(reject) || text.matches("(?s).*[0-9][eE][+-]?[0-9]{10,}.*")) {
      return reject;
    }
    JsonNode tree;
    try {
      tree = MAPPER.readTree(record);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
    JsonNode version = tree.path("schema_version");
    JsonSchema schema =
        dialect == Dialect.USER_EVENTS
            ? USER_EVENTS
            : version.isNumber() && version.decimalValue().intValue() == 2 ? V2 : V1;
    assertThat(schema.validate(tree).isEmpty())
        .as("%s: schema says %s, parser says %s", text, schema.validate(tree), reject)
        .isEqualTo(
            expected.faults().stream().allMatch(fault -> isBeyondSchema(fault, tree, dialect)));
    return reject;
  }

  /** Whether a fault is of those that JSON Schema cannot express. */
  private static boolean isBeyondSchema(
      ReferenceParser.Fault fault, JsonNode tree, Dialect dialect) {
    JsonNode value = tree.path(fault.field());
    return fault.reason() == RejectReason.FUTURE_EVENT_TIME
        || (fault.reason() == RejectReason.WRONG_TYPE
            && value.isFloatingPointNumber()
            && isIntegerThatWouldDo(fault.field(), value, dialect));
  }

  private static boolean isIntegerThatWouldDo(String field, JsonNode value, Dialect dialect) {
    BigDecimal number = value.decimalValue();
    if (number.stripTrailingZeros().scale() > 0) {
      return false;
    }
    return switch (field) {
      case "schema_version" ->
          number.compareTo(BigDecimal.ONE) == 0 || number.compareTo(BigDecimal.valueOf(2)) == 0;
      case "quantity" ->
          number.signum() > 0 && number.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0;
      case "user_id" -> dialect == Dialect.USER_EVENTS;
      default -> false;
    };
  }

  private static boolean isStructural(@Nullable Reject reject) {
    return reject != null && reject.field() == null;
  }

  static List<ReferenceParser.Fault> faults(@Nullable Reject reject) {
    List<ReferenceParser.Fault> faults = new ArrayList<>();
    if (reject != null) {
      try {
        for (JsonNode fault : MAPPER.readTree(reject.detail())) {
          faults.add(
              new ReferenceParser.Fault(
                  RejectReason.ofCode(fault.get("reason").textValue()),
                  fault.path("field").textValue()));
        }
      } catch (IOException e) {
        throw new AssertionError(reject.detail(), e);
      }
      assertThat(faults.get(0))
          .isEqualTo(new ReferenceParser.Fault(reject.reason(), reject.field()));
    }
    return faults;
  }

  private static JsonSchema schema(String file) {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(new String(ContractFiles.read(file), UTF_8));
  }
}
