package clicklake.io.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A lake's coverage, held in memory and set by the test; serialized copies share it. */
public final class FakeLake implements LakeCoverage {
  private static final long serialVersionUID = 1L;
  private static final Map<Long, State> STATES = new ConcurrentHashMap<>();
  private static final AtomicLong LAST = new AtomicLong();

  private final long id = LAST.incrementAndGet();

  private static final class State {
    long version = -1;
    final Map<SourcePartition, OffsetRanges> bronze = new HashMap<>();
    final Map<SourcePartition, OffsetRanges> rows = new HashMap<>();
    final Map<SourcePartition, OffsetRanges> silver = new HashMap<>();
    final Map<SourcePartition, Long> ends = new HashMap<>();
    final Map<SourcePartition, Long> retired = new HashMap<>();
    boolean sizesAreKnown = true;
    int lookups;
    int failingLookups;

    long sizeOf(SourcePartition file) {
      return sizesAreKnown ? Long.parseLong(file.identity().split(":")[1]) : -1;
    }
  }

  public FakeLake() {
    STATES.put(id, new State());
  }

  @Override
  public LakeLocation lake() {
    return LakeLocation.of("fake-" + id);
  }

  @Override
  public Feed feed() {
    return Feed.EVENTS;
  }

  private State state() {
    return STATES.computeIfAbsent(id, missing -> new State());
  }

  /** Both tables commit the batch. */
  public void cover(RawBatch batch) {
    coverBronze(batch.partition(), batch.from(), batch.to());
    coverSilver(batch.partition(), batch.from(), batch.to());
    if (batch.last()) {
      synchronized (state()) {
        state().ends.put(batch.partition(), batch.to());
      }
    }
  }

  /** Bronze covers positions, with a row at each of them. */
  public void coverBronze(SourcePartition partition, long from, long to) {
    synchronized (state()) {
      state().rows.merge(partition, OffsetRanges.of(from, to), OffsetRanges::union);
      state().version++;
      state().bronze.merge(partition, OffsetRanges.of(from, to), OffsetRanges::union);
    }
  }

  /** Bronze covers positions at which there was no record. */
  public void coverBronzeHoles(SourcePartition partition, long from, long to) {
    synchronized (state()) {
      state().version++;
      state().bronze.merge(partition, OffsetRanges.of(from, to), OffsetRanges::union);
    }
  }

  public void coverSilver(SourcePartition partition, long from, long to) {
    synchronized (state()) {
      state().silver.merge(partition, OffsetRanges.of(from, to), OffsetRanges::union);
    }
  }

  /** The ledgers let go of a partition; bronze's rows stay. */
  public void retire(SourcePartition partition, long arrivalMillis) {
    synchronized (state()) {
      state().bronze.remove(partition);
      state().silver.remove(partition);
      state().ends.remove(partition);
      state().retired.put(partition, arrivalMillis);
    }
  }

  /** The next so many looks for bronze's records fail. */
  public void failLookups(int count) {
    synchronized (state()) {
      state().failingLookups = count;
    }
  }

  /** Another engine has rewritten bronze: how large files were cannot be told any more. */
  public void forgetSizes() {
    synchronized (state()) {
      state().sizesAreKnown = false;
    }
  }

  /** How often bronze's rows were searched. */
  public int lookups() {
    synchronized (state()) {
      return state().lookups;
    }
  }

  @Override
  public View read() {
    synchronized (state()) {
      State state = state();
      Set<SourcePartition> finished = new HashSet<>();
      state.ends.forEach(
          (partition, end) -> {
            if (state.bronze.getOrDefault(partition, OffsetRanges.empty()).containsAll(0, end)
                && state.silver.getOrDefault(partition, OffsetRanges.empty()).containsAll(0, end)) {
              finished.add(partition);
            }
          });
      return new View(state.version, state.bronze, state.silver, finished, state.retired.size());
    }
  }

  @Override
  public Map<String, List<Generation>> retired(Set<String> sources) {
    synchronized (state()) {
      state().lookups++;
      Map<String, List<Generation>> found = new TreeMap<>();
      state()
          .retired
          .forEach(
              (partition, arrival) -> {
                if (sources.contains(partition.source())) {
                  found
                      .computeIfAbsent(partition.source(), source -> new ArrayList<>())
                      .add(new Generation(partition.number(), arrival, state().sizeOf(partition)));
                }
              });
      return found;
    }
  }

  @Override
  public BronzeRecords bronzeRecords(
      SourcePartition partition, OffsetRanges positions, int mostBytes) {
    synchronized (state()) {
      state().lookups++;
      if (state().failingLookups-- > 0) {
        throw new IllegalStateException("bronze cannot be read");
      }
      List<BronzeRecord> found = new ArrayList<>();
      OffsetRanges rows =
          state().rows.getOrDefault(partition, OffsetRanges.empty()).intersection(positions);
      long bytes = 0;
      for (int run = 0; run < rows.runCount(); run++) {
        for (long offset = rows.from(run); offset < rows.to(run); offset++) {
          BronzeRecord record =
              new BronzeRecord(offset, 0, null, null, ("kept" + offset).getBytes(UTF_8));
          bytes += record.size();
          if (bytes > mostBytes && !found.isEmpty()) {
            return new BronzeRecords(found, offset);
          }
          found.add(record);
        }
      }
      return new BronzeRecords(found, Long.MAX_VALUE);
    }
  }
}
