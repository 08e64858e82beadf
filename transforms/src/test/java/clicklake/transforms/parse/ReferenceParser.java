package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.EventField;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import clicklake.transforms.parse.Json.Num;
import clicklake.transforms.pseudonym.PseudonymKey;
import clicklake.transforms.pseudonym.Pseudonyms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract once more, slowly: over a tree, with the JDK's own classes. */
public final class ReferenceParser {
  /** One fault. */
  public record Fault(RejectReason reason, @Nullable String field) {}

  /**
   * What becomes of a record.
   *
   * @param event without its unknown fields
   * @param rescued the unknown fields
   */
  public record Result(
      List<Fault> faults, @Nullable ParsedEvent event, @Nullable Map<String, Object> rescued) {}

  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final Set<String> CURRENCIES =
      Currency.getAvailableCurrencies().stream()
          .map(Currency::getCurrencyCode)
          .collect(Collectors.toSet());
  private static final List<String> ADDRESSES =
      List.of("ip", "ipaddress", "clientip", "remoteip", "remoteaddr", "userip");
  private static final List<String> PERSONAL =
      Stream.concat(
              ADDRESSES.stream(),
              Stream.of(
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
                  "surname"))
          .toList();
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final Dialect dialect;
  private final ParserSettings settings;
  private final @Nullable PseudonymKey key;

  private Map<String, Object> fields = Map.of();
  private Map<Object, String> raw = Map.of();
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param settings with a key, or without one: then personal values are dropped
   */
  public ReferenceParser(ParserSettings settings) {
    this.settings = settings;
    this.dialect = settings.dialect();
    this.key = settings.key();
  }

  /** What becomes of a record that arrived at a time. */
  @SuppressWarnings("unchecked")
  public Result parse(byte[] record, long arrivalMillis) {
    faults.clear();
    if (record.length == 0) {
      return structure(RejectReason.EMPTY_VALUE);
    }
    if (record.length > settings.maxRecordBytes()) {
      return structure(RejectReason.TOO_LARGE);
    }
    Json.Document document;
    try {
      document = Json.read(record);
    } catch (Json.Unsound e) {
      return structure(e.utf8 ? RejectReason.NOT_UTF8 : RejectReason.NOT_JSON);
    }
    if (!(document.value() instanceof Map)) {
      return structure(RejectReason.NOT_OBJECT);
    }
    if (document.depth() > 1000) {
      return structure(RejectReason.TOO_DEEP);
    }
    raw = document.texts();
    fields = new LinkedHashMap<>((Map<String, Object>) document.value());
    return check(arrivalMillis);
  }

  private static Result structure(RejectReason reason) {
    return new Result(List.of(new Fault(reason, null)), null, null);
  }

  private Result check(long arrivalMillis) {
    int version = 2;
    @Nullable Object given = fields.get("schema_version");
    if (dialect == Dialect.CLICKSTREAM) {
      version = 0;
      if (given instanceof Num number && number.isInteger()) {
        BigInteger value = new BigInteger(number.text());
        if (!value.equals(BigInteger.ONE) && !value.equals(BigInteger.TWO)) {
          return new Result(
              List.of(new Fault(RejectReason.UNSUPPORTED_VERSION, "schema_version")), null, null);
        }
        version = value.intValue();
      }
    }
    int rules = version;
    Map<TextField, String> texts = new EnumMap<>(TextField.class);
    UUID[] id = new UUID[1];
    long[] micros = new long[1];
    Action[] action = new Action[1];
    DeviceType[] device = new DeviceType[1];
    Integer[] quantity = new Integer[1];
    Long[] price = new Long[1];

    string(
        EventField.EVENT_ID,
        (name, text) -> {
          if (text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            id[0] = UUID.fromString(text);
          } else {
            faults.add(new Fault(RejectReason.BAD_UUID, name));
          }
        });
    if (dialect == Dialect.CLICKSTREAM) {
      take(
          EventField.SCHEMA_VERSION,
          Num.class,
          (name, number) -> {
            if (!number.isInteger()) {
              faults.add(new Fault(RejectReason.WRONG_TYPE, name));
            }
          });
    }
    string(EventField.EVENT_TIME, (name, text) -> time(name, text, arrivalMillis, micros));
    if (dialect == Dialect.USER_EVENTS) {
      take(
          EventField.USER_ID,
          Num.class,
          (name, number) -> {
            if (number.isInteger()) {
              texts.put(TextField.USER_ID, new BigInteger(number.text()).toString());
            } else {
              faults.add(new Fault(RejectReason.WRONG_TYPE, name));
            }
          });
    } else {
      text(EventField.USER_ID, TextField.USER_ID, texts);
    }
    text(EventField.PAGE, TextField.PAGE, texts);
    string(
        EventField.ACTION,
        (name, text) -> {
          for (Action one : Action.values()) {
            if (one.text().equals(text) && (rules == 0 || one.since() <= rules)) {
              action[0] = one;
            }
          }
          if (action[0] == null) {
            faults.add(new Fault(RejectReason.BAD_ENUM, name));
          }
        });
    text(EventField.REFERRER, TextField.REFERRER, texts);
    text(EventField.USER_AGENT, TextField.USER_AGENT, texts);
    text(EventField.SOURCE, TextField.SOURCE, texts);
    @Nullable Object givenHash = fields.get("ip_hash");
    string(
        EventField.IP_HASH,
        (name, text) -> {
          String address = address(text);
          if (address == null) {
            texts.put(TextField.IP_HASH, text);
          } else if (key != null) {
            texts.put(TextField.IP_HASH, hash(key, address));
            texts.put(TextField.IP_HASH_KEY_ID, key.id());
          }
        });
    string(
        EventField.DEVICE_TYPE,
        (name, text) -> {
          for (DeviceType one : DeviceType.values()) {
            if (one.text().equals(text)) {
              device[0] = one;
            }
          }
          if (device[0] == null) {
            faults.add(new Fault(RejectReason.BAD_ENUM, name));
          }
        });
    string(
        EventField.COUNTRY,
        (name, text) -> {
          if (COUNTRIES.contains(text)) {
            texts.put(TextField.COUNTRY, text);
          } else {
            faults.add(new Fault(RejectReason.BAD_COUNTRY, name));
          }
        });
    if (version == 2) {
      text(EventField.SESSION_ID, TextField.SESSION_ID, texts);
      text(EventField.PRODUCT_ID, TextField.PRODUCT_ID, texts);
      take(
          EventField.QUANTITY,
          Num.class,
          (name, number) -> {
            if (!number.isInteger()) {
              faults.add(new Fault(RejectReason.WRONG_TYPE, name));
              return;
            }
            BigInteger value = new BigInteger(number.text());
            if (value.signum() > 0 && value.bitLength() < 32) {
              quantity[0] = value.intValue();
            } else {
              faults.add(new Fault(RejectReason.BAD_NUMBER, name));
            }
          });
      take(
          EventField.PRICE,
          Num.class,
          (name, number) -> {
            Long value = price(number.text());
            if (value == null) {
              faults.add(new Fault(RejectReason.BAD_NUMBER, name));
            } else {
              price[0] = value;
            }
          });
      string(
          EventField.CURRENCY,
          (name, text) -> {
            if (CURRENCIES.contains(text)) {
              texts.put(TextField.CURRENCY, text);
            } else {
              faults.add(new Fault(RejectReason.BAD_CURRENCY, name));
            }
          });
      string(
          EventField.IP,
          (name, text) -> {
            String address = address(text);
            if (address == null) {
              faults.add(new Fault(RejectReason.BAD_IP, name));
              return;
            }
            texts.remove(TextField.IP_HASH);
            if (key != null) {
              texts.put(TextField.IP_HASH, hash(key, address));
              texts.put(TextField.IP_HASH_KEY_ID, key.id());
            }
            if (givenHash instanceof String hash) {
              fields.put("ip_hash", address(hash) == null ? hash : pseudonym("ip", hash));
            }
          });
    }
    if (!faults.isEmpty()) {
      return new Result(List.copyOf(faults), null, null);
    }
    ParsedEvent event =
        new ParsedEvent(
            id[0], version, micros[0], action[0], device[0], quantity[0], price[0], texts);
    return new Result(List.of(), event, pseudonymised(fields));
  }

  private void time(String name, String text, long arrivalMillis, long[] micros) {
    if (!text.matches(
        "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|\\+00:00|-00:00)")) {
      faults.add(new Fault(RejectReason.BAD_TIME, name));
      return;
    }
    Instant time;
    try {
      if (text.startsWith("24", 11)) {
        throw new DateTimeException("the day ends at 23:59:59");
      }
      time = OffsetDateTime.parse(text.replace("-00:00", "+00:00")).toInstant();
    } catch (DateTimeException e) {
      faults.add(new Fault(RejectReason.BAD_TIME, name));
      return;
    }
    Instant cut = time.truncatedTo(ChronoUnit.MICROS);
    if (time.isBefore(EARLIEST)) {
      faults.add(new Fault(RejectReason.EVENT_TIME_OUT_OF_RANGE, name));
    } else if (arrivalMillis >= EARLIEST.toEpochMilli()
        && cut.isAfter(Instant.ofEpochMilli(arrivalMillis).plus(settings.allowedFuture()))) {
      faults.add(new Fault(RejectReason.FUTURE_EVENT_TIME, name));
    } else {
      micros[0] = Math.multiplyExact(cut.getEpochSecond(), 1_000_000L) + cut.getNano() / 1000;
    }
  }

  static @Nullable Long price(String text) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      // An exponent beyond what the JDK can hold: of zero it says nothing.
      return text.split("[eE]", 2)[0].matches("[-0.]*") ? 0L : null;
    }
    if (value.signum() == 0) {
      return 0L;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    if (value.signum() < 0
        || stripped.scale() > 4
        || stripped.precision() - (long) stripped.scale() > 14) {
      return null;
    }
    return value.setScale(4, RoundingMode.UNNECESSARY).unscaledValue().longValueExact();
  }

  private Map<String, Object> pseudonymised(Map<String, Object> members) {
    Map<String, Object> result = new LinkedHashMap<>();
    // A loop: values may be nested so deep that streams would need too much of the stack.
    for (Map.Entry<String, Object> member : members.entrySet()) {
      String name = member.getKey();
      Object value = member.getValue();
      result.put(name, isOneOf(PERSONAL, name) ? pseudonym(name, value) : pseudonymised(value));
    }
    return result;
  }

  @SuppressWarnings("unchecked")
  private Object pseudonymised(Object value) {
    if (value instanceof Map) {
      return pseudonymised((Map<String, Object>) value);
    }
    if (value instanceof List<?> list) {
      List<Object> result = new ArrayList<>();
      for (Object one : list) {
        result.add(pseudonymised(one));
      }
      return result;
    }
    return value;
  }

  private Object pseudonym(String name, Object value) {
    if (value == Json.NULL || key == null) {
      return Json.NULL;
    }
    if (value instanceof String text) {
      String address = isOneOf(ADDRESSES, name) ? address(text) : null;
      return hash(key, address == null ? text : address);
    }
    if (value instanceof Num number) {
      return hash(key, number.text());
    }
    return hash(key, value instanceof Boolean ? value.toString() : requireNonNull(raw.get(value)));
  }

  /** Whether a name, however it is spelled, is one of these. */
  private static boolean isOneOf(List<String> names, String name) {
    String bare = name.replaceAll("[-_ \\t\\n\\x0B\\f\\r]", "");
    return names.stream().anyMatch(bare::equalsIgnoreCase);
  }

  /** The canonical text of an address, null if it is none. */
  private static @Nullable String address(String text) {
    byte[] in = text.getBytes(UTF_8);
    byte[] out = new byte[IpAddresses.LONGEST];
    int length = IpAddresses.canonical(in, 0, in.length, out, new int[8]);
    return length < 0 ? null : new String(out, 0, length, UTF_8);
  }

  private static String hash(PseudonymKey key, String text) {
    return new Pseudonyms(key).of(text.getBytes(UTF_8));
  }

  private void text(EventField field, TextField column, Map<TextField, String> texts) {
    string(
        field,
        (name, text) -> {
          if (text.isEmpty() && field.required()) {
            faults.add(new Fault(RejectReason.EMPTY_STRING, name));
          } else {
            texts.put(column, text);
          }
        });
  }

  private void string(EventField field, BiConsumer<String, String> rule) {
    take(field, String.class, rule);
  }

  /** Takes a field out of the map, so that what is left there is unknown. */
  private <T> void take(EventField field, Class<T> type, BiConsumer<String, T> rule) {
    String name = requireNonNull(field.text(dialect));
    Object value = fields.remove(name);
    if (value == null) {
      if (field.required()) {
        faults.add(new Fault(RejectReason.MISSING_FIELD, name));
      }
    } else if (value == Json.NULL) {
      if (field.required()) {
        faults.add(new Fault(RejectReason.NULL_FIELD, name));
      }
    } else if (!type.isInstance(value)) {
      faults.add(new Fault(RejectReason.WRONG_TYPE, name));
    } else {
      rule.accept(name, type.cast(value));
    }
  }
}
