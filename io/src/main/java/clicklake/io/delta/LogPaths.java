package clicklake.io.delta;

import clicklake.schemas.table.CorruptTableException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** How a Delta log spells the names of files. */
public final class LogPaths {
  private static final String PLAIN = "-._~!$&'()*,;=@/";

  private LogPaths() {}

  /** The name of the commit file of a version, below the table. */
  public static String commit(long version) {
    return String.format(Locale.ROOT, "_delta_log/%020d.json", version);
  }

  /** A path below the table as an action's {@code path}: a percent-encoded relative URI. */
  static String encode(String path) {
    StringBuilder encoded = new StringBuilder(path.length() + 8);
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return encoded.toString();
  }

  /**
   * What {@link #encode} was given.
   *
   * @throws CorruptTableException if it is not percent-encoded
   */
  static String decode(String table, String encoded) {
    if (encoded.indexOf('%') < 0) {
      return encoded;
    }
    byte[] bytes = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw new CorruptTableException(
              table + ": the log names a file that is no URI: " + encoded);
        }
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  /**
   * When a data file of ours was created, by its name {@code <created>-<unique>.parquet}; -1 if the
   * name has another form.
   */
  static long createdAtMillis(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dash = name.indexOf('-');
    if (dash < 1 || dash > 18) {
      return -1;
    }
    for (int i = 0; i < dash; i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(name.substring(0, dash));
  }
}
