package clicklake.options.read;

import clicklake.options.Option;
import clicklake.options.value.RawValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one place says, or several merged: values of our options and of the runner's, and, if it is
 * a runner's resource, of the runner's profile.
 */
final class ConfigSource {
  private final Map<Option, RawValue> options = new EnumMap<>(Option.class);
  private final Map<String, List<RawValue>> runnerOptions = new TreeMap<>();

  private final Map<String, RawValue> profile = new TreeMap<>();

  Map<Option, RawValue> options() {
    return Collections.unmodifiableMap(options);
  }

  Map<String, List<RawValue>> runnerOptions() {
    return Collections.unmodifiableMap(runnerOptions);
  }

  /** By keys without the profile's prefix. */
  Map<String, RawValue> profile() {
    return Collections.unmodifiableMap(profile);
  }

  boolean has(Option option) {
    return options.containsKey(option);
  }

  boolean has(String runnerOption) {
    return runnerOptions.containsKey(runnerOption);
  }

  void put(Option option, RawValue value) {
    options.put(option, value);
  }

  void add(String runnerOption, RawValue value) {
    runnerOptions.computeIfAbsent(runnerOption, key -> new ArrayList<>()).add(value);
  }

  void putProfile(String key, RawValue value) {
    profile.put(key, value);
  }

  /** Takes everything of a layer of higher rank; a list replaces a list. */
  void override(ConfigSource higher) {
    options.putAll(higher.options);
    runnerOptions.putAll(higher.runnerOptions);
    profile.putAll(higher.profile);
  }
}
