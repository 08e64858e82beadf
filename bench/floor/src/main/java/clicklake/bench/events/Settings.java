package clicklake.bench.events;

import java.util.Map;
import java.util.TreeMap;

/** A peer's {@code key=value} arguments over its defaults; an unknown key is an error. */
public record Settings(Map<String, String> values) {
  public static Settings of(Map<String, String> defaults, String[] args, int from) {
    Map<String, String> values = new TreeMap<>(defaults);
    for (int i = from; i < args.length; i++) {
      String[] pair = args[i].split("=", 2);
      if (pair.length != 2 || !defaults.containsKey(pair[0])) {
        throw new IllegalArgumentException(
            "settings are key=value with a key of " + defaults.keySet() + ", not " + args[i]);
      }
      values.put(pair[0], pair[1]);
    }
    return new Settings(values);
  }

  public String text(String key) {
    return values.get(key);
  }

  public int number(String key) {
    return Integer.parseInt(values.get(key));
  }
}
