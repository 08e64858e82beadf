package clicklake.options.value;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 24h}, {@code 7d},
 * or ISO-8601.
 */
public final class DurationText {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,18})\\s*(ms|s|m|h|d)");

  private DurationText() {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Duration parse(String text) {
    String wanted = text.trim();
    Matcher parts = SHORT.matcher(wanted.toLowerCase(Locale.ROOT));
    try {
      if (!parts.matches()) {
        return Duration.parse(wanted);
      }
      long amount = Long.parseLong(parts.group(1));
      return switch (parts.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "is not a duration; write 500ms, 5s, 10m, 24h or ISO-8601 (PT5S)", e);
    }
  }

  /** In the largest unit that leaves a whole number; {@link #parse} reads it back. */
  public static String print(Duration duration) {
    if (duration.isZero() || duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
      return duration.isZero() ? "0s" : duration.toString();
    }
    if (duration.toNanosPart() != 0) {
      return duration.toSeconds() > Long.MAX_VALUE / 10_000
          ? duration.toString()
          : duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
