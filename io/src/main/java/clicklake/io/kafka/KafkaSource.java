package clicklake.io.kafka;

import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import clicklake.io.source.ReadContinuously;
import clicklake.io.source.ReadRanges;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads a Kafka topic: committed records only, each at least once.
 *
 * <p>Reading starts at the lake's {@code next} of each partition, or at the broker's beginning for
 * a partition that the lake does not know. There is no consumer group, and no offset is kept in
 * Kafka. Each batch carries the exact offset range that it covers, including offsets without a
 * record. In continuous mode the batches of a partition come in order. The job stops with {@link
 * SourceException} if the topic is not the one that the lake knows, or if records are gone that the
 * lake does not have. Records that bronze holds, silver has not decided and the broker no longer
 * has are taken from bronze.
 */
public final class KafkaSource {
  private final KafkaSettings settings;
  private final ReadSettings reading;
  private final LakeCoverage lake;

  private KafkaSource(KafkaSettings settings, ReadSettings reading, LakeCoverage lake) {
    this.settings = requireNonNull(settings, "settings");
    this.reading = requireNonNull(reading, "reading");
    this.lake = requireNonNull(lake, "lake");
  }

  public static KafkaSource of(KafkaSettings settings, ReadSettings reading, LakeCoverage lake) {
    return new KafkaSource(settings, reading, lake);
  }

  /**
   * Asks the broker for the topic and compares it with the lake, before a pipeline is started.
   *
   * @throws SourceException if the broker does not answer, has no such topic, or another than the
   *     one that the lake knows
   */
  public void check() {
    KafkaTopic.known(settings, lake);
  }

  /**
   * The positions that retention removed before the lake had them, by partition: their records are
   * lost, and reading stops at them. Empty if there are none.
   *
   * @throws SourceException as {@link #check()}
   */
  public Map<SourcePartition, OffsetRanges> gaps() {
    return KafkaGaps.of(settings, lake);
  }

  /**
   * Cuts what the topic holds now and the lake does not cover into ranges for one round; empty if
   * there is nothing to do.
   *
   * @throws SourceException as {@link #check()}, and if records are gone
   */
  public List<KafkaRange> plan() {
    return KafkaRangePlan.of(settings, lake);
  }

  /** Reads a plan: bounded, on any runner. Elements carry the lowest timestamp. */
  public PTransform<PBegin, PCollection<RawBatch>> read(List<KafkaRange> plan) {
    return new ReadRanges<>(plan, KafkaRangeCoder.of(), new KafkaRangeFn(settings, reading, lake));
  }

  /** Reads without end; includes partitions that are added while it runs. */
  public PTransform<PBegin, PCollection<RawBatch>> continuous() {
    return new ReadContinuously("ReadKafka", new KafkaUnboundedSource(settings, reading, lake));
  }
}
