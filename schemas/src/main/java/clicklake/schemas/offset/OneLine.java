package clicklake.schemas.offset;

/** Names from outside, which may hold line feeds, as part of one line of a log or a table. */
public final class OneLine {
  private OneLine() {}

  /** The name with its control characters escaped. */
  public static String of(String name) {
    StringBuilder line = new StringBuilder(name.length());
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                line.append(String.format("\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }
}
