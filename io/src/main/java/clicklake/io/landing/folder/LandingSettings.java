package clicklake.io.landing.folder;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * Which files are read. A value that may be sent to workers.
 *
 * @param folder the landing folder: a path, {@code s3://bucket/folder}, or a URI of a file system
 *     known to Beam
 * @param pollEvery how often the continuous reader lists the folder
 * @param rangeBytes in rounds: files above this are cut, files below are put together up to this
 * @param strictFiles whether what cannot be read to its end stops the job; else it is named and
 *     passed over
 * @param storage properties of the client for {@code s3://}, as a lake's location has them. They
 *     may hold secrets, so that {@link #toString} leaves them out
 */
public record LandingSettings(
    String folder,
    Duration pollEvery,
    long rangeBytes,
    boolean strictFiles,
    Map<String, String> storage)
    implements Serializable {

  public LandingSettings {
    requireNonNull(folder, "folder");
    requireNonNull(pollEvery, "pollEvery");
    storage = Map.copyOf(storage);
    if (rangeBytes < 1) {
      throw new IllegalArgumentException("rangeBytes must be positive: " + rangeBytes);
    }
  }

  /**
   * Lists every two seconds, reads ranges of 64 MiB: where to cut a larger file takes a reading of
   * it before the round begins.
   */
  public static LandingSettings of(String folder) {
    return new LandingSettings(folder, Duration.ofSeconds(2), 64L << 20, false, Map.of());
  }

  public LandingSettings withPollEvery(Duration duration) {
    return new LandingSettings(folder, duration, rangeBytes, strictFiles, storage);
  }

  public LandingSettings withRangeBytes(long bytes) {
    return new LandingSettings(folder, pollEvery, bytes, strictFiles, storage);
  }

  public LandingSettings withStrictFiles(boolean strict) {
    return new LandingSettings(folder, pollEvery, rangeBytes, strict, storage);
  }

  public LandingSettings withStorage(Map<String, String> properties) {
    return new LandingSettings(folder, pollEvery, rangeBytes, strictFiles, properties);
  }

  @Override
  public String toString() {
    return folder;
  }
}
