package clicklake.crash;

import java.util.List;

/** How much is tried: a choice in every build, everything with {@code clicklake.crash.long}. */
final class Form {
  private static final boolean LONG = Boolean.getBoolean("clicklake.crash.long");

  private Form() {}

  static boolean isLong() {
    return LONG;
  }

  /** All of these in the long form, the first of them in every build. */
  @SafeVarargs
  static <T> List<T> firstOrAll(T... all) {
    return LONG ? List.of(all) : List.of(all[0]);
  }
}
