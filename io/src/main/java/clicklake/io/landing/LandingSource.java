package clicklake.io.landing;

import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import clicklake.io.landing.folder.LandingFailures;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.PassedOver;
import clicklake.io.source.ReadContinuously;
import clicklake.io.source.ReadRanges;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads the files of a landing folder.
 *
 * <p>Each line is emitted at least once. Lines that the lake covers in both tables are not read
 * again, except for the rest of a block of lines. Each batch carries the exact range of lines that
 * it covers, and the last batch of a file is marked as the last. Blank lines have an offset. Files
 * are read in no order; in continuous mode the lines of a file come in order.
 *
 * <p>If a file is replaced or deleted before it was read to its end, reading stops there with a
 * warning, and the next listing decides. A file that cannot be read to its end (damaged, or not
 * readable) is named, counted and passed over, or with {@link LandingSettings#strictFiles()} fails
 * the job with {@link SourceException}; it is never taken for finished. Of a line above {@link
 * ReadSettings#maxKeptBytes()} the head is emitted, with its length and digest.
 *
 * <p>Objects at {@code s3://} are listed and read by the client that lakes use; other files that
 * are not local are found through Beam's file systems. {@code
 * FileSystems.setDefaultPipelineOptions} must be called before {@link #plan()}; creating a pipeline
 * does it.
 */
public final class LandingSource {
  private final LandingSettings settings;
  private final ReadSettings reading;
  private final LakeCoverage lake;

  /** Files found finished in bronze's rows by earlier plans: not looked up again. */
  private final Set<LandingFile> done = ConcurrentHashMap.newKeySet();

  /** Held, so that nothing is reported twice for as long as the job lasts. */
  private final PassedOver passedOver;

  private LandingSource(LandingSettings settings, ReadSettings reading, LakeCoverage lake) {
    this.settings = requireNonNull(settings, "settings");
    this.reading = requireNonNull(reading, "reading");
    this.lake = requireNonNull(lake, "lake");
    this.passedOver = PassedOver.in(settings.folder());
  }

  public static LandingSource of(
      LandingSettings settings, ReadSettings reading, LakeCoverage lake) {
    return new LandingSource(settings, reading, lake);
  }

  /**
   * Lists what is there now and not finished in the lake, cut into ranges for one round; empty if
   * there is nothing to do.
   *
   * @throws SourceException if the folder cannot be listed
   */
  public List<LandingRange> plan() {
    LandingFolder folder = LandingFolder.of(settings);
    try {
      return LandingRangePlan.of(folder, settings, passedOver, lake, done);
    } catch (IOException failure) {
      throw LandingFailures.notListed(folder, failure);
    }
  }

  /**
   * The same part of a plan, as it must be read now. The lake may have advanced between two rounds:
   * files may be finished, and new files must be looked up after finished ones were last retired
   * from the ledgers.
   *
   * @throws SourceException if the lake cannot be asked
   */
  public List<LandingRange> renewed(List<LandingRange> ranges) {
    return LandingRangePlan.renewed(ranges, lake, done);
  }

  /** Reads a plan: bounded, on any runner. Elements carry the lowest timestamp. */
  public PTransform<PBegin, PCollection<RawBatch>> read(List<LandingRange> plan) {
    return new ReadRanges<>(plan, LandingRangeCoder.of(), new LandingRangeFn(settings, reading));
  }

  /**
   * Reads without end.
   *
   * @throws SourceException if there is no such folder
   */
  public PTransform<PBegin, PCollection<RawBatch>> continuous() {
    return new ReadContinuously("ReadLanding", new LandingUnboundedSource(settings, reading, lake));
  }
}
