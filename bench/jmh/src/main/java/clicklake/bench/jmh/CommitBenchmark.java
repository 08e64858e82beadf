package clicklake.bench.jmh;

import clicklake.io.commit.CommitReport;
import clicklake.io.commit.LakeCommitter;
import clicklake.io.lake.EventLake;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;





import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One commit of bronze and one of silver, each with its ledger, to logs of 1,000 versions and more,
 * fsync on. It lives in the committer's package: nobody else may commit.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CommitBenchmark {
  private static final int VERSIONS = 1000;
  private static final int RECORDS = 16;

  private final Folder folder = new Folder();
  private EventLake lake = EventLake.at(LakeLocation.of("/nowhere"));
  private LakeWriters writers = lake.writers("bench");
  private List<LakeCommitter> committers = new ArrayList<>();
  private List<Proposal> proposals = List.of();
  private long offset;

  @Setup
  public void fill() throws IOException {
    lake = EventLake.at(LakeLocation.of(folder.create()));
    writers = lake.writers("bench");
    committers =
        List.of(
            new LakeCommitter(
                lake.tables(),
                Clock.systemUTC(),
                Duration.ofHours(24),
                "bench",
                1000,
                files -> {}));
    for (int i = 0; i < VERSIONS; i++) {
      write();
      commit();
    }
  }

  /** The files that the next commit adds; their writing is not measured. */
  @Setup(Level.Invocation)
  public void write() {
    List<byte[]> lines = Samples.lines(RECORDS, 2, false, offset);
    RawBatch raw = Samples.rawBatch(lines, offset);
    List<Proposal> files = new ArrayList<>();
    try (LakeWriters.Records bronze = writers.openRecords();
        LakeWriters.Events silver = writers.openEvents()) {
      for (RawBatch.Cursor record = raw.cursor(); record.next(); ) {
        bronze.write(raw.partition(), record);
      }
      files.addAll(bronze.finish());
      silver.asOf(lake.silverIds().latest());
      for (EventBatch batch : Samples.eventBatches(lines, offset)) {
        for (EventBatch.Cursor event = batch.cursor(); event.next(); ) {
          silver.write(event, false);
        }
      }
      files.addAll(silver.finish());
    }
    offset += RECORDS;
    proposals = files;
  }

  @Benchmark
  public CommitReport commit() {
    CommitReport report = committers.get(0).commit(proposals);
    if (report.events() != RECORDS) {
      throw new IllegalStateException("not committed: " + report);
    }
    return report;
  }

  @TearDown
  public void deleteFolder() throws IOException {
    folder.delete();
  }
}
