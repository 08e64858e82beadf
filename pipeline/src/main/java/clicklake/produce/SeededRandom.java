package clicklake.produce;

/**
 * Chance that follows from a seed alone: SplitMix64, written out because the library's generators
 * do not promise the same numbers in every release, and plans promise the same bytes.
 */
final class SeededRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  SeededRandom(long seed) {
    state = mix(seed);
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** At least 0, below {@code bound}. */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  /** At least {@code from}, below {@code to}. */
  long between(long from, long to) {
    return from + (long) (unit() * (to - from));
  }

  /** At least 0, below 1. */
  double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  boolean chance(double share) {
    return unit() < share;
  }

  /** Exponentially distributed; from StrictMath, whose bits are the same on every machine. */
  long exponential(long mean) {
    return (long) (-StrictMath.log(1 - unit()) * mean);
  }

  <T> T pick(T[] from) {
    return from[below(from.length)];
  }

  /** A good hash of a number: one to one. */
  static long mix(long number) {
    long z = number + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
