package clicklake.options;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one place says, or several merged: values of our options and of the runner's. */
final class Layer {
  private final Map<Option, Given> options = new EnumMap<>(Option.class);
  private final Map<String, List<Given>> runnerOptions = new TreeMap<>();

  Map<Option, Given> options() {
    return Collections.unmodifiableMap(options);
  }

  Map<String, List<Given>> runnerOptions() {
    return Collections.unmodifiableMap(runnerOptions);
  }

  boolean has(Option option) {
    return options.containsKey(option);
  }

  boolean has(String runnerOption) {
    return runnerOptions.containsKey(runnerOption);
  }

  void put(Option option, Given value) {
    options.put(option, value);
  }

  void add(String runnerOption, Given value) {
    runnerOptions.computeIfAbsent(runnerOption, key -> new ArrayList<>()).add(value);
  }

  /** Takes everything of a layer of higher rank; a list replaces a list. */
  void override(Layer higher) {
    options.putAll(higher.options);
    runnerOptions.putAll(higher.runnerOptions);
  }
}
