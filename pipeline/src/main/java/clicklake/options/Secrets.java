package clicklake.options;

import java.util.regex.Pattern;

/** Keeps secrets out of what is printed. */
public final class Secrets {
  static final String MASK = "***";

  /** Names whose values nobody may see: also Kafka's, for instance {@code sasl.jaas.config}. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i).*(password|passphrase|secret|token|credential|jaas|private[._-]?key|access[._-]?key"
              + "|api[._-]?key|keystore\\.key|basic\\.auth).*");

  private static final Pattern USER_INFO = Pattern.compile("(://)[^/@\\s]+@");

  private Secrets() {}

  /** The value as it may be printed. */
  public static String mask(String name, String value) {
    return SECRET_NAME.matcher(name).matches()
        ? MASK
        : USER_INFO.matcher(value).replaceAll("$1" + MASK + "@");
  }
}
