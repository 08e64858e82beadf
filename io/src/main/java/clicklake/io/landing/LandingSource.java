package clicklake.io.landing;

import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
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
 * <p>Each line is handed out at least once; what the lake covers in both tables is not read again,
 * but for the rest of a line block. Every batch says exactly which lines it covers, and the last of
 * a file says that it is the last. Blank lines have a number. No order is kept between files; lines
 * of a file come in order in continuous mode. A file that is replaced or deleted between listing
 * and the end of its reading is left there with a warning, and the next listing decides. What
 * cannot be read to its end (a damaged compressed file, one that may not be opened) is named,
 * counted and passed over, or with {@link LandingSettings#strictFiles()} fails the job with {@link
 * SourceException}; it is never taken for finished. Of a line above {@link
 * ReadSettings#maxKeptBytes()} the head is handed out, with its length and digest.
 *
 * <p>Files that are not local are found through Beam's file systems: before {@link #plan()} is
 * called on them, {@code FileSystems.setDefaultPipelineOptions} must have been (creating a pipeline
 * does it).
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
    LandingFolder folder = LandingFolder.of(settings.folder());
    try {
      return LandingRangePlan.of(folder, settings, passedOver, lake, done);
    } catch (IOException failure) {
      throw LandingFailures.notListed(folder, failure);
    }
  }

  /**
   * A part of a plan as it has to be read now. The lake goes on between two rounds: files may be
   * finished since, and new ones must have been looked up after the ledgers last let go of some.
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
   * Reads what is there and what comes, without end.
   *
   * @throws SourceException if there is no such folder
   */
  public PTransform<PBegin, PCollection<RawBatch>> continuous() {
    return new ReadContinuously("ReadLanding", new LandingUnboundedSource(settings, reading, lake));
  }
}
