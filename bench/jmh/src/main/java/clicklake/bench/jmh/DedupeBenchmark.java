package clicklake.bench.jmh;

import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.transforms.dedupe.KnownEvents;





import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import org.openjdk.jmh.annotations.Warmup;

/** Whether an event is known: 65,536 new ones into an empty cache, then their copies. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class DedupeBenchmark {
  private static final int EVENTS = 1 << 16;

  private List<EventBatch> events = List.of();
  private KnownEvents empty = newCache();
  private KnownEvents full = newCache();

  private static KnownEvents newCache() {
    return new KnownEvents(new NoSilver(), Duration.ofHours(24), 4, 10_000_000);
  }

  @Setup
  public void generate() {
    List<byte[]> lines = Samples.lines(EVENTS, 2, false, 1);
    events = Samples.eventBatches(lines, 0);
    for (EventBatch batch : events) {
      decide(full, batch);
    }
    // Other positions, or they would be the same records read again.
    events = Samples.eventBatches(lines, EVENTS);
  }

  @Setup(Level.Invocation)
  public void forget() {
    empty = newCache();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int fresh() {
    int decided = 0;
    for (EventBatch batch : events) {
      decided += decide(empty, batch);
    }
    return decided;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int copies() {
    int decided = 0;
    for (EventBatch batch : events) {
      decided += decide(full, batch);
    }
    return decided;
  }

  private static int decide(KnownEvents known, EventBatch batch) {
    int verdicts = 0;
    try (KnownEvents.Decisions decisions = known.decide(batch)) {
      while (decisions.next()) {
        verdicts += decisions.verdict() == KnownEvents.Verdict.NEW ? 1 : 2;
      }
    }
    return verdicts;
  }

  /** A lake before its first commit. */
  private static final class NoSilver implements SilverIds {
    private static final long serialVersionUID = 1L;

    @Override
    public LakeLocation lake() {
      return LakeLocation.of("none");
    }

    @Override
    public Version latest() {
      return Version.NONE;
    }

    @Override
    public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {}

    @Override
    public boolean showAdded(Version since, Version until, Consumer<AddedFile> visitor) {
      return true;
    }

    @Override
    public void scan(List<AddedFile> files, Visitor visitor) {}

    @Override
    public Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions) {
      return Map.of();
    }
  }
}
