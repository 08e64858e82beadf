package clicklake.schemas.contract;

/** What a user did. {@link #LOGIN} and {@link #LOGOUT} exist from version 2 on. */
public enum Action {
  VIEW("view", 1),
  CLICK("click", 1),
  ADD_TO_CART("add_to_cart", 1),
  PURCHASE("purchase", 1),
  LOGIN("login", 2),
  LOGOUT("logout", 2);

  private static final Action[] VALUES = values();

  private final String text;
  private final int since;

  Action(String text, int since) {
    this.text = text;
    this.since = since;
  }

  /** As events and tables spell it. */
  public String text() {
    return text;
  }

  /** The first contract version that has this action. */
  public int since() {
    return since;
  }

  /** The action of an {@link #ordinal()}, without copying the array of values. */
  public static Action of(int ordinal) {
    return VALUES[ordinal];
  }
}
