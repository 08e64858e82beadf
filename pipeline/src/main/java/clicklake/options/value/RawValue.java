package clicklake.options.value;

/**
 * A value as somebody wrote it.
 *
 * @param origin where: {@code command line}, the environment variable, or {@code file:line}
 */
public record RawValue(String text, String origin) {
  public static final String COMMAND_LINE = "command line";
  public static final String DEFAULT = "default";
}
