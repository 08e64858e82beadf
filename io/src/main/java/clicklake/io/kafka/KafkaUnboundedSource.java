package clicklake.io.kafka;

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
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The topic as an endless source; partitions go to splits by their number. */
final class KafkaUnboundedSource extends UnboundedSource<RawBatch, Mark> {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final KafkaSettings settings;
  private final ReadSettings reading;
  private final LakeCoverage lake;
  private final int split;
  private final int splits;

  KafkaUnboundedSource(KafkaSettings settings, ReadSettings reading, LakeCoverage lake) {
    this(SourceIds.next("kafka"), settings, reading, lake, 0, 1);
  }

  private KafkaUnboundedSource(
      String id,
      KafkaSettings settings,
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
  public List<KafkaUnboundedSource> split(int desired, PipelineOptions options) {
    List<KafkaUnboundedSource> all = new ArrayList<>();
    for (int i = 0; i < Math.max(1, desired); i++) {
      all.add(new KafkaUnboundedSource(id, settings, reading, lake, i, Math.max(1, desired)));
    }
    return all;
  }

  /** Whether the partition is this split's. */
  boolean owns(int partition) {
    return partition % splits == split;
  }

  @Override
  public UnboundedReader<RawBatch> createReader(PipelineOptions options, @Nullable Mark mark) {
    return new KafkaReader(
        this,
        settings,
        reading,
        LakeWatch.of(id + "/" + split + "/" + splits, lake, reading),
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
