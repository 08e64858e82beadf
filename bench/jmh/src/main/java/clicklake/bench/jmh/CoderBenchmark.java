package clicklake.bench.jmh;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import clicklake.schemas.batch.ShardElement;
import clicklake.schemas.batch.ShardElementCoder;





import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** There and back, as between two steps that do not share a process; and the making of a batch. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CoderBenchmark {
  private static final int EVENTS = 1024;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
  private List<byte[]> lines = List.of();
  private RawBatch raw = Samples.rawBatch(List.of(), 0);
  private List<EventBatch> events = new ArrayList<>();

  @Setup
  public void generate() {
    lines = Samples.lines(EVENTS, 2, false, 1);
    raw = Samples.rawBatch(lines, 0);
    events = Samples.eventBatches(lines, 0);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public RawBatch rawBatch() throws IOException {
    out.reset();
    RawBatchCoder.of().encode(raw, out);
    return RawBatchCoder.of().decode(new ByteArrayInputStream(out.toByteArray()));
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void eventBatch(Blackhole sink) throws IOException {
    for (EventBatch batch : events) {
      out.reset();
      ShardElementCoder.of().encode(batch, out);
      ShardElement copy =
          ShardElementCoder.of().decode(new ByteArrayInputStream(out.toByteArray()));
      EventBatch.Cursor event = ((EventBatch) copy).cursor();
      while (event.next()) {
        sink.consume(event.idLow());
      }
    }
  }

  /** With the parse, which cannot be taken apart from it. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<EventBatch> parseAndBatch() {
    return Samples.eventBatches(lines, 0);
  }
}
