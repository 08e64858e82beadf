package clicklake.soak;

import java.time.Duration;

/** What is measured, and how long; system properties {@code clicklake.soak.*} say otherwise. */
final class Measure {
  /** {@code clicklake.soak.minutes}: how long events come. */
  static final Duration DURATION =
      Duration.ofSeconds(Math.round(60 * Double.parseDouble(text("minutes", "10"))));

  /** {@code clicklake.soak.rate}: records per second. */
  static final int RATE = Integer.parseInt(text("rate", "5000"));

  /** {@code clicklake.soak.rateToStore}: records per second into a lake in an object store. */
  static final int RATE_TO_STORE = Integer.parseInt(text("rateToStore", "10000"));

  /** {@code clicklake.soak.storeDelay}: milliseconds before each request to that store. */
  static final Duration STORE_DELAY = Duration.ofMillis(Long.parseLong(text("storeDelay", "100")));

  /** {@code clicklake.soak.commitEvery}: as the job's option; empty for its default. */
  static final String COMMIT_EVERY = text("commitEvery", "");

  /** {@code clicklake.soak.heap}: of a job with enough memory. */
  static final String HEAP = text("heap", "1g");

  /** {@code clicklake.soak.littleHeap}: of a job with too little memory. */
  static final String LITTLE_HEAP = text("littleHeap", "640m");

  /** {@code clicklake.soak.waiting}: records that wait for a job with too little memory. */
  static final long WAITING = Long.parseLong(text("waiting", "2000000"));

  /** {@code clicklake.soak.commits}: of silver, in the measurement of a long log. */
  static final int COMMITS = Integer.parseInt(text("commits", "1000"));

  private Measure() {}

  private static String text(String name, String otherwise) {
    String given = System.getProperty("clicklake.soak." + name, "");
    return given.isBlank() ? otherwise : given;
  }
}
