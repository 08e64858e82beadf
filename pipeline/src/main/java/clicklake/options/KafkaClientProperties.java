package clicklake.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Client settings from {@code --kafkaConfig}, such as TLS and SASL, for every Kafka client that a
 * job opens. Its {@code toString} shows secrets as {@code ***}.
 *
 * @param values in the order of their names, so that two readings are equal
 */
public record KafkaClientProperties(Map<String, String> values) {
  /** No settings. */
  public static final KafkaClientProperties NONE = new KafkaClientProperties(Map.of());

  /** What the jobs' guarantees rest on, and so is not for a file to change. */
  private static final List<String> OURS =
      List.of(
          "bootstrap.servers",
          "group.id",
          "group.instance.id",
          "enable.auto.commit",
          "auto.offset.reset",
          "isolation.level",
          "acks",
          "enable.idempotence",
          "transactional.id",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer");

  public KafkaClientProperties {
    values = java.util.Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /**
   * Reads a properties file.
   *
   * @throws IllegalArgumentException if it sets what the jobs themselves set
   */
  static KafkaClientProperties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    Map<String, String> values = new TreeMap<>();
    List<String> refused = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      values.put(name, properties.getProperty(name).trim());
      if (OURS.contains(name)) {
        refused.add(name);
      }
    }
    if (!refused.isEmpty()) {
      refused.sort(null);
      throw new IllegalArgumentException(
          "sets " + String.join(", ", refused) + ", which the job itself sets; remove it there");
    }
    return new KafkaClientProperties(values);
  }

  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>();
    values.forEach((name, value) -> shown.put(name, Secrets.mask(name, value)));
    return shown.toString();
  }
}
