package clicklake.produce;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.RejectReason;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts records by the contract's words and by Jackson, knowing nothing of how they were made. */
final class Recount {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final List<String> REQUIRED =
      List.of("event_id", "schema_version", "event_time", "user_id", "page", "action");
  private static final Set<String> VERSION_1 =
      Set.of(
          "event_id",
          "schema_version",
          "event_time",
          "user_id",
          "page",
          "action",
          "referrer",
          "user_agent",
          "source",
          "ip_hash",
          "device_type",
          "country");
  private static final Set<String> VERSION_2 =
      Set.of("session_id", "product_id", "quantity", "price", "currency", "ip");
  private static final Set<String> DEVICES = Set.of("mobile", "desktop", "tablet", "other");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final int maxRecordSize;
  private final Instant latest;
  private final Map<String, String> seen = new HashMap<>();
  private final Map<RejectReason, Long> rejects = new EnumMap<>(RejectReason.class);
  private final Map<Action, Long> actions = new EnumMap<>(Action.class);
  private Instant newest = Instant.MIN;
  private long records;
  private long duplicates;
  private long late;
  private long unknownFields;
  private long blankLines;

  Recount(int maxRecordSize, Instant latest) {
    this.maxRecordSize = maxRecordSize;
    this.latest = latest;
  }

  ProducedCounts counts() {
    return new ProducedCounts(
        records, seen.size(), duplicates, late, unknownFields, blankLines, rejects, actions);
  }

  void line(byte[] line) {
    if (new String(line, StandardCharsets.ISO_8859_1).matches("[ \t\r]*")) {
      blankLines++;
    } else {
      value(line);
    }
  }

  void value(byte[] value) {
    records++;
    String text = "";
    Optional<RejectReason> reason;
    JsonNode event = null;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      event = JSON.readTree(text);
      reason = reasonOf(event, value.length);
    } catch (CharacterCodingException e) {
      reason = Optional.of(RejectReason.NOT_UTF8);
    } catch (StreamConstraintsException e) {
      reason = Optional.of(RejectReason.TOO_DEEP);
    } catch (JsonProcessingException e) {
      reason = Optional.of(RejectReason.NOT_JSON);
    }
    if (reason.isPresent()) {
      rejects.merge(reason.get(), 1L, Long::sum);
    } else if (event != null) {
      valid(event, text);
    }
  }

  private void valid(JsonNode event, String text) {
    String id = event.get("event_id").asText().toLowerCase(Locale.ROOT);
    String earlier = seen.putIfAbsent(id, text);
    if (earlier != null) {
      if (!earlier.equals(text)) {
        throw new AssertionError("the same id with other content: " + earlier + text);
      }
      duplicates++;
      return;
    }
    Instant time =
        OffsetDateTime.parse(event.get("event_time").asText())
            .toInstant()
            .truncatedTo(ChronoUnit.MICROS);
    if (!newest.equals(Instant.MIN) && time.isBefore(newest.minusSeconds(120))) {
      late++;
    }
    newest = time.isAfter(newest) ? time : newest;
    actions.merge(
        Action.valueOf(event.get("action").asText().toUpperCase(Locale.ROOT)), 1L, Long::sum);
    boolean second = event.get("schema_version").asInt() == 2;
    if (Stream.iterate(event.fieldNames(), java.util.Iterator::hasNext, i -> i)
        .map(java.util.Iterator::next)
        .anyMatch(name -> !VERSION_1.contains(name) && !(second && VERSION_2.contains(name)))) {
      unknownFields++;
    }
  }

  private Optional<RejectReason> reasonOf(JsonNode event, int size) {
    if (size == 0) {
      return Optional.of(RejectReason.EMPTY_VALUE);
    }
    if (size > maxRecordSize) {
      return Optional.of(RejectReason.TOO_LARGE);
    }
    if (!event.isObject()) {
      return Optional.of(RejectReason.NOT_OBJECT);
    }
    JsonNode version = event.get("schema_version");
    if (version != null && version.isInt() && version.asInt() != 1 && version.asInt() != 2) {
      return Optional.of(RejectReason.UNSUPPORTED_VERSION);
    }
    boolean second = version != null && version.isInt() && version.asInt() == 2;
    return Stream.concat(
            REQUIRED.stream().map(name -> required(name, event.get(name), second)),
            Stream.of(
                string(event.get("referrer")),
                string(event.get("user_agent")),
                string(event.get("source")),
                word(event.get("device_type"), DEVICES, RejectReason.BAD_ENUM),
                word(event.get("country"), COUNTRIES, RejectReason.BAD_COUNTRY),
                second ? version2(event) : Optional.<RejectReason>empty()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<RejectReason> required(String name, @Nullable JsonNode value, boolean second) {
    if (value == null) {
      return Optional.of(RejectReason.MISSING_FIELD);
    }
    if (value.isNull()) {
      return Optional.of(RejectReason.NULL_FIELD);
    }
    if (name.equals("schema_version") ? !value.isInt() : !value.isTextual()) {
      return Optional.of(RejectReason.WRONG_TYPE);
    }
    String text = value.asText();
    return switch (name) {
      case "event_id" ->
          fault(
              !text.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
              RejectReason.BAD_UUID);
      case "event_time" -> time(text);
      case "user_id", "page" -> fault(text.isEmpty(), RejectReason.EMPTY_STRING);
      case "action" ->
          fault(
              Stream.of(Action.values())
                  .noneMatch(a -> a.text().equals(text) && a.since() <= (second ? 2 : 1)),
              RejectReason.BAD_ENUM);
      default -> Optional.empty();
    };
  }

  private Optional<RejectReason> time(String text) {
    if (!text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]00:00)")) {
      return Optional.of(RejectReason.BAD_TIME);
    }
    try {
      Instant time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toInstant();
      return time.isBefore(EARLIEST)
          ? Optional.of(RejectReason.EVENT_TIME_OUT_OF_RANGE)
          : fault(time.isAfter(latest), RejectReason.FUTURE_EVENT_TIME);
    } catch (DateTimeParseException e) {
      return Optional.of(RejectReason.BAD_TIME);
    }
  }

  private static Optional<RejectReason> version2(JsonNode event) {
    JsonNode quantity = event.path("quantity");
    JsonNode price = event.path("price");
    String currency = event.path("currency").asText("EUR");
    return Stream.of(
            string(event.get("session_id")),
            string(event.get("product_id")),
            fault(
                !quantity.isMissingNode() && !(quantity.isInt() && quantity.asInt() >= 1),
                RejectReason.BAD_NUMBER),
            fault(!price.isMissingNode() && !isMoney(price), RejectReason.BAD_NUMBER),
            fault(
                Currency.getAvailableCurrencies().stream()
                    .noneMatch(known -> known.getCurrencyCode().equals(currency)),
                RejectReason.BAD_CURRENCY),
            fault(
                !event.path("ip").asText("").matches("(\\d{1,3}\\.){3}\\d{1,3}|[0-9a-f:]+")
                    || event.path("ip").asText("").startsWith("999"),
                RejectReason.BAD_IP))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isMoney(JsonNode price) {
    BigDecimal value = price.decimalValue();
    return price.isNumber()
        && value.signum() >= 0
        && value.scale() <= 4
        && value.precision() - value.scale() <= 14;
  }

  private static Optional<RejectReason> string(@Nullable JsonNode value) {
    return fault(value != null && !value.isNull() && !value.isTextual(), RejectReason.WRONG_TYPE);
  }

  private static Optional<RejectReason> word(
      @Nullable JsonNode value, Set<String> words, RejectReason reason) {
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    return value.isTextual()
        ? fault(!words.contains(value.asText()), reason)
        : Optional.of(RejectReason.WRONG_TYPE);
  }

  private static Optional<RejectReason> fault(boolean isOne, RejectReason reason) {
    return isOne ? Optional.of(reason) : Optional.empty();
  }
}
