package clicklake.transforms.dedupe;

import clicklake.schemas.batch.EventKeyTable;
import clicklake.schemas.batch.PartitionId;
import java.util.HashMap;
import java.util.Map;

/**
 * The positions that a bundle has written rows for. A reader that went back, or a repeated upstream
 * bundle, may bring one record to one bundle twice; its file must hold it once.
 */
public final class WrittenPositions {
  private final Map<PartitionId, Integer> partitions = new HashMap<>();
  private final EventKeyTable positions = new EventKeyTable(0, 0);
  private PartitionId last = new PartitionId("", 0, "");
  private int lastNumber = -1;

  /** Adds a position; false if it was there. */
  public boolean add(PartitionId partition, long offset) {
    if (!partition.equals(last)) {
      lastNumber = partitions.computeIfAbsent(partition, added -> partitions.size());
      last = partition;
    }
    if (positions.find(lastNumber, offset, 0, 0) >= 0) {
      return false;
    }
    positions.add(lastNumber, offset, 0);
    return true;
  }
}
