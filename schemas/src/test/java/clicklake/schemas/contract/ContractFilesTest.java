package clicklake.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.contract.ContractFiles.Example;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        ContractFiles.JSON_SCHEMA_V1,
        ContractFiles.JSON_SCHEMA_V2,
        ContractFiles.JSON_SCHEMA_USER_EVENTS
      })
  void jsonSchemasAreSoundByTheirOwnStandard(String file) throws IOException {
    JsonSchema standard =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(standard.validate(JSON.readTree(ContractFiles.read(file)))).isEmpty();
  }

  @Test
  void jsonSchemasHaveTheContractsFieldsInItsOrder() throws IOException {
    assertThat(properties(ContractFiles.JSON_SCHEMA_V1)).isEqualTo(fields(1, Dialect.CLICKSTREAM));
    assertThat(properties(ContractFiles.JSON_SCHEMA_V2)).isEqualTo(fields(2, Dialect.CLICKSTREAM));
    assertThat(properties(ContractFiles.JSON_SCHEMA_USER_EVENTS))
        .isEqualTo(fields(2, Dialect.USER_EVENTS));
  }

  @Test
  void jsonSchemasNameTheAssignedCountriesAndKnownCurrencies() throws IOException {
    for (String file :
        List.of(
            ContractFiles.JSON_SCHEMA_V1,
            ContractFiles.JSON_SCHEMA_V2,
            ContractFiles.JSON_SCHEMA_USER_EVENTS)) {
      assertThat(values(file, "country")).isEqualTo(Countries.codes());
    }
    assertThat(values(ContractFiles.JSON_SCHEMA_V2, "currency"))
        .allSatisfy(
            code -> assertThat(Currency.getInstance(code).getCurrencyCode()).isEqualTo(code));
  }

  @Test
  void countriesAreThoseOfTheStandard() {
    assertThat(Countries.codes()).hasSize(249).containsExactly(Locale.getISOCountries());
    int assigned = 0;
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        if (Countries.isAssigned(first, second)) {
          assertThat(Countries.codes()).contains((char) first + "" + (char) second);
          assigned++;
        }
      }
    }
    assertThat(assigned).isEqualTo(249);
  }

  @Test
  void currenciesAreThoseOfTheRuntime() {
    int known = 0;
    for (char a = 'A'; a <= 'Z'; a++) {
      for (char b = 'A'; b <= 'Z'; b++) {
        for (char c = 'A'; c <= 'Z'; c++) {
          if (Currencies.isKnown(a, b, c)) {
            assertThat(Currency.getInstance("" + a + b + c)).isNotNull();
            known++;
          }
        }
      }
    }
    assertThat(known).isEqualTo(Currency.getAvailableCurrencies().size());
    assertThat(Currencies.isKnown('e', 'u', 'r')).isFalse();
    assertThat(Currencies.isKnown('E', 'U', -30)).isFalse();
  }

  @Test
  void avroOfVersion2ReadsWhatVersion1Wrote() {
    Schema v1 = avro(ContractFiles.AVRO_V1);
    Schema v2 = avro(ContractFiles.AVRO_V2);
    assertThat(SchemaCompatibility.checkReaderWriterCompatibility(v2, v1).getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    assertThat(names(v1)).containsExactlyInAnyOrderElementsOf(fields(1, Dialect.CLICKSTREAM));
    assertThat(names(v2)).containsExactlyInAnyOrderElementsOf(fields(2, Dialect.CLICKSTREAM));
    assertThat(v2.getField("price").schema().getTypes().get(1).getObjectProp("scale")).isEqualTo(4);
    assertThat(v1.getField("action").schema().getEnumSymbols()).isEqualTo(actions(1));
    assertThat(v2.getField("action").schema().getEnumSymbols()).isEqualTo(actions(2));
  }

  @Test
  void everyReasonThatADocumentCanShowHasTwoBadExamples() {
    Map<RejectReason, Long> examples =
        ContractFiles.examples().stream()
            .filter(example -> !example.isGood())
            .collect(groupingBy(Example::reason, counting()));
    // One is an empty file, the other a matter of settings.
    EnumSet<RejectReason> shown =
        EnumSet.complementOf(EnumSet.of(RejectReason.EMPTY_VALUE, RejectReason.TOO_LARGE));
    assertThat(examples.keySet()).isEqualTo(shown);
    assertThat(examples.values()).allSatisfy(count -> assertThat(count).isGreaterThan(1));
  }

  @Test
  void theIndexNamesEveryExample() throws Exception {
    Path folder =
        Path.of(ContractFiles.class.getResource("/clicklake/contract/examples/index.txt").toURI())
            .resolveSibling("");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(path -> path.toString().endsWith(".json"))
                  .map(path -> "examples/" + folder.relativize(path).toString().replace('\\', '/')))
          .containsExactlyInAnyOrderElementsOf(
              ContractFiles.examples().stream().map(Example::file).toList());
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> ContractFiles.read("clickstream.v3.schema.json"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the contract has no file clickstream.v3.schema.json");
  }

  @Test
  void theDataContractDescribesBothVersions() {
    assertThat(new String(ContractFiles.read(ContractFiles.DATA_CONTRACT), UTF_8))
        .contains("apiVersion: v3.0.2", "kind: DataContract", "click_event_v1", "click_event_v2");
  }

  @Test
  void theDataContractListsThePersonalNames() {
    assertThat(listed("personalNames"))
        .isEqualTo(Stream.of(PersonalName.values()).map(PersonalName::text).toList())
        .containsExactly(
            "ip",
            "ipaddress",
            "clientip",
            "remoteip",
            "remoteaddr",
            "userip",
            "email",
            "emailaddress",
            "mail",
            "useremail",
            "phone",
            "phonenumber",
            "mobile",
            "name",
            "firstname",
            "lastname",
            "fullname",
            "surname");
    assertThat(listed("personalAddresses"))
        .isEqualTo(
            Stream.of(PersonalName.values())
                .filter(PersonalName::isAddress)
                .map(PersonalName::text)
                .toList())
        .containsExactly("ip", "ipaddress", "clientip", "remoteip", "remoteaddr", "userip");
  }

  /** The values of a list among the data contract's own properties. */
  private static List<String> listed(String property) {
    return new String(ContractFiles.read(ContractFiles.DATA_CONTRACT), UTF_8)
        .lines()
        .dropWhile(line -> !line.equals("- property: " + property))
        .skip(2)
        .takeWhile(line -> line.startsWith("  - "))
        .map(line -> line.substring(4))
        .toList();
  }

  @Test
  void reasonsAreFoundByTheirCodes() {
    assertThat(
            Stream.of(RejectReason.values())
                .collect(toMap(r -> r, r -> RejectReason.ofCode(r.code()))))
        .allSatisfy((reason, found) -> assertThat(found).isEqualTo(reason));
    assertThatThrownBy(() -> RejectReason.ofCode("bad_luck"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> properties(String file) throws IOException {
    List<String> names = new ArrayList<>();
    JSON.readTree(ContractFiles.read(file))
        .get("properties")
        .fieldNames()
        .forEachRemaining(names::add);
    return names;
  }

  private static List<String> values(String file, String property) throws IOException {
    List<String> values = new ArrayList<>();
    for (JsonNode value :
        JSON.readTree(ContractFiles.read(file)).get("properties").get(property).get("enum")) {
      if (!value.isNull()) {
        values.add(value.textValue());
      }
    }
    return values;
  }

  private static List<String> fields(int version, Dialect dialect) {
    return Stream.of(EventField.values())
        .filter(field -> field.since() <= version && field.text(dialect) != null)
        .map(field -> field.text(dialect))
        .toList();
  }

  private static List<String> actions(int version) {
    return Stream.of(Action.values())
        .filter(action -> action.since() <= version)
        .map(Action::text)
        .toList();
  }

  private static Schema avro(String file) {
    return new Schema.Parser().parse(new String(ContractFiles.read(file), UTF_8));
  }

  private static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).toList();
  }
}
