package clicklake.options;

import clicklake.io.storage.S3Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the properties file of {@code --s3Config}: what is secret, or belongs to the machine. */
final class S3ConfigFile {
  private S3ConfigFile() {}

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException if it sets what belongs to another option, or nothing known
   */
  static Map<String, String> read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    TreeSet<String> unknown = new TreeSet<>(properties.stringPropertyNames());
    unknown.removeAll(S3Settings.IN_A_FILE);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "sets "
              + String.join(", ", unknown)
              + "; it may set "
              + String.join(", ", new TreeSet<>(S3Settings.IN_A_FILE))
              + ", the rest has options of its own");
    }
    Map<String, String> values = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name).trim()));
    return values;
  }
}
