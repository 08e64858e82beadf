package clicklake.jobs;

import clicklake.io.kafka.KafkaRange;
import clicklake.io.kafka.KafkaSource;
import clicklake.io.landing.LandingRange;
import clicklake.io.landing.LandingSource;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Where a stream job reads from, in both ways of reading. */
interface StreamInput {

  /** Fails early if the source cannot be read. */
  void check();

  /** Positions whose records neither the source nor the lake has, by partition. */
  Map<SourcePartition, OffsetRanges> gaps();

  /**
   * A bounded read that begins when the one before has ended: only then is it known what the lake
   * lacks. Empty if by then it lacks nothing.
   */
  interface Round extends Supplier<Optional<PTransform<PBegin, PCollection<RawBatch>>>> {}

  /**
   * What is there now and not in the lake, as one bounded read after the other; each fits into
   * memory. Empty if there is nothing.
   */
  List<Round> rounds();

  /**
   * What is there now and not in the lake, as one bounded read after the other, for an engine that
   * holds little of a round at a time; empty if there is nothing.
   */
  List<Round> available();

  /** What is there and what comes, without end. */
  PTransform<PBegin, PCollection<RawBatch>> continuous();

  /** A landing folder. */
  record Landing(LandingSource source) implements StreamInput {
    private static final long BYTES_PER_ROUND = 512L << 20;

    /**
     * What the files of a round may take in a ledger, until it lets go of them after the round. A
     * ledger is part of every commit; readers cannot take one above 20 million characters, and we
     * refuse one above 10 million.
     */
    private static final long LEDGER_BYTES_PER_ROUND = 4 << 20;

    @Override
    public void check() {}

    /** None: a file that is gone was never promised. */
    @Override
    public Map<SourcePartition, OffsetRanges> gaps() {
      return Map.of();
    }

    @Override
    public List<Round> rounds() {
      return cut(source.plan(), LandingRange::bytes, shareOfMemory(BYTES_PER_ROUND, 3)).stream()
          .flatMap(part -> ofFewFiles(part).stream())
          .map(this::round)
          .toList();
    }

    @Override
    public List<Round> available() {
      return ofFewFiles(source.plan()).stream().map(this::round).toList();
    }

    private static List<List<LandingRange>> ofFewFiles(List<LandingRange> plan) {
      return cut(plan, LandingRange::ledgerBytes, LEDGER_BYTES_PER_ROUND);
    }

    private Round round(List<LandingRange> part) {
      return () ->
          Optional.of(source.renewed(part)).filter(rest -> !rest.isEmpty()).map(source::read);
    }

    @Override
    public PTransform<PBegin, PCollection<RawBatch>> continuous() {
      return source.continuous();
    }
  }

  /** A Kafka topic. */
  record Topic(KafkaSource source) implements StreamInput {
    private static final long OFFSETS_PER_ROUND = 2_000_000;

    /**
     * Heap that a record may take while its round lasts: with all that waits for a shuffle, and the
     * ids in the dedupe cache and in the committer, about 600 bytes were seen.
     */
    private static final long BYTES_PER_RECORD = 1024;

    @Override
    public void check() {
      source.check();
    }

    @Override
    public Map<SourcePartition, OffsetRanges> gaps() {
      return source.gaps();
    }

    @Override
    public List<Round> rounds() {
      return cut(
              source.plan(),
              range -> range.to() - range.from(),
              shareOfMemory(OFFSETS_PER_ROUND, BYTES_PER_RECORD))
          .stream()
          .map(this::round)
          .toList();
    }

    @Override
    public List<Round> available() {
      return Stream.of(source.plan()).filter(plan -> !plan.isEmpty()).map(this::round).toList();
    }

    private Round round(List<KafkaRange> part) {
      return () -> Optional.of(source.read(part));
    }

    @Override
    public PTransform<PBegin, PCollection<RawBatch>> continuous() {
      return source.continuous();
    }
  }

  /**
   * The weight of a round: {@code most}, or less where this process has little memory. (The workers
   * of a cluster are taken to have no less than the process that plans.)
   *
   * @param bytes heap that one unit of weight may take
   */
  static long shareOfMemory(long most, long bytes) {
    return Math.min(most, Runtime.getRuntime().maxMemory() / bytes);
  }

  /** Cuts a plan, in its order, into parts of about a weight; no part is empty. */
  static <R> List<List<R>> cut(List<R> plan, ToLongFunction<R> weightOf, long most) {
    List<List<R>> parts = new ArrayList<>();
    List<R> part = new ArrayList<>();
    long weight = 0;
    for (R range : plan) {
      long more = weightOf.applyAsLong(range);
      if (!part.isEmpty() && weight + more > most) {
        parts.add(part);
        part = new ArrayList<>();
        weight = 0;
      }
      part.add(range);
      weight += more;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
