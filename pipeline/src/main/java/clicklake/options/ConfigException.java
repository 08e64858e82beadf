package clicklake.options;

import java.util.List;

/**
 * The configuration is at fault, and the user can mend it: thrown before any topic, bucket or table
 * is touched. Its message has one line for every fault.
 */
public class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> faults;

  public ConfigException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  public ConfigException(String fault) {
    this(List.of(fault));
  }

  /**
   * Every fault, each one line that names the option, where its value came from, and the remedy.
   */
  public List<String> faults() {
    return faults;
  }
}
