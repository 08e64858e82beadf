package clicklake.transforms.parse;

import static clicklake.transforms.parse.JsonScanner.ABSENT;
import static clicklake.transforms.parse.JsonScanner.ESCAPED;
import static clicklake.transforms.parse.JsonScanner.INTEGER;
import static clicklake.transforms.parse.JsonScanner.NULL;
import static clicklake.transforms.parse.JsonScanner.NUMBER;
import static clicklake.transforms.parse.JsonScanner.STRING;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.Countries;
import clicklake.schemas.contract.Currencies;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.EventField;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record after the other into a valid event or a {@link Reject}. Reusable; not safe for
 * use by several threads.
 *
 * <p>Equal bytes, arrival and settings always give the same answer. Faults are looked for in the
 * order of {@link RejectReason} while the record as a whole is concerned (a record that is neither
 * UTF-8 nor JSON is {@code not_utf8}; one nested too deep that is not JSON is {@code not_json}; the
 * event's own object is the first of the 1,000 levels), then in the order of {@link EventField},
 * one fault a field. If the version is missing, null or no integer, what both versions agree on is
 * checked, and an action of either version passes.
 *
 * <p>An arrival before the year 2000 is not believed: no event is {@code future_event_time} by it.
 */
// Fields are kept in arrays by their ordinals, which never leave this class.
@SuppressWarnings("EnumOrdinal")
public final class EventParser {
  /** Counts the changes of the rules. */
  public static final int VERSION = 2;

  private static final int MAX_NESTING = 1000;
  private static final int NO_VERSION = 0;
  private static final int UNSUPPORTED = -1;
  private static final int FIRST_LATER_FIELD = EventField.SESSION_ID.ordinal();
  private static final long FARTHEST_MILLIS = 1L << 52;
  private static final Names ACTIONS =
      new Names(Arrays.stream(Action.values()).map(Action::text).toList());
  private static final Names DEVICE_TYPES =
      new Names(Arrays.stream(DeviceType.values()).map(DeviceType::text).toList());

  private final Dialect dialect;
  private final long allowedFutureMicros;
  private final long maxRecordBytes;
  private final byte @Nullable [] keyId;
  private final Names names;
  private final JsonScanner scanner = new JsonScanner();
  private final RescuedData rescued;
  private final EventRow event = new EventRow();

  // Where the last value of each field lies, a string without its quotes.
  private final int[] infos = new int[EventField.COUNT];
  private final int[] starts = new int[EventField.COUNT];
  private final int[] ends = new int[EventField.COUNT];
  private final int[] nameStarts = new int[EventField.COUNT];
  // Complemented if the name is written with escapes.
  private final int[] nameEnds = new int[EventField.COUNT];
  private byte[] in = new byte[0];

  // What this record needs beyond its own bytes: strings without escapes, hashes, unknown fields.
  private final Bytes scratch = new Bytes(1024);

  // The string that was looked at last.
  private byte[] text = new byte[0];
  private int textStart;
  private int textLength;

  // Faults of fields: bit n for the field with ordinal n.
  private int faults;
  private final RejectReason[] reasons = new RejectReason[EventField.COUNT];
  // Or the one fault of the record as a whole.
  private @Nullable RejectReason structureFault;
  private int structureFaultAt;
  private String structureMessage = "";

  public EventParser(ParserSettings settings) {
    dialect = settings.dialect();
    allowedFutureMicros =
        settings.allowedFuture().toSeconds() * 1_000_000
            + settings.allowedFuture().toNanosPart() / 1000;
    maxRecordBytes = settings.maxRecordBytes();
    keyId = settings.key() == null ? null : settings.key().id().getBytes(US_ASCII);
    names =
        new Names(
            Arrays.stream(EventField.values())
                .map(field -> field.text(settings.dialect()))
                .toList());
    rescued = new RescuedData(scanner, settings.key());
  }

  /**
   * Reads a record.
   *
   * @param length in bytes; -1 for a null value
   * @param arrivalMillis when the record arrived, milliseconds since 1970
   * @return true if it is a valid event, which {@link #event()} then holds; false if it is not, and
   *     {@link #reject()} tells why
   */
  public boolean parse(byte[] bytes, int start, int length, long arrivalMillis) {
    faults = 0;
    structureFault = null;
    if (length <= 0) {
      return refuse(RejectReason.EMPTY_VALUE, 0, "the record has no bytes");
    }
    if (length > maxRecordBytes) {
      return refuse(RejectReason.TOO_LARGE, 0, "the record is longer than allowed");
    }
    in = bytes;
    return readStructure(start, start + length) && checkFields(arrivalMillis);
  }

  /**
   * The event of the last call of {@link #parse}, if that returned true. Its strings lie in the
   * array that was parsed or in the parser; both it and they are good until the next call.
   */
  public EventRow event() {
    return event;
  }

  /**
   * Why the last call of {@link #parse} returned false.
   *
   * @throws IllegalStateException if it returned true
   */
  public Reject reject() {
    if (structureFault != null) {
      String detail =
          new RejectDetail().structure(structureFault, structureFaultAt, structureMessage).json();
      return new Reject(structureFault, null, detail);
    }
    if (faults == 0) {
      throw new IllegalStateException("the record is valid");
    }
    RejectDetail detail = new RejectDetail();
    for (int rest = faults; rest != 0; rest &= rest - 1) {
      EventField field = EventField.of(Integer.numberOfTrailingZeros(rest));
      detail.field(reasons[field.ordinal()], field.text(dialect));
    }
    EventField first = EventField.of(Integer.numberOfTrailingZeros(faults));
    return new Reject(reasons[first.ordinal()], first.text(dialect), detail.json());
  }

  private boolean refuse(RejectReason reason, int at, String message) {
    structureFault = reason;
    structureFaultAt = at;
    structureMessage = message;
    return false;
  }

  // Structure

  private boolean readStructure(int start, int end) {
    scanner.reset(in, end);
    rescued.reset(in);
    Arrays.fill(infos, ABSENT);
    int at = scanner.space(start);
    boolean isObject = at < end && in[at] == '{';
    at = isObject ? readMembers(at + 1, end) : scanner.value(at, 0);
    if (at >= 0) {
      at = scanner.space(at);
      if (at < end) {
        at = scanner.broken(at, "something follows the value");
      }
    }
    if (at < 0) {
      int notUtf8 = Utf8.firstFault(in, start, end);
      return notUtf8 >= 0
          ? refuse(RejectReason.NOT_UTF8, notUtf8 - start, "not UTF-8")
          : refuse(
              RejectReason.NOT_JSON, scanner.faultAt() - start, requireNonNull(scanner.fault()));
    }
    if (!isObject) {
      return refuse(RejectReason.NOT_OBJECT, 0, "the value is not an object");
    }
    if (scanner.deepest() > MAX_NESTING) {
      return refuse(RejectReason.TOO_DEEP, 0, "containers are nested deeper than 1000 levels");
    }
    return true;
  }

  private int readMembers(int from, int end) {
    int at = scanner.space(from);
    if (at < end && in[at] == '}') {
      return at + 1;
    }
    while (true) {
      if (at >= end || in[at] != '"') {
        return scanner.broken(at, "a name is missing");
      }
      int name = at + 1;
      int nameEnd = scanner.string(name);
      if (nameEnd < 0) {
        return nameEnd;
      }
      boolean nameEscaped = scanner.escaped();
      int value = scanner.colon(nameEnd + 1);
      if (value < 0) {
        return value;
      }
      at = scanner.value(value, 1);
      if (at < 0) {
        return at;
      }
      note(name, nameEnd, nameEscaped, value, at);
      at = scanner.space(at);
      int after = at < end ? in[at] : 0;
      if (after == '}') {
        return at + 1;
      }
      if (after != ',') {
        return scanner.broken(at, "neither a comma nor a closing brace follows");
      }
      at = scanner.space(at + 1);
    }
  }

  private void note(int name, int nameEnd, boolean nameEscaped, int value, int valueEnd) {
    int info = scanner.info();
    int field = nameEscaped ? findEscaped(name, nameEnd) : names.find(in, name, nameEnd);
    if (field == Names.NONE) {
      rescued.add(name, nameEnd, nameEscaped, value, valueEnd, info);
      return;
    }
    int quotes = JsonScanner.kind(info) == STRING ? 1 : 0;
    infos[field] = info;
    starts[field] = value + quotes;
    ends[field] = valueEnd - quotes;
    nameStarts[field] = name;
    nameEnds[field] = nameEscaped ? ~nameEnd : nameEnd;
  }

  private int findEscaped(int name, int nameEnd) {
    scratch.clear();
    JsonScanner.unescape(in, name, nameEnd, scratch);
    return names.find(scratch.array(), 0, scratch.size());
  }

  // Fields

  private boolean checkFields(long arrivalMillis) {
    event.clear();
    scratch.clear();
    int version = dialect == Dialect.USER_EVENTS ? 2 : version();
    if (version == UNSUPPORTED) {
      return false;
    }
    event.schemaVersion(version);
    checkId();
    checkTime(arrivalMillis);
    if (dialect == Dialect.USER_EVENTS) {
      checkNumericUser();
    } else {
      checkText(EventField.USER_ID, TextField.USER_ID);
    }
    checkText(EventField.PAGE, TextField.PAGE);
    checkAction(version);
    checkText(EventField.REFERRER, TextField.REFERRER);
    checkText(EventField.USER_AGENT, TextField.USER_AGENT);
    checkText(EventField.SOURCE, TextField.SOURCE);
    checkHash();
    checkDeviceType();
    checkCountry();
    if (version == 2) {
      checkText(EventField.SESSION_ID, TextField.SESSION_ID);
      checkText(EventField.PRODUCT_ID, TextField.PRODUCT_ID);
      checkQuantity();
      checkPrice();
      checkCurrency();
      checkIp();
    }
    if (faults != 0) {
      return false;
    }
    if (version == 1) {
      rescueLaterFields();
    }
    if (!rescued.isEmpty()) {
      int start = scratch.size();
      rescued.write(scratch);
      event.text(TextField.RESCUED_DATA, scratch.array(), start, scratch.size() - start);
    }
    return true;
  }

  private int version() {
    EventField field = EventField.SCHEMA_VERSION;
    if (!isKind(field, INTEGER)) {
      return NO_VERSION;
    }
    long version = Values.integer(in, starts[field.ordinal()], ends[field.ordinal()]);
    if (version != 1 && version != 2) {
      fault(field, RejectReason.UNSUPPORTED_VERSION);
      return UNSUPPORTED;
    }
    return (int) version;
  }

  private void checkId() {
    EventField field = EventField.EVENT_ID;
    if (isString(field)) {
      if (Values.isUuid(text, textStart, textLength)) {
        event.id(Values.uuidHigh(text, textStart), Values.uuidLow(text, textStart));
      } else {
        fault(field, RejectReason.BAD_UUID);
      }
    }
  }

  private void checkTime(long arrivalMillis) {
    EventField field = EventField.EVENT_TIME;
    if (!isString(field)) {
      return;
    }
    long micros = Values.micros(text, textStart, textLength);
    if (micros == Values.INVALID) {
      fault(field, RejectReason.BAD_TIME);
    } else if (micros < Values.EARLIEST_MICROS) {
      fault(field, RejectReason.EVENT_TIME_OUT_OF_RANGE);
    } else if (isPlausible(arrivalMillis) && micros - allowedFutureMicros > micros(arrivalMillis)) {
      fault(field, RejectReason.FUTURE_EVENT_TIME);
    } else {
      event.eventMicros(micros);
    }
  }

  /**
   * Whether a record can have arrived at a time: from the year 2000 on, before which no event may
   * lie. Records claim other arrivals if no timestamp was set (0, -1), if seconds were taken for
   * milliseconds, or if an archive lost a file's time (1980). Whether the event of such a record
   * lies in the future cannot be judged, so it is accepted.
   */
  static boolean isPlausible(long arrivalMillis) {
    return arrivalMillis >= Values.EARLIEST_MILLIS;
  }

  /**
   * Arrivals are what a producer claims: one too far off to be counted in microseconds is clipped.
   */
  private static long micros(long arrivalMillis) {
    return 1000 * Math.min(Math.max(arrivalMillis, -FARTHEST_MILLIS), FARTHEST_MILLIS);
  }

  private void checkText(EventField field, TextField column) {
    if (!isString(field)) {
      return;
    }
    if (textLength == 0 && field.required()) {
      fault(field, RejectReason.EMPTY_STRING);
    } else {
      event.text(column, text, textStart, textLength);
    }
  }

  private void checkNumericUser() {
    EventField field = EventField.USER_ID;
    if (isKind(field, INTEGER)) {
      int start = starts[field.ordinal()];
      int end = ends[field.ordinal()];
      // Zero has one decimal text, also where a minus sign stands before it.
      start = in[start] == '-' && in[start + 1] == '0' ? start + 1 : start;
      event.text(TextField.USER_ID, in, start, end - start);
    }
  }

  private void checkAction(int version) {
    EventField field = EventField.ACTION;
    if (!isString(field)) {
      return;
    }
    int found = ACTIONS.find(text, textStart, textStart + textLength);
    if (found == Names.NONE || (version == 1 && Action.of(found).since() > 1)) {
      fault(field, RejectReason.BAD_ENUM);
    } else {
      event.action(Action.of(found));
    }
  }

  private void checkDeviceType() {
    EventField field = EventField.DEVICE_TYPE;
    if (!isString(field)) {
      return;
    }
    int found = DEVICE_TYPES.find(text, textStart, textStart + textLength);
    if (found == Names.NONE) {
      fault(field, RejectReason.BAD_ENUM);
    } else {
      event.deviceType(DeviceType.of(found));
    }
  }

  private void checkCountry() {
    EventField field = EventField.COUNTRY;
    if (!isString(field)) {
      return;
    }
    if (textLength == 2 && Countries.isAssigned(text[textStart], text[textStart + 1])) {
      event.text(TextField.COUNTRY, text, textStart, textLength);
    } else {
      fault(field, RejectReason.BAD_COUNTRY);
    }
  }

  private void checkCurrency() {
    EventField field = EventField.CURRENCY;
    if (!isString(field)) {
      return;
    }
    if (textLength == 3
        && Currencies.isKnown(text[textStart], text[textStart + 1], text[textStart + 2])) {
      event.text(TextField.CURRENCY, text, textStart, textLength);
    } else {
      fault(field, RejectReason.BAD_CURRENCY);
    }
  }

  private void checkQuantity() {
    EventField field = EventField.QUANTITY;
    if (!isKind(field, INTEGER)) {
      return;
    }
    long quantity = Values.integer(in, starts[field.ordinal()], ends[field.ordinal()]);
    if (quantity < 1) {
      fault(field, RejectReason.BAD_NUMBER);
    } else {
      event.quantity((int) quantity);
    }
  }

  private void checkPrice() {
    EventField field = EventField.PRICE;
    int kind = JsonScanner.kind(infos[field.ordinal()]) == NUMBER ? NUMBER : INTEGER;
    if (!isKind(field, kind)) {
      return;
    }
    long price = Values.price(in, starts[field.ordinal()], ends[field.ordinal()]);
    if (price < 0) {
      fault(field, RejectReason.BAD_NUMBER);
    } else {
      event.price(price);
    }
  }

  /** An ip_hash that is an address was not hashed: it is taken as if it were given as ip. */
  private void checkHash() {
    if (!isString(EventField.IP_HASH)) {
      return;
    }
    int start = scratch.size();
    if (!rescued.writeAddress(text, textStart, textLength, scratch)) {
      event.text(TextField.IP_HASH, text, textStart, textLength);
      return;
    }
    infos[EventField.IP_HASH.ordinal()] |= RescuedData.ADDRESS;
    putHash(start);
  }

  /** Puts what lies in the scratch from here on as the hash, if there is a key to make it. */
  private void putHash(int start) {
    if (keyId == null) {
      event.remove(TextField.IP_HASH);
    } else {
      event.text(TextField.IP_HASH, scratch.array(), start, scratch.size() - start);
      event.text(TextField.IP_HASH_KEY_ID, keyId, 0, keyId.length);
    }
  }

  private void checkIp() {
    EventField field = EventField.IP;
    if (!isString(field)) {
      return;
    }
    int start = scratch.size();
    if (!rescued.writeAddress(text, textStart, textLength, scratch)) {
      fault(field, RejectReason.BAD_IP);
      return;
    }
    if (JsonScanner.kind(infos[EventField.IP_HASH.ordinal()]) == STRING) {
      rescue(EventField.IP_HASH);
    }
    putHash(start);
  }

  /** To an event of version 1, a field of version 2 is an unknown one. */
  private void rescueLaterFields() {
    for (int i = FIRST_LATER_FIELD; i < EventField.COUNT; i++) {
      if (infos[i] != ABSENT) {
        rescue(EventField.of(i));
      }
    }
  }

  private void rescue(EventField field) {
    int i = field.ordinal();
    int quotes = JsonScanner.kind(infos[i]) == STRING ? 1 : 0;
    boolean nameEscaped = nameEnds[i] < 0;
    rescued.add(
        nameStarts[i],
        nameEscaped ? ~nameEnds[i] : nameEnds[i],
        nameEscaped,
        starts[i] - quotes,
        ends[i] + quotes,
        infos[i]);
  }

  /** Whether a field is a string; if so, {@link #text} holds it. */
  private boolean isString(EventField field) {
    if (!isKind(field, STRING)) {
      return false;
    }
    int i = field.ordinal();
    if ((infos[i] & ESCAPED) == 0) {
      text = in;
      textStart = starts[i];
      textLength = ends[i] - starts[i];
    } else {
      // An array that is outgrown stays as it is for the slices that lie in it.
      int start = scratch.size();
      JsonScanner.unescape(in, starts[i], ends[i], scratch);
      text = scratch.array();
      textStart = start;
      textLength = scratch.size() - start;
    }
    return true;
  }

  /** Whether a field has a value of this kind; if it should have one and has not, notes why. */
  private boolean isKind(EventField field, int kind) {
    int found = JsonScanner.kind(infos[field.ordinal()]);
    if (found == kind) {
      return true;
    }
    if (found == ABSENT) {
      if (field.required()) {
        fault(field, RejectReason.MISSING_FIELD);
      }
    } else if (found != NULL) {
      fault(field, RejectReason.WRONG_TYPE);
    } else if (field.required()) {
      fault(field, RejectReason.NULL_FIELD);
    }
    return false;
  }

  private void fault(EventField field, RejectReason reason) {
    faults |= 1 << field.ordinal();
    reasons[field.ordinal()] = reason;
  }
}
