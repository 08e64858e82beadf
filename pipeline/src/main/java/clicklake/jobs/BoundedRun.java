package clicklake.jobs;

import clicklake.schemas.table.LakeException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.util.common.ReflectHelpers;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/** Runs a bounded pipeline of gold to its end. */
final class BoundedRun {
  private BoundedRun() {}

  /**
   * Runs it.
   *
   * @param options name the runner; they are left as they are
   * @throws LakeException if a table cannot be read or written, or the runner gave up
   */
  static void run(PipelineOptions options, PTransform<PBegin, PDone> work) {
    Pipeline pipeline = Pipeline.create(bounded(options));
    pipeline.apply("RefreshGold", work);
    try {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new LakeException(
            "the refresh of gold ended " + state + "; see the runner's log and start it again");
      }
    } catch (Pipeline.PipelineExecutionException e) {
      if (e.getCause() instanceof LakeException lakeException) {
        throw lakeException;
      }
      throw e;
    }
  }

  /**
   * A copy of the options for a bounded pipeline: runners write into theirs, Flink's that it
   * streams, which costs a small bounded pipeline more than its work.
   */
  private static PipelineOptions bounded(PipelineOptions options) {
    ObjectMapper json =
        new ObjectMapper()
            .registerModules(ObjectMapper.findModules(ReflectHelpers.findClassLoader()));
    try {
      PipelineOptions copy = json.readValue(json.writeValueAsBytes(options), PipelineOptions.class);
      copy.as(StreamingOptions.class).setStreaming(false);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException("copy the runner's options", e);
    }
  }
}
