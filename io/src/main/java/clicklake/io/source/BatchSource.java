package clicklake.io.source;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import clicklake.schemas.lake.LakeCoverage;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** An endless source of batches, in splits that share nothing. */
public abstract class BatchSource extends UnboundedSource<RawBatch, ReaderCheckpoint> {
  private static final long serialVersionUID = 1L;

  protected final ReadSettings reading;
  protected final LakeCoverage lake;
  private final Split split;

  protected BatchSource(ReadSettings reading, LakeCoverage lake, Split split) {
    this.reading = reading;
    this.lake = lake;
    this.split = split;
  }

  /** The same source, reading what belongs to another of its splits. */
  protected abstract BatchSource of(Split other);

  /** What this split has in flight, shared by all its readers in this process. */
  protected final InFlightTracker tracker() {
    return InFlightTracker.of(split.toString(), lake, reading);
  }

  /** Whether this split reads a partition, by its number or the hash of its name. */
  public final boolean owns(int partition) {
    return split.owns(partition);
  }

  @Override
  public final List<BatchSource> split(int desired, PipelineOptions options) {
    return split.into(Math.max(1, desired)).map(this::of).toList();
  }

  @Override
  public abstract UnboundedReader<RawBatch> createReader(
      PipelineOptions options, @Nullable ReaderCheckpoint checkpoint);

  @Override
  public final Coder<ReaderCheckpoint> getCheckpointMarkCoder() {
    return ReaderCheckpointCoder.of();
  }

  @Override
  public final Coder<RawBatch> getOutputCoder() {
    return RawBatchCoder.of();
  }
}
