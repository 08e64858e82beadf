package clicklake.bench.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Results as one Markdown table: medians of the repetitions, and of CPU the extremes. */
final class Summary {
  private static final String NONE = "–";

  private final List<Result> baseline;

  /**
   * @param baseline results of before, to be shown beside those of now
   */
  Summary(List<Result> baseline) {
    this.baseline = baseline;
  }

  /** What is the same in the repetitions of one row. */
  private record Row(String arrival, long records, String who) {
    static Row of(Result result) {
      return new Row(result.arrival(), result.records(), result.who());
    }
  }

  void print(List<Result> results, PrintStream out) {
    out.println(
        "| source | records | who | right | s | events/s | CPU µs/event | ÷ floor | ÷ flink"
            + " | ÷ spark | ÷ files | peak MB | MB written | bronze / silver | commits | load"
            + " | before: s, CPU µs, peak MB |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    Map<Row, List<Result>> rows = byRow(results);
    Map<Row, List<Result>> before = byRow(baseline);
    rows.forEach(
        (row, runs) -> out.println(line(row, runs, rows, before.getOrDefault(row, List.of()))));
  }

  private static Map<Row, List<Result>> byRow(List<Result> results) {
    Map<Row, List<Result>> rows = new LinkedHashMap<>();
    for (Result result : results) {
      rows.computeIfAbsent(Row.of(result), key -> new ArrayList<>()).add(result);
    }
    return rows;
  }

  private static String line(
      Row row, List<Result> runs, Map<Row, List<Result>> rows, List<Result> before) {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %s | %s | %.1f | %,.0f | %s | %s | %s | %s | %s | %,.0f | %.0f | %.0f / %.0f"
            + " | %s | %.1f | %s |",
        row.arrival,
        row.records,
        row.who,
        right(runs),
        median(runs, Result::seconds),
        median(runs, Result::recordsPerSecond),
        cpu(runs),
        ratio(runs, peer(Contestant.FLOOR, row, rows)),
        ratio(runs, peer(Contestant.FLINK, row, rows)),
        ratio(runs, peer(Contestant.SPARK, row, rows)),
        ratio(runs, rows.getOrDefault(new Row("files", row.records, row.who), List.of())),
        median(runs, Result::peakMb),
        median(runs, Result::megabytes),
        median(runs, result -> result.bronzeBytes() / 1e6),
        median(runs, result -> result.silverBytes() / 1e6),
        median(runs, Result::commits) == 0
            ? NONE
            : String.format(Locale.ROOT, "%,.0f", median(runs, Result::commits)),
        median(runs, Result::load),
        before.isEmpty() ? NONE : before(before));
  }

  private static String right(List<Result> runs) {
    long right = runs.stream().filter(result -> result.wrong().isEmpty()).count();
    return right == runs.size() ? "yes" : "NO: " + right + " of " + runs.size();
  }

  private static String before(List<Result> runs) {
    return String.format(
        Locale.ROOT,
        "%.1f, %.1f, %,.0f",
        median(runs, Result::seconds),
        median(runs, Result::cpuMicrosPerRecord),
        median(runs, Result::peakMb));
  }

  private static String cpu(List<Result> runs) {
    double[] sorted = sorted(runs, Result::cpuMicrosPerRecord);
    double middle = median(runs, Result::cpuMicrosPerRecord);
    return sorted.length == 1
        ? String.format(Locale.ROOT, "%.1f", middle)
        : String.format(
            Locale.ROOT, "%.1f (%.1f–%.1f)", middle, sorted[0], sorted[sorted.length - 1]);
  }

  /** A peer's runs on the same records; the last row of it, if it ran with several options. */
  private static List<Result> peer(Contestant peer, Row row, Map<Row, List<Result>> rows) {
    List<Result> found = List.of();
    for (Map.Entry<Row, List<Result>> other : rows.entrySet()) {
      if (other.getKey().arrival.equals(row.arrival)
          && other.getKey().records == row.records
          && other.getValue().get(0).contestant().equals(peer.text())) {
        found = other.getValue();
      }
    }
    return found;
  }

  private static String ratio(List<Result> runs, List<Result> others) {
    return others.isEmpty()
        ? NONE
        : String.format(
            Locale.ROOT,
            "%.2f",
            median(runs, Result::cpuMicrosPerRecord) / median(others, Result::cpuMicrosPerRecord));
  }

  static double median(List<Result> runs, ToDoubleFunction<Result> figure) {
    double[] sorted = sorted(runs, figure);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] sorted(List<Result> runs, ToDoubleFunction<Result> figure) {
    return runs.stream().mapToDouble(figure).sorted().toArray();
  }
}
