package clicklake.schemas.offset;

import static java.util.Objects.requireNonNull;

/**
 * Positions of one partition that a file covers.
 *
 * @param partition the partition
 * @param runs the positions covered, holes of the source included
 * @param rows how many of them are rows of the file; the others are holes, blank lines or counted
 *     duplicates
 */
public record Coverage(SourcePartition partition, OffsetRanges runs, long rows) {
  public Coverage {
    requireNonNull(partition, "partition");
    requireNonNull(runs, "runs");
    if (rows < 0 || rows > runs.size()) {
      throw new IllegalArgumentException(
          rows + " rows on " + runs.size() + " positions of " + partition);
    }
  }
}
