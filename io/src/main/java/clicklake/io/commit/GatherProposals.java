package clicklake.io.commit;

import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.ProposalCoder;
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
import org.jspecify.annotations.Nullable;

/**
 * Brings proposed files together for one commit: all there are, or those of a while. Windows and
 * triggers only decide how many come together.
 */
public final class GatherProposals
    extends PTransform<PCollection<Proposal>, PCollection<KV<Integer, Iterable<Proposal>>>> {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration every;

  /**
   * @param every how long proposals are gathered; null for all there are, which must be bounded
   */
  public GatherProposals(@Nullable Duration every) {
    this.every = every;
  }

  @Override
  public PCollection<KV<Integer, Iterable<Proposal>>> expand(PCollection<Proposal> proposals) {
    PCollection<KV<Integer, Proposal>> keyed =
        proposals
            .apply(
                "ToOneCommitter",
                WithKeys.<Integer, Proposal>of(0).withKeyType(TypeDescriptors.integers()))
            .setCoder(KvCoder.of(VarIntCoder.of(), ProposalCoder.of()));
    if (every != null) {
      keyed = keyed.apply("GatherForAWhile", forAWhile(every));
    }
    return keyed.apply("GroupForCommit", GroupByKey.create());
  }

  private static Window<KV<Integer, Proposal>> forAWhile(Duration every) {
    return Window.<KV<Integer, Proposal>>into(new GlobalWindows())
        .triggering(
            Repeatedly.forever(
                AfterProcessingTime.pastFirstElementInPane()
                    .plusDelayOf(org.joda.time.Duration.millis(every.toMillis()))))
        .discardingFiredPanes()
        .withAllowedLateness(org.joda.time.Duration.ZERO);
  }
}
