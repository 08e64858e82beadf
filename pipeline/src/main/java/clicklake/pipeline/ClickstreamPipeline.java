package clicklake.pipeline;

import clicklake.io.lake.CommitLake;
import clicklake.io.lake.DeadLetters;
import clicklake.io.lake.EventLake;
import clicklake.options.StreamSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.spill.SpillFolder;
import clicklake.transforms.dedupe.DropDuplicates;
import clicklake.transforms.dedupe.GroupByShard;
import clicklake.transforms.parse.ParseEvents;
import clicklake.transforms.parse.ParserSettings;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.jspecify.annotations.Nullable;

/**
 * The whole path from a source's records to the lake. It is a line: what is written on the way
 * (bronze's files, reject files, silver's files) travels along it as proposals, and the last step
 * alone decides what the tables hold. Beside it, where somebody watches, unique events are counted
 * as they leave dedupe, long before they are committed.
 *
 * <pre>
 * ReadRecords ─► ParseEvents ─► GroupByShard ─► DropDuplicates ─► CommitLake
 *                  │ bronze files  │ by event id    │ silver files    │ bronze, silver, quarantine
 *                  └ reject files                   │                └ dead letters
 *                                                   └► LiveMetrics ─► ShowFigures
 *                                                      by minute       ClickHouse, a topic
 * </pre>
 */
public final class ClickstreamPipeline {
  /** Silver ids that one process keeps in memory for dedupe: about 33 bytes a slot. */
  private static final int MAX_KNOWN_EVENTS = 20_000_000;

  private ClickstreamPipeline() {}

  /**
   * Adds the steps to a pipeline.
   *
   * @param records the source, bounded (a round) or unbounded
   * @param delays how long the pipeline collects elements; limited if the source is unbounded
   * @param spills takes what does not fit a worker's heap
   * @param deadLetters where refused records go besides quarantine; null for nowhere
   * @param live who watches; null for nobody
   */
  public static void build(
      Pipeline pipeline,
      PTransform<PBegin, PCollection<RawBatch>> records,
      EventLake lake,
      StreamSettings settings,
      BatchingDelays delays,
      SpillFolder spills,
      @Nullable DeadLetters deadLetters,
      @Nullable LiveLayer live) {
    ParserSettings parser = settings.parser();
    LakeWriters writers = lake.writers(parser.rulesVersion(), spills);

    PCollectionTuple unique =
        pipeline
            .apply("ReadRecords", records)
            .apply("ParseEvents", new ParseEvents(parser, settings.shards(), writers))
            .apply("GroupByShard", new GroupByShard(delays.shard()))
            .apply(
                "DropDuplicates",
                new DropDuplicates(
                    new DropDuplicates.Settings(
                        settings.dedupeHorizon(), settings.shards(), MAX_KNOWN_EVENTS, spills),
                    lake.silverIds(),
                    writers,
                    live == null ? null : live.settings()));
    unique
        .get(DropDuplicates.PROPOSALS)
        .apply(
            "CommitLake",
            new CommitLake(
                lake,
                new CommitLake.Settings(
                    settings.dedupeHorizon(),
                    parser.rulesVersion(),
                    delays.commit(),
                    deadLetters)));
    if (live != null) {
      unique
          .get(DropDuplicates.MINUTES)
          .apply("LiveMetrics", live.metrics())
          .apply("ShowFigures", live.show());
    }
  }
}
