package clicklake.io.delta;

import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Positions that bronze covers without a row, as far as this process knows without reading bronze:
 * those it has committed as holes itself, and those it has looked up. Silver forgets what it
 * covers. Beyond {@value #MOST_RUNS} runs all is forgotten, which costs a look into bronze. Shared
 * by all committers of the process.
 */
final class KnownHoles {
  static final int MOST_RUNS = 200_000;

  private final Map<PartitionId, Runs> holes = new HashMap<>();

  /** Whether content under a partition's positions may differ from one read to the next. */
  static boolean mayChange(PartitionId partition) {
    return !partition.identity().startsWith("file:");
  }

  synchronized void note(Map<PartitionId, Runs> found) {
    found.forEach((partition, runs) -> holes.merge(partition, runs, Runs::union));
    if (holes.values().stream().mapToLong(Runs::runCount).sum() > MOST_RUNS) {
      holes.clear();
    }
  }

  synchronized boolean isEmpty() {
    return holes.isEmpty();
  }

  /** The positions that are not known to be holes. */
  synchronized Runs unknown(PartitionId partition, Runs positions) {
    return positions.minus(holes.getOrDefault(partition, Runs.empty()));
  }

  /** Forgets what silver covers. */
  synchronized void forgetCoveredBy(Ledger silver) {
    for (Iterator<Map.Entry<PartitionId, Runs>> i = holes.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<PartitionId, Runs> entry = i.next();
      Runs left = entry.getValue().minus(silver.covered(entry.getKey()));
      if (left.isEmpty()) {
        i.remove();
      } else {
        entry.setValue(left);
      }
    }
  }
}
