package clicklake.produce;

/**
 * A simulated user, standing where the next click happens. What never changes about a user follows
 * from {@link #traits}.
 */
final class Shopper implements Comparable<Shopper> {
  static final int PRODUCTS = 5_000;

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** Longer than the gap that ends a session. */
  static final long LEAST_PAUSE = 31 * MINUTE;

  /** What is usual, on average, beyond the least. */
  static final long MEAN_PAUSE = 6 * HOUR;

  private final int number;
  private final long traits;
  private long time;
  private Step step;
  private boolean entering = true;
  private int session;
  private int product;
  private final double pauseFactor;

  /**
   * Makes one who comes some hours after the start.
   *
   * @param start in microseconds since 1970
   * @param pauseFactor factor by which pauses before and between visits are longer than usual
   */
  Shopper(int number, long seed, long start, double pauseFactor, SeededRandom dice) {
    this.number = number;
    this.traits = SeededRandom.mix(SeededRandom.mix(seed) + number);
    this.pauseFactor = pauseFactor;
    this.time = start + (long) (dice.between(0, MEAN_PAUSE) * pauseFactor);
    this.step = Step.LEAVE.next(dice);
    this.product = popularProduct(dice);
  }

  int number() {
    return number;
  }

  /** 64 bits from which everything lasting is derived: device, country, client. */
  long traits() {
    return traits;
  }

  /** The contract's version that the shopper's client speaks. */
  int version() {
    return (traits & 7) < 3 ? 1 : 2;
  }

  /** When the next click happens, in microseconds since 1970. */
  long time() {
    return time;
  }

  Step step() {
    return step;
  }

  /** Whether the next click is the first of its session. */
  boolean entering() {
    return entering;
  }

  /** The session's number, from 0. */
  int session() {
    return session;
  }

  /** What is looked at or bought, below {@link #PRODUCTS}. */
  int product() {
    return product;
  }

  /** Goes on to where the click after the next one happens. */
  void move(SeededRandom dice) {
    Step ahead = step.next(dice);
    if (version() == 1 && ahead == Step.LOGIN) {
      // The older client knows neither login nor logout.
      ahead = Step.SEARCH;
    }
    entering = ahead == Step.LEAVE || (version() == 1 && ahead == Step.LOGOUT);
    if (entering) {
      session++;
      step = Step.LEAVE.next(dice);
      time += LEAST_PAUSE + (long) (dice.exponential(MEAN_PAUSE) * pauseFactor);
    } else {
      step = ahead;
      time += SECOND + Math.min(10 * MINUTE, dice.exponential(20 * SECOND));
    }
    if (step == Step.PRODUCT) {
      product = popularProduct(dice);
    }
  }

  /** Few products are looked at often, many seldom. */
  private static int popularProduct(SeededRandom dice) {
    double place = dice.unit();
    return (int) (place * place * place * PRODUCTS);
  }

  @Override
  public int compareTo(Shopper other) {
    int byTime = Long.compare(time, other.time);
    return byTime != 0 ? byTime : Integer.compare(number, other.number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shopper shopper && shopper.number == number && shopper.time == time;
  }

  @Override
  public int hashCode() {
    return 31 * number + Long.hashCode(time);
  }
}
