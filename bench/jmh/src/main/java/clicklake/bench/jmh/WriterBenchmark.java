package clicklake.bench.jmh;

import clicklake.io.lake.EventLake;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;





import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A file of 65,536 rows, with everything on: statistics, ZSTD, fsync, coverage and ids. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class WriterBenchmark {
  private static final int EVENTS = 1 << 16;

  private final Folder folder = new Folder();
  private RawBatch raw = Samples.rawBatch(List.of(), 0);
  private List<EventBatch> events = List.of();
  private LakeWriters writers = EventLake.at(LakeLocation.of("/nowhere")).writers("bench");

  @Setup
  public void generate() throws IOException {
    List<byte[]> lines = Samples.lines(EVENTS, 2, false, 1);
    raw = Samples.rawBatch(lines, 0);
    events = Samples.eventBatches(lines, 0);
    writers = EventLake.at(LakeLocation.of(folder.create())).writers("bench");
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<Proposal> bronze() {
    try (LakeWriters.Records writer = writers.openRecords()) {
      for (RawBatch.Cursor record = raw.cursor(); record.next(); ) {
        writer.write(raw.partition(), record);
      }
      return writer.finish();
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public List<Proposal> silver() {
    try (LakeWriters.Events writer = writers.openEvents()) {
      for (EventBatch batch : events) {
        for (EventBatch.Cursor event = batch.cursor(); event.next(); ) {
          writer.write(event, false);
        }
      }
      return writer.finish();
    }
  }

  @TearDown(Level.Iteration)
  public void deleteFiles() throws IOException {
    folder.clear();
  }

  @TearDown
  public void deleteFolder() throws IOException {
    folder.delete();
  }
}
