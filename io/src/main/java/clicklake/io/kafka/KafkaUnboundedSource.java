package clicklake.io.kafka;

import clicklake.io.source.BatchSource;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.io.source.Split;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** The topic as an endless source; partitions go to splits by their number. */
final class KafkaUnboundedSource extends BatchSource {
  private static final long serialVersionUID = 1L;

  private final KafkaSettings settings;

  KafkaUnboundedSource(KafkaSettings settings, ReadSettings reading, LakeCoverage lake) {
    this(settings, reading, lake, Split.whole("kafka"));
  }

  private KafkaUnboundedSource(
      KafkaSettings settings, ReadSettings reading, LakeCoverage lake, Split split) {
    super(reading, lake, split);
    this.settings = settings;
  }

  @Override
  protected BatchSource of(Split other) {
    return new KafkaUnboundedSource(settings, reading, lake, other);
  }

  @Override
  public UnboundedReader<RawBatch> createReader(
      PipelineOptions options, @Nullable ReaderCheckpoint checkpoint) {
    return new KafkaReader(this, settings, reading, tracker(), checkpoint);
  }
}
