package clicklake.transforms.dedupe;

import clicklake.schemas.batch.ShardElement;
import clicklake.schemas.batch.ShardKey;
import java.time.Duration;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/**
 * Groups elements by shard: all those of a round, or those that come within a while. The one
 * shuffle of the data path; how long it waits decides the size of silver's files.
 */
public final class GroupByShard
    extends PTransform<
        PCollection<KV<ShardKey, ShardElement>>,
        PCollection<KV<ShardKey, Iterable<ShardElement>>>> {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration every;

  /**
   * @param every how long elements are gathered before they are emitted; null for all of a bounded
   *     input
   */
  public GroupByShard(@Nullable Duration every) {
    this.every = every;
  }

  @Override
  public PCollection<KV<ShardKey, Iterable<ShardElement>>> expand(
      PCollection<KV<ShardKey, ShardElement>> elements) {
    PCollection<KV<ShardKey, ShardElement>> gathered =
        every == null
            ? elements
            : elements.apply(
                "GatherForAWhile",
                Window.<KV<ShardKey, ShardElement>>into(new GlobalWindows())
                    .triggering(
                        Repeatedly.forever(
                            AfterProcessingTime.pastFirstElementInPane()
                                .plusDelayOf(org.joda.time.Duration.millis(every.toMillis()))))
                    .discardingFiredPanes()
                    .withAllowedLateness(org.joda.time.Duration.ZERO));
    return gathered.apply("GroupByShard", GroupByKey.create());
  }
}
