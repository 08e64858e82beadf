package clicklake.schemas.contract;

/** How a source spells its events. */
public enum Dialect {
  /** The contract's own field names, versions 1 and 2. */
  CLICKSTREAM("clickstream"),
  /**
   * The older {@code user-events} topic: integer {@code user_id}, {@code event_type}, {@code
   * timestamp}; read as version 2.
   */
  USER_EVENTS("user-events");

  private final String text;

  Dialect(String text) {
    this.text = text;
  }

  /** As options spell it. */
  public String text() {
    return text;
  }
}
