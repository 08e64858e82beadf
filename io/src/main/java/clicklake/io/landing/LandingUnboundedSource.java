package clicklake.io.landing;

import clicklake.io.source.LakeWatch;
import clicklake.io.source.Mark;
import clicklake.io.source.MarkCoder;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.SourceIds;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import clicklake.schemas.lake.LakeCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The landing folder as an endless source; files go to splits by hash of their path. */
final class LandingUnboundedSource extends UnboundedSource<RawBatch, Mark> {
  private static final long serialVersionUID = 1L;

  /** Per split, files found finished in bronze's rows; kept while readers come and go. */
  private static final Map<String, Set<LandingFile>> DONE = new ConcurrentHashMap<>();

  private final String id;
  private final LandingSettings settings;
  private final ReadSettings reading;
  private final LakeCoverage lake;
  private final int split;
  private final int splits;

  LandingUnboundedSource(LandingSettings settings, ReadSettings reading, LakeCoverage lake) {
    this(SourceIds.next("landing"), settings, reading, lake, 0, 1);
  }

  private LandingUnboundedSource(
      String id,
      LandingSettings settings,
      ReadSettings reading,
      LakeCoverage lake,
      int split,
      int splits) {
    this.id = id;
    this.settings = settings;
    this.reading = reading;
    this.lake = lake;
    this.split = split;
    this.splits = splits;
  }

  @Override
  public List<LandingUnboundedSource> split(int desired, PipelineOptions options) {
    List<LandingUnboundedSource> all = new ArrayList<>();
    for (int i = 0; i < Math.max(1, desired); i++) {
      all.add(new LandingUnboundedSource(id, settings, reading, lake, i, Math.max(1, desired)));
    }
    return all;
  }

  /** Whether the files at this path are this split's. */
  boolean owns(String path) {
    return Math.floorMod(path.hashCode(), splits) == split;
  }

  @Override
  public UnboundedReader<RawBatch> createReader(PipelineOptions options, @Nullable Mark mark) {
    String name = id + "/" + split + "/" + splits;
    return new LandingReader(
        this,
        settings,
        reading,
        lake,
        LakeWatch.of(name, lake, reading),
        DONE.computeIfAbsent(name, first -> ConcurrentHashMap.newKeySet()),
        mark);
  }

  @Override
  public Coder<Mark> getCheckpointMarkCoder() {
    return MarkCoder.of();
  }

  @Override
  public Coder<RawBatch> getOutputCoder() {
    return RawBatchCoder.of();
  }
}
