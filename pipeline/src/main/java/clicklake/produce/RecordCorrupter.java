package clicklake.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.RejectReason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes events that are broken in exactly one way, so that the reason for their rejection is
 * known.
 */
final class RecordCorrupter {
  private static final RejectReason[] REASONS = RejectReason.values();

  /** Oversized records are a megabyte each by default: a few show what is to be shown. */
  private static final int MOST_OVERSIZED = 2;

  private static final Field[] REQUIRED = {
    Field.EVENT_ID, Field.SCHEMA_VERSION, Field.EVENT_TIME, Field.USER_ID, Field.PAGE, Field.ACTION
  };

  private final ProducePlan plan;
  private final SeededRandom dice;
  private final Bytes out;
  private final EventJson json;
  private int oversized;

  RecordCorrupter(ProducePlan plan, SeededRandom dice, Bytes out, EventJson json) {
    this.plan = plan;
    this.dice = dice;
    this.out = out;
    this.json = json;
  }

  /** Writes what the shopper's click becomes, and says why it must be rejected. */
  RejectReason write(Shopper shopper) {
    RejectReason reason = REASONS[dice.below(REASONS.length)];
    if (reason == RejectReason.EMPTY_VALUE && plan.form() == ProducePlan.Form.LINES) {
      // An empty line is no record.
      reason = RejectReason.NOT_OBJECT;
    }
    // Brokers refuse what is oversized by their own limit, which is the same by default.
    if (reason == RejectReason.TOO_LARGE
        && (plan.form() == ProducePlan.Form.VALUES || ++oversized > MOST_OVERSIZED)) {
      reason = RejectReason.MISSING_FIELD;
    }
    write(shopper, reason);
    return reason;
  }

  private void write(Shopper shopper, RejectReason reason) {
    switch (reason) {
      case EMPTY_VALUE -> {}
      case TOO_LARGE -> tooLarge(shopper);
      case NOT_UTF8 -> notUtf8(shopper);
      case NOT_JSON -> notJson(shopper);
      case NOT_OBJECT -> notObject(shopper);
      case TOO_DEEP ->
          event(shopper, null, null, ",\"nested\":" + "[".repeat(1_100) + "]".repeat(1_100));
      case MISSING_FIELD -> event(shopper, dice.pick(REQUIRED), null, null);
      case NULL_FIELD -> event(shopper, dice.pick(REQUIRED), "null", null);
      case WRONG_TYPE -> wrongType(shopper);
      case EMPTY_STRING ->
          event(shopper, dice.chance(0.5) ? Field.USER_ID : Field.PAGE, "\"\"", null);
      case BAD_UUID ->
          replace(
              shopper,
              Field.EVENT_ID,
              "\"not-a-uuid\"",
              "\"123e4567e89b12d3a456426614174000\"",
              "\"{123e4567-e89b-12d3-a456-426614174000}\"",
              "\"123e4567-e89b-12d3-a456-42661417400\"",
              "\"123e4567-e89b-12d3-a456-42661417400g\"");
      case BAD_TIME ->
          replace(
              shopper,
              Field.EVENT_TIME,
              "\"2024-13-01T00:00:00Z\"",
              "\"2024-02-30T00:00:00Z\"",
              "\"2024-01-01 00:00:00Z\"",
              "\"2024-01-01T00:00:00\"",
              "\"2024-01-01T01:00:00+01:00\"",
              "\"2024-01-01T00:00:60Z\"",
              "\"yesterday\"");
      case EVENT_TIME_OUT_OF_RANGE ->
          replace(
              shopper,
              Field.EVENT_TIME,
              "\"1999-12-31T23:59:59.999999Z\"",
              "\"1970-01-01T00:00:00Z\"");
      case FUTURE_EVENT_TIME ->
          replace(
              shopper,
              Field.EVENT_TIME,
              "\"2999-01-01T00:00:00Z\"",
              "\"9999-12-31T23:59:59.999999Z\"");
      case BAD_ENUM -> badEnum(shopper);
      case BAD_COUNTRY ->
          replace(shopper, Field.COUNTRY, "\"XX\"", "\"UK\"", "\"de\"", "\"EU\"", "\"DEU\"");
      case BAD_CURRENCY -> replace2(shopper, Field.CURRENCY, "\"ZZZ\"", "\"eur\"", "\"EURO\"");
      case BAD_NUMBER -> badNumber(shopper);
      case BAD_IP ->
          replace2(
              shopper, Field.IP, "\"999.1.1.1\"", "\"1.2.3\"", "\"localhost\"", "\"2001:db8::g\"");
      case UNSUPPORTED_VERSION -> replace(shopper, Field.SCHEMA_VERSION, "3", "0", "-1");
    }
  }

  private void tooLarge(Shopper shopper) {
    byte[] padding = new byte[plan.maxRecordSize()];
    Arrays.fill(padding, (byte) 'x');
    padding[0] = '"';
    padding[padding.length - 1] = '"';
    write(shopper, shopper.version(), Field.USER_AGENT, padding, null);
  }

  private void notUtf8(Shopper shopper) {
    byte[][] invalid = {
      {'"', '/', (byte) 0xC3, '(', '"'},
      {'"', '/', (byte) 0xFF, '"'},
      {'"', '/', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
      {'"', '/', (byte) 0xC0, (byte) 0xAF, '"'},
      {'"', '/', (byte) 0xE2, (byte) 0x82, '"'}
    };
    write(shopper, shopper.version(), Field.PAGE, dice.pick(invalid), null);
  }

  private void notJson(Shopper shopper) {
    int start = out.size();
    switch (dice.below(6)) {
      case 0 -> put("ERROR 503 upstream connect error or disconnect/reset before headers");
      case 1 -> put("{'event_id': 'single quotes'}");
      case 2 -> event(shopper, null, null, ",");
      case 3 -> event(shopper, Field.PAGE, "NaN", null);
      case 4 -> {
        put("\ufeff");
        event(shopper, null, null, null);
      }
      default -> {
        // Cut off, but not within a character, which would be another reason.
        event(shopper, null, null, null);
        int end = start + 1 + dice.below(out.size() - start - 1);
        while (out.array()[end - 1] < 0) {
          end--;
        }
        out.truncate(end);
      }
    }
  }

  private void notObject(Shopper shopper) {
    switch (dice.below(4)) {
      case 0 -> {
        out.putByte('[');
        event(shopper, null, null, null);
        out.putByte(']');
      }
      case 1 -> put("\"view\"");
      case 2 -> put("42");
      default -> put("true");
    }
  }

  private void wrongType(Shopper shopper) {
    switch (dice.below(5)) {
      case 0 -> replace(shopper, Field.USER_ID, "17", "true", "[\"user-17\"]");
      case 1 -> replace(shopper, Field.SCHEMA_VERSION, "\"1\"", "1.0", "true", "[]");
      case 2 -> replace(shopper, Field.EVENT_TIME, "1704067200", "{\"seconds\":1704067200}");
      case 3 -> replace(shopper, Field.PAGE, "404", "{\"path\":\"/\"}");
      default -> replace(shopper, Field.COUNTRY, "49", "[\"DE\"]");
    }
  }

  private void badEnum(Shopper shopper) {
    if (dice.chance(0.5)) {
      replace(shopper, Field.DEVICE_TYPE, "\"watch\"", "\"Mobile\"");
    } else {
      event(shopper, Field.ACTION, dice.chance(0.5) ? "\"hover\"" : "\"VIEW\"", null);
    }
  }

  private void badNumber(Shopper shopper) {
    if (dice.chance(0.5)) {
      replace2(shopper, Field.QUANTITY, "0", "-1", "2147483648");
    } else {
      replace2(shopper, Field.PRICE, "-0.01", "9.99999", "123456789012345");
    }
  }

  private void replace(Shopper shopper, Field field, String... values) {
    event(shopper, field, dice.pick(values), null);
  }

  /** For fields that only version 2 has. */
  private void replace2(Shopper shopper, Field field, String... values) {
    write(shopper, 2, field, dice.pick(values).getBytes(UTF_8), null);
  }

  private void event(
      Shopper shopper, @Nullable Field field, @Nullable String value, @Nullable String extra) {
    write(
        shopper,
        shopper.version(),
        field,
        value == null ? null : value.getBytes(UTF_8),
        extra == null ? null : extra.getBytes(UTF_8));
  }

  private void write(
      Shopper shopper,
      int version,
      @Nullable Field field,
      byte @Nullable [] value,
      byte @Nullable [] extra) {
    json.write(shopper, version, EventId.high(dice), EventId.low(dice), field, value, extra);
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.putBytes(bytes, 0, bytes.length);
  }
}
