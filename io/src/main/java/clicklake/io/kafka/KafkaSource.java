package clicklake.io.kafka;

import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads a Kafka topic: committed records only, each at least once.
 *
 * <p>Reading starts at the lake's {@code next} of each partition, for a partition that the lake
 * does not know at the broker's beginning; no consumer group is used and no offset kept in Kafka.
 * Every batch says exactly which offsets it covers, those without a record included. Batches of a
 * partition come in order in continuous mode. The job stops with {@link SourceException} when the
 * topic is not the one the lake knows, or records are gone that the lake has not got. Records that
 * bronze holds, silver has not decided and the broker no longer has are taken from bronze.
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
   * The positions that retention removed before the lake had them, by partition: nobody has their
   * records, and reading stops at them. Empty if there are none.
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
    return new ReadRanges(settings, reading, lake, List.copyOf(plan));
  }

  /** Reads what is there and what comes, without end; picks up partitions added meanwhile. */
  public PTransform<PBegin, PCollection<RawBatch>> continuous() {
    return new ReadContinuously(new KafkaUnboundedSource(settings, reading, lake));
  }

  private static final class ReadRanges extends PTransform<PBegin, PCollection<RawBatch>> {
    private static final long serialVersionUID = 1L;
    private final KafkaSettings settings;
    private final ReadSettings reading;
    private final LakeCoverage lake;
    private final transient List<KafkaRange> plan;

    ReadRanges(
        KafkaSettings settings, ReadSettings reading, LakeCoverage lake, List<KafkaRange> plan) {
      this.settings = settings;
      this.reading = reading;
      this.lake = lake;
      this.plan = plan;
    }

    @Override
    public PCollection<RawBatch> expand(PBegin input) {
      return input
          .apply("PlannedRanges", Create.of(plan).withCoder(KafkaRangeCoder.of()))
          .apply("SpreadRanges", Reshuffle.viaRandomKey())
          .apply("ReadRanges", ParDo.of(new ReadRangeFn(settings, reading, lake)))
          .setCoder(RawBatchCoder.of());
    }
  }

  private static final class ReadContinuously extends PTransform<PBegin, PCollection<RawBatch>> {
    private static final long serialVersionUID = 1L;
    private final KafkaUnboundedSource source;

    ReadContinuously(KafkaUnboundedSource source) {
      this.source = source;
    }

    @Override
    public PCollection<RawBatch> expand(PBegin input) {
      return input.apply("ReadKafka", Read.from(source)).setCoder(RawBatchCoder.of());
    }
  }
}
