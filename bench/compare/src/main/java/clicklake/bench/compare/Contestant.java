package clicklake.bench.compare;

import java.util.Locale;

/** Who is compared. */
enum Contestant {
  FLOOR("", "3g", "parquet"),
  FLINK("", "4g", "parquet"),
  SPARK("", "6g", "delta"),
  CLICKLAKE_FLINK("FlinkRunner", "", ""),
  CLICKLAKE_SPARK("SparkRunner", "", ""),
  CLICKLAKE_DIRECT("DirectRunner", "", "");

  private final String runner;
  private final String heap;
  private final String format;

  Contestant(String runner, String heap, String format) {
    this.runner = runner;
    this.heap = heap;
    this.format = format;
  }

  /** The name on the command line and in results. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean isClicklake() {
    return !runner.isEmpty();
  }

  /** Beam's name of Clicklake's runner. */
  String runner() {
    return runner;
  }

  /** A peer's heap, as {@code -Xmx} takes it. */
  String heap() {
    return heap;
  }

  /** What a peer's tables are: {@code parquet} or {@code delta}. */
  String format() {
    return format;
  }
}
