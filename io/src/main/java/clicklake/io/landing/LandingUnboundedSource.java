package clicklake.io.landing;

import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.source.BatchSource;
import clicklake.io.source.InFlightTracker;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.io.source.Split;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The landing folder as an endless source; files go to splits by hash of their path. */
final class LandingUnboundedSource extends BatchSource {
  private static final long serialVersionUID = 1L;

  /**
   * Files found finished in bronze's rows, kept while readers come and go, for as long as the
   * split's tracker is in use.
   */
  private static final Map<InFlightTracker, Set<LandingFile>> DONE =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final LandingSettings settings;

  LandingUnboundedSource(LandingSettings settings, ReadSettings reading, LakeCoverage lake) {
    this(settings, reading, lake, Split.whole("landing"));
  }

  private LandingUnboundedSource(
      LandingSettings settings, ReadSettings reading, LakeCoverage lake, Split split) {
    super(reading, lake, split);
    this.settings = settings;
  }

  @Override
  protected BatchSource of(Split other) {
    return new LandingUnboundedSource(settings, reading, lake, other);
  }

  @Override
  public UnboundedReader<RawBatch> createReader(
      PipelineOptions options, @Nullable ReaderCheckpoint checkpoint) {
    InFlightTracker tracker = tracker();
    return new LandingReader(
        this,
        settings,
        reading,
        tracker,
        DONE.computeIfAbsent(tracker, first -> ConcurrentHashMap.newKeySet()),
        checkpoint);
  }
}
