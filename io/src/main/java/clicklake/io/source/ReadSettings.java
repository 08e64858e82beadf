package clicklake.io.source;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;

/**
 * How a source makes batches and how far it may run ahead of the lake.
 *
 * @param batchBytes a batch is emitted when it has this many bytes; one record may exceed it
 * @param linger in continuous mode a batch with fewer bytes is emitted after this time
 * @param coverageEvery how often a continuous reader asks what the lake covers
 * @param rereadAfter a reader goes back to the lake's {@code next} when that has stood still below
 *     it for so long
 * @param maxInFlightBytes a continuous reader pauses while more bytes than this are handed out but
 *     not covered by the lake
 * @param maxKeptBytes of a longer record only the first {@link #headBytes()} are kept
 * @param clock the time that all of these are measured by; must be serializable, as the clocks of
 *     {@link Clock} itself are
 */
public record ReadSettings(
    int batchBytes,
    Duration linger,
    Duration coverageEvery,
    Duration rereadAfter,
    long maxInFlightBytes,
    int maxKeptBytes,
    Clock clock)
    implements Serializable {

  private static final int MAX_HEAD_BYTES = 1 << 20;

  public static final ReadSettings DEFAULT =
      new ReadSettings(
          1 << 20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMinutes(10),
          256L << 20,
          32 << 20,
          Clock.systemUTC());

  public ReadSettings {
    requireNonNull(linger, "linger");
    requireNonNull(coverageEvery, "coverageEvery");
    requireNonNull(rereadAfter, "rereadAfter");
    requireNonNull(clock, "clock");
    requirePositive("batchBytes", batchBytes);
    requirePositive("maxInFlightBytes", maxInFlightBytes);
    requirePositive("maxKeptBytes", maxKeptBytes);
  }

  private static void requirePositive(String name, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(name + " must be positive: " + bytes);
    }
  }

  public ReadSettings withBatchBytes(int bytes) {
    return new ReadSettings(
        bytes, linger, coverageEvery, rereadAfter, maxInFlightBytes, maxKeptBytes, clock);
  }

  public ReadSettings withLinger(Duration duration) {
    return new ReadSettings(
        batchBytes, duration, coverageEvery, rereadAfter, maxInFlightBytes, maxKeptBytes, clock);
  }

  public ReadSettings withCoverageEvery(Duration duration) {
    return new ReadSettings(
        batchBytes, linger, duration, rereadAfter, maxInFlightBytes, maxKeptBytes, clock);
  }

  public ReadSettings withRereadAfter(Duration duration) {
    return new ReadSettings(
        batchBytes, linger, coverageEvery, duration, maxInFlightBytes, maxKeptBytes, clock);
  }

  public ReadSettings withMaxInFlightBytes(long bytes) {
    return new ReadSettings(
        batchBytes, linger, coverageEvery, rereadAfter, bytes, maxKeptBytes, clock);
  }

  public ReadSettings withMaxKeptBytes(int bytes) {
    return new ReadSettings(
        batchBytes, linger, coverageEvery, rereadAfter, maxInFlightBytes, bytes, clock);
  }

  /** How much is kept of a record that is not kept whole. */
  public int headBytes() {
    return Math.min(MAX_HEAD_BYTES, maxKeptBytes);
  }

  public ReadSettings withClock(Clock value) {
    return new ReadSettings(
        batchBytes, linger, coverageEvery, rereadAfter, maxInFlightBytes, maxKeptBytes, value);
  }
}
