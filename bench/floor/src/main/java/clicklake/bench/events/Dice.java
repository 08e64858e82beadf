package clicklake.bench.events;

import java.util.Arrays;

/** SplitMix64: fast, and the same numbers on every machine. */
final class Dice {
  private long state;

  Dice(long seed) {
    state = seed * 0x9E3779B97F4A7C15L + 1;
  }

  long next() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** From 0 up to 1. */
  double share() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  int below(int limit) {
    return (int) (share() * limit);
  }

  /** The place of a throw in the given cumulated shares. */
  int draw(double[] cumulated) {
    int place = Arrays.binarySearch(cumulated, share());
    return place < 0 ? Math.min(cumulated.length - 1, -place - 1) : place;
  }

  /** Cumulated shares by Zipf's law. */
  static double[] zipf(int size, double exponent) {
    double[] cumulated = new double[size];
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += 1 / Math.pow(i + 1, exponent);
      cumulated[i] = total;
    }
    for (int i = 0; i < size; i++) {
      cumulated[i] /= total;
    }
    return cumulated;
  }
}
