package clicklake.options.value;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: {@code 128MB}, {@code 1MiB}, {@code 512 kB}, or plain bytes. KB, MB
 * and GB count in 1,024s like KiB, MiB and GiB.
 */
public final class SizeText {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})\\s*(?:([kmgt])i?)?b?");

  private SizeText() {}

  /**
   * Reads one, in bytes.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static long parse(String text) {
    Matcher parts = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      String unit = parts.group(2);
      int shift = unit == null ? 0 : 10 * ("kmgt".indexOf(unit) + 1);
      long amount = Long.parseLong(parts.group(1));
      if (amount <= Long.MAX_VALUE >> shift) {
        return amount << shift;
      }
    }
    throw new IllegalArgumentException("is not a size; write 128MB, 1MiB or plain bytes");
  }

  /** In the largest unit that leaves a whole number; {@link #parse} reads it back. */
  public static String print(long bytes) {
    int shift = bytes == 0 ? 0 : Math.min(40, Long.numberOfTrailingZeros(bytes) / 10 * 10);
    return (bytes >> shift) + new String[] {"B", "KiB", "MiB", "GiB", "TiB"}[shift / 10];
  }
}
