package clicklake.options;

import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The secret file of {@code --ipHashKeyFile}: one {@code id:hex} line per key. The last one counts,
 * so that a key is rotated by appending a line. Blank lines and lines that begin with {@code #} are
 * skipped.
 */
final class PseudonymKeyFile {
  private PseudonymKeyFile() {}

  /**
   * Reads the key that counts.
   *
   * @throws IllegalArgumentException if there is none or any is malformed; the message does not
   *     tell it
   */
  static PseudonymKey read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    PseudonymKey last = null;
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        try {
          last = PseudonymKey.parse(line);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + (index + 1) + ": " + e.getMessage(), e);
        }
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("holds no key; write one line: id:hexadecimal-secret");
    }
    return last;
  }
}
