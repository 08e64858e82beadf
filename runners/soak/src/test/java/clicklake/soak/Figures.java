package clicklake.soak;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Numbers, in order, and what stands at a share of them. */
final class Figures {
  private final double[] sorted;

  private Figures(double[] sorted) {
    this.sorted = sorted;
  }

  static Figures of(Collection<? extends Number> numbers) {
    double[] values = numbers.stream().mapToDouble(Number::doubleValue).toArray();
    Arrays.sort(values);
    return new Figures(values);
  }

  int count() {
    return sorted.length;
  }

  /** The smallest number that is at least as large as this share of all. */
  double at(double share) {
    if (sorted.length == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  double median() {
    return at(0.5);
  }

  double most() {
    return at(1);
  }

  double mean() {
    return Arrays.stream(sorted).average().orElseThrow();
  }

  /** Median, 99 of 100, and the largest. */
  String tails(String unit) {
    return String.format(
        Locale.ROOT, "p50 %.2f %s, p99 %.2f, max %.2f", median(), unit, at(0.99), most());
  }
}
