package clicklake.options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The secret under which IP addresses are pseudonymised, and its id, which is stored beside every
 * hash so that keys can be rotated. Its {@code toString} does not show the secret.
 *
 * <p>Its file has one {@code id:hex} line per key; the last one counts, so that a key is rotated by
 * appending a line. Blank lines and lines that begin with {@code #} are skipped. A key has at least
 * 16 bytes.
 */
public final class IpHashKey {
  private static final int FEWEST_BYTES = 16;

  private final String id;
  private final byte[] key;

  public IpHashKey(String id, byte[] key) {
    if (id.isEmpty() || key.length < FEWEST_BYTES) {
      throw new IllegalArgumentException(
          "an IP hash key needs an id and at least " + FEWEST_BYTES + " bytes");
    }
    this.id = id;
    this.key = key.clone();
  }

  /**
   * Reads a key file.
   *
   * @throws IllegalArgumentException if it holds no key or a malformed one; the message does not
   *     show it
   */
  static IpHashKey read(Path file) throws IOException {
    IpHashKey last = null;
    int number = 0;
    for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
      number++;
      String wanted = line.trim();
      if (!wanted.isEmpty() && !wanted.startsWith("#")) {
        last = ofLine(wanted, number);
      }
    }
    if (last == null) {
      throw new IllegalArgumentException(
          "holds no key; write one line: id:hex of 16 bytes or more");
    }
    return last;
  }

  private static IpHashKey ofLine(String line, int number) {
    int colon = line.indexOf(':');
    try {
      return new IpHashKey(
          line.substring(0, Math.max(0, colon)).trim(),
          HexFormat.of().parseHex(line.substring(colon + 1).trim()));
    } catch (IllegalArgumentException e) {
      // Neither the cause nor the line may be shown: both hold the secret.
      throw new IllegalArgumentException(
          "line " + number + " is not a key; write id:hex of 16 bytes or more");
    }
  }

  public String id() {
    return id;
  }

  /** A copy of the secret bytes. */
  public byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return "IpHashKey[id=" + id + ", key=" + Secrets.MASK + "]";
  }
}
