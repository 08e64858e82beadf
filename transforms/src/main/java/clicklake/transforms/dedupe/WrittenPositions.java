package clicklake.transforms.dedupe;

import clicklake.schemas.offset.SourcePartition;
import java.util.HashMap;
import java.util.Map;

/**
 * The positions that a bundle has written rows for. After a reader went back, or an upstream bundle
 * was repeated, a bundle may receive one record twice; its file must hold the record once.
 *
 * <p>One bit a position, in blocks of 1,024 positions, because positions are mostly consecutive.
 */
public final class WrittenPositions {
  private static final int BLOCK_BITS = 10;

  private final Map<SourcePartition, Map<Long, long[]>> partitions = new HashMap<>();
  private SourcePartition lastPartition = new SourcePartition("", 0, "");
  private long lastNumber;
  private long[] lastBlock = {};

  /** Adds a position; false if it was there. */
  public boolean add(SourcePartition partition, long offset) {
    long number = offset >> BLOCK_BITS;
    if (lastBlock.length == 0 || number != lastNumber || !partition.equals(lastPartition)) {
      lastBlock =
          partitions
              .computeIfAbsent(partition, added -> new HashMap<>())
              .computeIfAbsent(number, added -> new long[(1 << BLOCK_BITS) / Long.SIZE]);
      lastPartition = partition;
      lastNumber = number;
    }
    int word = (int) (offset >> 6) & lastBlock.length - 1;
    long bit = 1L << offset;
    boolean added = (lastBlock[word] & bit) == 0;
    lastBlock[word] |= bit;
    return added;
  }
}
