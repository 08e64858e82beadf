package clicklake.io.source;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads a plan: bounded, on any runner. Elements carry the lowest timestamp.
 *
 * @param <R> what one worker reads in one go
 */
public final class ReadRanges<R> extends PTransform<PBegin, PCollection<RawBatch>> {
  private static final long serialVersionUID = 1L;
  // Workers get their ranges, not the plan.
  private final transient List<R> plan;
  private final Coder<R> coder;
  private final DoFn<R, RawBatch> reader;

  /**
   * @param reader reads one range
   */
  public ReadRanges(List<R> plan, Coder<R> coder, DoFn<R, RawBatch> reader) {
    this.plan = List.copyOf(plan);
    this.coder = requireNonNull(coder, "coder");
    this.reader = requireNonNull(reader, "reader");
  }

  @Override
  public PCollection<RawBatch> expand(PBegin input) {
    return input
        .apply("PlannedRanges", Create.of(plan).withCoder(coder))
        .apply("SpreadRanges", Reshuffle.viaRandomKey())
        .apply("ReadRanges", ParDo.of(reader))
        .setCoder(RawBatchCoder.of());
  }
}
