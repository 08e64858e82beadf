package clicklake.produce;

import java.nio.charset.StandardCharsets;

/** The fields of an event in the order in which clients write them. */
enum Field {
  EVENT_ID,
  SCHEMA_VERSION,
  EVENT_TIME,
  USER_ID,
  PAGE,
  ACTION,
  REFERRER,
  USER_AGENT,
  SOURCE,
  DEVICE_TYPE,
  COUNTRY,
  SESSION_ID,
  PRODUCT_ID,
  QUANTITY,
  PRICE,
  CURRENCY,
  IP;

  /** The key with its quotes and colon. */
  // Nobody writes to it.
  @SuppressWarnings("ImmutableEnumChecker")
  private final byte[] json =
      ('"' + name().toLowerCase(java.util.Locale.ROOT) + "\":").getBytes(StandardCharsets.US_ASCII);

  byte[] json() {
    return json;
  }
}
