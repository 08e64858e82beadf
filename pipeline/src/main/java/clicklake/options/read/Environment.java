package clicklake.options.read;

import clicklake.options.Option;
import clicklake.options.value.NearestName;
import clicklake.options.value.RawValue;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads {@code CLICKLAKE_…} variables, for our options and the runner's, and {@code
 * KAFKA_BOOTSTRAP_SERVERS}, which {@code CLICKLAKE_BOOTSTRAP_SERVERS} outranks. An empty variable
 * is as good as none: scripts and compose files pass those on.
 */
final class Environment {
  static final String KAFKA_BOOTSTRAP_SERVERS = "KAFKA_BOOTSTRAP_SERVERS";

  private Environment() {}

  static ConfigSource read(
      Map<String, String> variables, RunnerOptions runner, List<String> faults) {
    ConfigSource layer = new ConfigSource();
    String servers = variables.getOrDefault(KAFKA_BOOTSTRAP_SERVERS, "");
    if (!servers.isBlank()) {
      layer.put(Option.BOOTSTRAP_SERVERS, new RawValue(servers.trim(), KAFKA_BOOTSTRAP_SERVERS));
    }
    Map<String, String> runnerKeys = new TreeMap<>();
    runner.keys().forEach(key -> runnerKeys.put(variableOf(key), key));
    new TreeMap<>(variables)
        .forEach(
            (name, text) -> {
              if (name.startsWith(Option.VARIABLE_PREFIX)) {
                read(name, text.trim(), runnerKeys, layer, faults);
              }
            });
    return layer;
  }

  private static void read(
      String name,
      String text,
      Map<String, String> runnerKeys,
      ConfigSource layer,
      List<String> faults) {
    Optional<Option> option =
        Stream.of(Option.values()).filter(known -> known.variable().equals(name)).findFirst();
    String runnerKey = runnerKeys.get(name);
    if (option.isPresent()) {
      if (!text.isEmpty()) {
        layer.put(option.get(), new RawValue(text, name));
      }
    } else if (runnerKey != null) {
      if (!text.isEmpty()) {
        layer.add(runnerKey, new RawValue(text, name));
      }
    } else {
      List<String> known =
          Stream.concat(
                  Stream.of(Option.values()).map(Option::variable), runnerKeys.keySet().stream())
              .toList();
      faults.add("unknown environment variable " + name + NearestName.hint("", name, known));
    }
  }

  /** {@code flinkMaster} is {@code CLICKLAKE_FLINK_MASTER}. */
  private static String variableOf(String key) {
    return Option.VARIABLE_PREFIX
        + key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }
}
