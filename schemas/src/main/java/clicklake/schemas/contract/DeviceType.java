package clicklake.schemas.contract;

/** The kinds of device that an event may name. */
public enum DeviceType {
  MOBILE("mobile"),
  DESKTOP("desktop"),
  TABLET("tablet"),
  OTHER("other");

  private static final DeviceType[] VALUES = values();

  private final String text;

  DeviceType(String text) {
    this.text = text;
  }

  /** As events and tables spell it. */
  public String text() {
    return text;
  }

  /** The device type of an {@link #ordinal()}, without copying the array of values. */
  public static DeviceType of(int ordinal) {
    return VALUES[ordinal];
  }
}
