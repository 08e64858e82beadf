package clicklake.io.landing;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * Which files are read.
 *
 * @param folder the landing folder: a path, or a URI of a file system known to Beam ({@code
 *     s3://bucket/folder})
 * @param pollEvery how often the continuous reader lists the folder
 * @param rangeBytes in rounds: files above this are cut, files below are put together up to this
 * @param strictFiles whether what cannot be read to its end stops the job; else it is named and
 *     passed over
 */
public record LandingSettings(
    String folder, Duration pollEvery, long rangeBytes, boolean strictFiles)
    implements Serializable {

  public LandingSettings {
    requireNonNull(folder, "folder");
    requireNonNull(pollEvery, "pollEvery");
    if (rangeBytes < 1) {
      throw new IllegalArgumentException("rangeBytes must be positive: " + rangeBytes);
    }
  }

  /**
   * Lists every two seconds, reads ranges of 64 MiB: where to cut a larger file takes a reading of
   * it before the round begins.
   */
  public static LandingSettings of(String folder) {
    return new LandingSettings(folder, Duration.ofSeconds(2), 64L << 20, false);
  }

  public LandingSettings withPollEvery(Duration duration) {
    return new LandingSettings(folder, duration, rangeBytes, strictFiles);
  }

  public LandingSettings withRangeBytes(long bytes) {
    return new LandingSettings(folder, pollEvery, bytes, strictFiles);
  }

  public LandingSettings withStrictFiles(boolean strict) {
    return new LandingSettings(folder, pollEvery, rangeBytes, strict);
  }
}
