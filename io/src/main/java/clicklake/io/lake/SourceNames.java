package clicklake.io.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;

/** The bytes of source names, kept because they come row after row. */
final class SourceNames {
  private final Map<String, byte[]> names = new HashMap<>();
  private String last = "";
  private byte[] lastName = new byte[0];

  @SuppressWarnings("ReferenceEquality") // a shortcut; equal ones are found in the map
  byte[] of(String source) {
    if (source != last) {
      lastName = names.computeIfAbsent(source, name -> name.getBytes(UTF_8));
      last = source;
    }
    return lastName;
  }
}
