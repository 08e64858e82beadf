package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.DataFileCoder;
import java.time.Duration;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Brings proposed files together for one commit: all of a bounded input, those of a while of an
 * unbounded one. Windows and triggers only decide how many come together.
 */
final class GatherProposals
    extends PTransform<PCollection<DataFile>, PCollection<KV<Integer, Iterable<DataFile>>>> {
  private static final long serialVersionUID = 1L;

  private final Duration every;

  /**
   * @param every how long proposals are gathered in an unbounded pipeline
   */
  GatherProposals(Duration every) {
    this.every = every;
  }

  @Override
  public PCollection<KV<Integer, Iterable<DataFile>>> expand(PCollection<DataFile> files) {
    PCollection<KV<Integer, DataFile>> keyed =
        files
            .apply(
                "ToOneCommitter",
                WithKeys.<Integer, DataFile>of(0).withKeyType(TypeDescriptors.integers()))
            .setCoder(KvCoder.of(VarIntCoder.of(), DataFileCoder.of()));
    if (files.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      keyed = keyed.apply("GatherForAWhile", forAWhile());
    }
    return keyed.apply("GroupForCommit", GroupByKey.create());
  }

  private Window<KV<Integer, DataFile>> forAWhile() {
    return Window.<KV<Integer, DataFile>>into(new GlobalWindows())
        .triggering(
            Repeatedly.forever(
                AfterProcessingTime.pastFirstElementInPane()
                    .plusDelayOf(org.joda.time.Duration.millis(every.toMillis()))))
        .discardingFiredPanes()
        .withAllowedLateness(org.joda.time.Duration.ZERO);
  }
}
