package clicklake.schemas.contract;

/**
 * The string columns of a silver row, in the table's order. Events of one row keep them as
 * length-prefixed UTF-8 slices in this order.
 */
public enum TextField {
  USER_ID("user_id"),
  PAGE("page"),
  REFERRER("referrer"),
  USER_AGENT("user_agent"),
  SOURCE("source"),
  COUNTRY("country"),
  IP_HASH("ip_hash"),
  IP_HASH_KEY_ID("ip_hash_key_id"),
  SESSION_ID("session_id"),
  PRODUCT_ID("product_id"),
  CURRENCY("currency"),
  RESCUED_DATA("_rescued_data");

  /** How many there are. */
  public static final int COUNT = values().length;

  private static final TextField[] VALUES = values();

  private final String column;

  TextField(String column) {
    this.column = column;
  }

  /** The column's name in silver. */
  public String column() {
    return column;
  }

  /** The field of an {@link #ordinal()}, without copying the array of values. */
  public static TextField of(int ordinal) {
    return VALUES[ordinal];
  }
}
