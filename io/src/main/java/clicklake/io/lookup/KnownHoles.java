package clicklake.io.lookup;

import clicklake.io.ledger.Ledger;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Positions that bronze covers without a row, as far as this process knows without reading bronze:
 * those it has committed as holes itself, and those it has looked up. Silver forgets what it
 * covers. Beyond {@value #MAX_RUNS} runs all is forgotten, which costs a look into bronze. Shared
 * by all committers of the process.
 */
public final class KnownHoles {
  public static final int MAX_RUNS = 200_000;

  private final Map<SourcePartition, OffsetRanges> holes = new HashMap<>();

  /** Whether content under a partition's positions may differ from one read to the next. */
  public static boolean mayChange(SourcePartition partition) {
    return !partition.identity().startsWith("file:");
  }

  public synchronized void note(Map<SourcePartition, OffsetRanges> found) {
    found.forEach((partition, runs) -> holes.merge(partition, runs, OffsetRanges::union));
    if (holes.values().stream().mapToLong(OffsetRanges::runCount).sum() > MAX_RUNS) {
      holes.clear();
    }
  }

  public synchronized boolean isEmpty() {
    return holes.isEmpty();
  }

  /** The positions that are not known to be holes. */
  public synchronized OffsetRanges unknown(SourcePartition partition, OffsetRanges positions) {
    return positions.minus(holes.getOrDefault(partition, OffsetRanges.empty()));
  }

  /** Forgets what silver covers. */
  public synchronized void forgetCoveredBy(Ledger silver) {
    for (Iterator<Map.Entry<SourcePartition, OffsetRanges>> i = holes.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<SourcePartition, OffsetRanges> entry = i.next();
      OffsetRanges left = entry.getValue().minus(silver.covered(entry.getKey()));
      if (left.isEmpty()) {
        i.remove();
      } else {
        entry.setValue(left);
      }
    }
  }
}
