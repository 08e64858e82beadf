package clicklake.schemas.contract;

import org.jspecify.annotations.Nullable;

/** The fields of an event, in the order in which they are checked. */
public enum EventField {
  EVENT_ID("event_id", 1, true),
  SCHEMA_VERSION("schema_version", 1, true),
  EVENT_TIME("event_time", 1, true),
  USER_ID("user_id", 1, true),
  PAGE("page", 1, true),
  ACTION("action", 1, true),
  REFERRER("referrer", 1, false),
  USER_AGENT("user_agent", 1, false),
  SOURCE("source", 1, false),
  IP_HASH("ip_hash", 1, false),
  DEVICE_TYPE("device_type", 1, false),
  COUNTRY("country", 1, false),
  SESSION_ID("session_id", 2, false),
  PRODUCT_ID("product_id", 2, false),
  QUANTITY("quantity", 2, false),
  PRICE("price", 2, false),
  CURRENCY("currency", 2, false),
  IP("ip", 2, false);

  private static final EventField[] VALUES = values();

  /** How many there are. */
  public static final int COUNT = VALUES.length;

  private final String text;
  private final int since;
  private final boolean required;

  EventField(String text, int since, boolean required) {
    this.text = text;
    this.since = since;
    this.required = required;
  }

  /** As the contract spells it. */
  public String text() {
    return text;
  }

  /** As a dialect spells it; null if that dialect does not have it. */
  public @Nullable String text(Dialect dialect) {
    if (dialect == Dialect.CLICKSTREAM) {
      return text;
    }
    return switch (this) {
      case SCHEMA_VERSION -> null;
      case EVENT_TIME -> "timestamp";
      case ACTION -> "event_type";
      default -> text;
    };
  }

  /** The first contract version that has this field. */
  public int since() {
    return since;
  }

  public boolean required() {
    return required;
  }

  /** The field of an {@link #ordinal()}, without copying the array of values. */
  public static EventField of(int ordinal) {
    return VALUES[ordinal];
  }
}
