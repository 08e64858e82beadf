package clicklake.options;

/**
 * A value as somebody wrote it.
 *
 * @param origin where: {@code command line}, the environment variable, or {@code file:line}
 */
record Given(String text, String origin) {
  static final String COMMAND_LINE = "command line";
  static final String DEFAULT = "default";
}
