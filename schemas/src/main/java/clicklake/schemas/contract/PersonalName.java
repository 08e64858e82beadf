package clicklake.schemas.contract;

/**
 * Names of fields that hold personal data. Where an event carries one of them, at any depth, only a
 * pseudonym of its value leaves the restricted zone.
 */
public enum PersonalName {
  IP("ip"),
  EMAIL("email"),
  PHONE("phone"),
  NAME("name");

  private final String text;

  PersonalName(String text) {
    this.text = text;
  }

  /** As events spell it. */
  public String text() {
    return text;
  }
}
