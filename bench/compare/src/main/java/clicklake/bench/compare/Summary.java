package clicklake.bench.compare;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Results as one Markdown table: medians of the repetitions, and of CPU the extremes. */
final class Summary {
  private static final String NONE = "–";

  private final List<Result> baseline;

  Summary(List<Result> baseline) {
    this.baseline = baseline;
  }

  private record Group(String source, long records) {}

  void print(List<Result> results, PrintStream out) {
    out.println(
        "| source | records | contestant | events/s | CPU µs/event | ÷ floor | ÷ flink | ÷ spark"
            + " | peak MB | tables MB | bronze / silver MB | load | CPU before |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    Map<Group, Map<String, List<Result>>> groups = new LinkedHashMap<>();
    for (Result result : results) {
      groups
          .computeIfAbsent(
              new Group(result.source(), result.records()), key -> new LinkedHashMap<>())
          .computeIfAbsent(result.contestant(), key -> new ArrayList<>())
          .add(result);
    }
    groups.forEach(
        (group, contestants) ->
            contestants.forEach((name, runs) -> out.println(row(group, name, runs, contestants))));
  }

  private String row(
      Group group, String name, List<Result> runs, Map<String, List<Result>> contestants) {
    List<Result> before =
        baseline.stream()
            .filter(
                result ->
                    result.contestant().equals(name)
                        && result.source().equals(group.source())
                        && result.records() == group.records())
            .toList();
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %s | %,.0f | %s | %s | %s | %s | %,.0f | %.0f | %.0f / %.0f | %.1f | %s |",
        group.source(),
        group.records(),
        name,
        median(runs, Result::recordsPerSecond),
        cpu(runs),
        ratio(runs, contestants.get(Contestant.FLOOR.text())),
        ratio(runs, contestants.get(Contestant.FLINK.text())),
        ratio(runs, contestants.get(Contestant.SPARK.text())),
        median(runs, Result::peakMb),
        median(runs, Result::megabytes),
        median(runs, result -> result.bronzeBytes() / 1e6),
        median(runs, result -> result.silverBytes() / 1e6),
        median(runs, Result::load),
        before.isEmpty() ? NONE : cpu(before));
  }

  private static String cpu(List<Result> runs) {
    double[] sorted = sorted(runs, Result::cpuMicrosPerRecord);
    double middle = median(runs, Result::cpuMicrosPerRecord);
    return sorted.length == 1
        ? String.format(Locale.ROOT, "%.1f", middle)
        : String.format(
            Locale.ROOT, "%.1f (%.1f–%.1f)", middle, sorted[0], sorted[sorted.length - 1]);
  }

  private static String ratio(List<Result> runs, @Nullable List<Result> to) {
    return to == null
        ? NONE
        : String.format(
            Locale.ROOT,
            "%.2f",
            median(runs, Result::cpuMicrosPerRecord) / median(to, Result::cpuMicrosPerRecord));
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
