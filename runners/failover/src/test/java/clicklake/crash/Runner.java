package clicklake.crash;

import clicklake.io.testing.ServiceClassPath;
import java.util.List;
import java.util.Locale;

/** A runner on which a life of a lake may go on. */
enum Runner {
  DIRECT("DirectRunner"),
  FLINK("FlinkRunner"),
  SPARK("SparkRunner");

  private final String option;

  Runner(String option) {
    this.option = option;
  }

  /** As {@code --runner} spells it. */
  String option() {
    return option;
  }

  /** Its module's folder in the project. */
  String module() {
    return "runners/" + folder();
  }

  /** The name of that folder. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The job's class path with this runner and no other. */
  String classPath() {
    return ServiceClassPath.ofRunner(folder());
  }

  /** The next in a circle of all. */
  Runner next() {
    return values()[(ordinal() + 1) % values().length];
  }

  /** Every order of the three. */
  static List<List<Runner>> orders() {
    return List.of(
        List.of(DIRECT, FLINK, SPARK),
        List.of(DIRECT, SPARK, FLINK),
        List.of(FLINK, DIRECT, SPARK),
        List.of(FLINK, SPARK, DIRECT),
        List.of(SPARK, DIRECT, FLINK),
        List.of(SPARK, FLINK, DIRECT));
  }
}
