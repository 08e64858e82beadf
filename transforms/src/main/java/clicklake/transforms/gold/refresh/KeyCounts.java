package clicklake.transforms.gold.refresh;

import clicklake.schemas.lake.RowBatch;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.DistinctKeys;
import java.util.HashMap;
import java.util.Map;

/** How many keys of each group a table of keys has more, for the table that counts them. */
public final class KeyCounts {
  private final DistinctKeys<Object, Object> mart;
  private final Map<Object, Count> byGroup = new HashMap<>();

  public KeyCounts(DistinctKeys<Object, Object> mart) {
    this.mart = mart;
  }

  /**
   * Counts keys.
   *
   * @param more may be negative: keys that will be counted again
   */
  public void add(Object group, long more) {
    byGroup.computeIfAbsent(group, known -> new Count()).add(more);
  }

  /** Hands on what was counted. */
  public void handOn(Aggregations marts, RefreshSpec work, PartAccumulators.Output drawn) {
    RowBatch batch = new RowBatch(mart.countTable().schema());
    byGroup.forEach((group, count) -> mart.putCount(group, count.number(), batch));
    PartAccumulators.handOn(marts, work, mart.countTable(), batch, drawn);
  }
}
