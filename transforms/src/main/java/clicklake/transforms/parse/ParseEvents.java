package clicklake.transforms.parse;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.ShardElement;
import clicklake.schemas.batch.ShardElementCoder;
import clicklake.schemas.batch.ShardKey;
import clicklake.schemas.batch.ShardKeyCoder;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every record as received and parses it: one pass over the bytes.
 *
 * <p>Records that bronze does not cover are written to bronze's files. Of the records that silver
 * does not cover, valid events are emitted by shard, in batches; the others are written to files of
 * rejects. A bundle's files are proposed when it ends, under a key of their own. They also cover
 * positions without a record (holes, blank lines), and the end of a landing file. Stateless: a
 * bundle that is repeated proposes other files with the same positions, of which the committer
 * takes one.
 *
 * <p>Records, bytes, events, rejects by reason, and events whose record claims to have arrived
 * before the year 2000 are counted: see {@link clicklake.transforms.TransformCounters}.
 */
public final class ParseEvents
    extends PTransform<PCollection<RawBatch>, PCollection<KV<ShardKey, ShardElement>>> {
  private static final long serialVersionUID = 1L;

  private final ParserSettings settings;
  private final int shards;
  private final LakeWriters writers;

  /**
   * @param shards into how many shards events are divided, by id
   */
  public ParseEvents(ParserSettings settings, int shards, LakeWriters writers) {
    this.settings = settings;
    this.shards = shards;
    this.writers = writers;
  }

  @Override
  public PCollection<KV<ShardKey, ShardElement>> expand(PCollection<RawBatch> batches) {
    return batches
        .apply("ParseRecords", ParDo.of(new ParseFn(settings, shards, writers)))
        .setCoder(KvCoder.of(ShardKeyCoder.of(), ShardElementCoder.of()));
  }

  private static final class ParseFn extends DoFn<RawBatch, KV<ShardKey, ShardElement>> {
    private static final long serialVersionUID = 1L;

    private final ParserSettings settings;
    private final int shards;
    private final LakeWriters writers;
    private transient @Nullable EventParser parser;
    private transient @Nullable Bundle bundle;

    ParseFn(ParserSettings settings, int shards, LakeWriters writers) {
      this.settings = settings;
      this.shards = shards;
      this.writers = writers;
    }

    @StartBundle
    public void startBundle() {
      abandon();
    }

    @ProcessElement
    public void process(
        @Element RawBatch batch, OutputReceiver<KV<ShardKey, ShardElement>> output) {
      if (parser == null) {
        parser = new EventParser(settings);
      }
      if (bundle == null) {
        bundle = new Bundle(parser, shards, writers);
      }
      bundle.add(batch, (key, events) -> output.output(KV.of(key, events)));
      bundle.counts().report();
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      if (bundle == null) {
        return;
      }
      try (Bundle finishing = bundle) {
        bundle = null;
        finishing.finish(
            (key, element) ->
                context.output(
                    KV.of(key, element), BoundedWindow.TIMESTAMP_MIN_VALUE, GlobalWindow.INSTANCE));
      }
    }

    @Teardown
    public void abandon() {
      if (bundle != null) {
        bundle.close();
        bundle = null;
      }
    }
  }

  /** The work of one bundle; needs no pipeline. */
  static final class Bundle implements AutoCloseable {
    /** Events of one shard are emitted in batches of about this size. */
    private static final int FLUSH_BYTES = 64 << 10;

    private final EventParser parser;
    private final LakeWriters.Records records;
    private final LakeWriters.Rejects rejects;
    private final EventBatch.Builder[] shards;

    private final ParseCounts counts = new ParseCounts();

    /** Positions that this bundle has seen: after a reader went back, they may come again. */
    private final Map<SourcePartition, OffsetRanges> seen = new HashMap<>();

    Bundle(EventParser parser, int shards, LakeWriters writers) {
      this.parser = parser;
      this.records = writers.openRecords();
      this.rejects = writers.openRejects();
      this.shards = new EventBatch.Builder[shards];
      for (int i = 0; i < shards; i++) {
        this.shards[i] = new EventBatch.Builder(FLUSH_BYTES + (FLUSH_BYTES >> 2));
      }
    }

    /** What was parsed since it was last reported. */
    ParseCounts counts() {
      return counts;
    }

    void add(RawBatch batch, BiConsumer<ShardKey, EventBatch> output) {
      SourcePartition partition = batch.partition();
      OffsetRanges before = seen.getOrDefault(partition, OffsetRanges.empty());
      OffsetRanges run = OffsetRanges.of(batch.from(), batch.to());
      OffsetRanges inBronze = batch.bronzeCovered().union(before.intersection(run));
      OffsetRanges inSilver = batch.silverCovered().union(before.intersection(run));
      seen.put(partition, before.union(run));
      OffsetRanges.Builder withoutRecord = OffsetRanges.builder();
      OffsetRanges.Builder withoutEvent = OffsetRanges.builder();
      long recordEnd = batch.from();
      long eventEnd = batch.from();
      for (RawBatch.Cursor record = batch.cursor(); record.next(); ) {
        long offset = record.offset();
        counts.record(record.valueLength());
        withoutRecord.add(recordEnd, offset);
        recordEnd = offset + 1;
        if (inBronze.isEmpty() || !inBronze.contains(offset)) {
          records.write(partition, record);
        }
        if (!inSilver.isEmpty() && inSilver.contains(offset)) {
          continue;
        }
        withoutEvent.add(eventEnd, offset);
        eventEnd = offset + 1;
        if (record.headOnly()) {
          // Never parsed: a head may well be an event, and the record still is none.
          reject(partition, record, headOnly(record));
        } else if (parser.parse(
            record.bytes(), record.valueStart(), record.valueLength(), record.arrivalMillis())) {
          EventRow event = parser.event();
          int shard = EventBatch.shardOf(event.idHigh(), event.idLow(), shards.length);
          EventBatch.Builder builder = shards[shard];
          builder.add(event, partition, offset, record.arrivalMillis());
          counts.event();
          if (!EventParser.isPlausible(record.arrivalMillis())) {
            counts.implausibleArrival();
            ImplausibleArrivals.report(partition, offset, record.arrivalMillis());
          }
          if (builder.size() >= FLUSH_BYTES) {
            output.accept(ShardKey.ofShard(shard), builder.build());
            builder.clear();
          }
        } else {
          reject(partition, record, parser.reject());
        }
      }
      withoutRecord.add(recordEnd, batch.to());
      withoutEvent.add(eventEnd, batch.to());
      records.seen(batch.seenVersion());
      records.cover(partition, withoutRecord.build().minus(inBronze));
      rejects.cover(partition, withoutEvent.build().minus(inSilver));
      if (batch.last()) {
        records.end(partition, batch.to());
        rejects.end(partition, batch.to());
      }
    }

    private void reject(SourcePartition partition, RawBatch.Cursor record, Reject reject) {
      rejects.write(partition, record, reject);
      counts.reject(reject.reason());
    }

    private static Reject headOnly(RawBatch.Cursor record) {
      String detail =
          new RejectDetail()
              .headOnly(record.valueLength(), record.wholeLength(), record.wholeSha256())
              .json();
      return new Reject(RejectReason.TOO_LARGE, null, detail);
    }

    void finish(BiConsumer<ShardKey, ShardElement> output) {
      for (int shard = 0; shard < shards.length; shard++) {
        if (shards[shard].count() > 0) {
          output.accept(ShardKey.ofShard(shard), shards[shard].build());
        }
      }
      ShardKey proposals = ShardKey.ofProposals(shards.length);
      List<Proposal> recordFiles = records.finish();
      FailPoint.RECORDS_WRITTEN.reach();
      recordFiles.forEach(file -> output.accept(proposals, file));
      rejects.finish().forEach(file -> output.accept(proposals, file));
    }

    @Override
    public void close() {
      records.close();
      rejects.close();
    }
  }
}
