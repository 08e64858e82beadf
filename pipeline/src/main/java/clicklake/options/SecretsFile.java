package clicklake.options;

import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.io.storage.S3Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads properties files with what is secret, or belongs to the machine. */
final class SecretsFile {
  private SecretsFile() {}

  /**
   * Reads the file of {@code --s3Config}.
   *
   * @throws IllegalArgumentException if it sets what belongs to another option, or nothing known
   */
  static Map<String, String> readS3(Path file) throws IOException {
    return read(file, S3Settings.IN_A_FILE);
  }

  /**
   * Reads the file of {@code --clickhouseConfig}, and the file of certificates that it names.
   *
   * @throws IllegalArgumentException if it sets nothing known
   */
  static Map<String, String> readClickHouse(Path file) throws IOException {
    Map<String, String> values = read(file, ClickHouseSettings.IN_A_FILE);
    String certificates = values.get(ClickHouseSettings.CERTIFICATES);
    if (certificates != null) {
      values.put(ClickHouseSettings.CERTIFICATES, Files.readString(Path.of(certificates)));
    }
    return values;
  }

  private static Map<String, String> read(Path file, Set<String> known) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    TreeSet<String> unknown = new TreeSet<>(properties.stringPropertyNames());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "sets "
              + String.join(", ", unknown)
              + "; it may set "
              + String.join(", ", new TreeSet<>(known))
              + ", the rest has options of its own");
    }
    Map<String, String> values = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> values.put(name, properties.getProperty(name).trim()));
    return values;
  }
}
