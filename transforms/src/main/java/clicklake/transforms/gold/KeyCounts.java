package clicklake.transforms.gold;

import clicklake.schemas.lake.GoldWork;
import clicklake.schemas.lake.RowBatch;
import java.util.HashMap;
import java.util.Map;

/** How many keys of each group a table of keys has more, for the table that counts them. */
final class KeyCounts {
  private final KeyMart<Object, Object> mart;
  private final Map<Object, Count> byGroup = new HashMap<>();

  KeyCounts(KeyMart<Object, Object> mart) {
    this.mart = mart;
  }

  /**
   * Counts keys.
   *
   * @param more may be negative: keys that will be counted again
   */
  void add(Object group, long more) {
    byGroup.computeIfAbsent(group, known -> new Count()).add(more);
  }

  /** Hands on what was counted. */
  void handOn(Marts marts, GoldWork work, PartSums.Output drawn) {
    RowBatch batch = new RowBatch(mart.countTable().schema());
    byGroup.forEach((group, count) -> mart.putCount(group, count.number(), batch));
    PartSums.handOn(marts, work, mart.countTable(), batch, drawn);
  }
}
