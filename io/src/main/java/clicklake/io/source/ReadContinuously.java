package clicklake.io.source;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Reads an unbounded source. */
public final class ReadContinuously extends PTransform<PBegin, PCollection<RawBatch>> {
  private static final long serialVersionUID = 1L;
  private final String step;
  private final BatchSource source;

  /**
   * @param step name of the step, by which runners find its state and metrics
   */
  public ReadContinuously(String step, BatchSource source) {
    this.step = requireNonNull(step, "step");
    this.source = requireNonNull(source, "source");
  }

  @Override
  public PCollection<RawBatch> expand(PBegin input) {
    return input.apply(step, Read.from(source)).setCoder(RawBatchCoder.of());
  }
}
