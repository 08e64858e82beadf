package clicklake.transforms.gold.refresh;

import clicklake.schemas.lake.RowBatch;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.DistinctKeys;
import java.util.HashMap;
import java.util.Map;

/** Change in the number of distinct keys of each group, for the table that counts them. */
public final class KeyCounts {
  private final DistinctKeys<Object, Object> aggregation;
  private final Map<Object, Count> byGroup = new HashMap<>();

  public KeyCounts(DistinctKeys<Object, Object> aggregation) {
    this.aggregation = aggregation;
  }

  /**
   * Counts keys.
   *
   * @param more may be negative: keys that will be counted again
   */
  public void add(Object group, long more) {
    byGroup.computeIfAbsent(group, known -> new Count()).add(more);
  }

  /** Emits the changes. */
  public void emit(Aggregations aggregations, RefreshSpec spec, PartAccumulators.Output derived) {
    RowBatch batch = new RowBatch(aggregation.countTable().schema());
    byGroup.forEach((group, count) -> aggregation.emitCount(group, count.number(), batch));
    PartAccumulators.emit(aggregations, spec, aggregation.countTable(), batch, derived);
  }
}
