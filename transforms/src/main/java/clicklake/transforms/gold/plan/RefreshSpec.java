package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a refresh of gold writes: what every worker knows of the plan.
 *
 * @param tables paths of the tables that are written
 * @param buckets by a table's path, into how many parts its keys are spread
 * @param wholeDays paths of the tables with a file an hour of which this refresh writes a file a
 *     day: new events are few and of many days, as in a history, and a file an hour would cost more
 *     than its rows
 * @param days by the path of a derived table, the days (since 1970) for which its source emits all
 *     its rows; existing rows of those days are ignored. Day 0 stands for all, if the source is not
 *     partitioned
 * @param kept by the path of an append-only table, the files that stay and must be searched for
 *     known keys; present only if the derived table is at the same version and can be updated
 *     incrementally
 */
public record RefreshSpec(
    Set<String> tables,
    Map<String, Integer> buckets,
    Set<String> wholeDays,
    Map<String, Set<Long>> days,
    Map<String, List<DataFile>> kept)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public RefreshSpec {
    tables = Set.copyOf(tables);
    buckets = Map.copyOf(buckets);
    wholeDays = Set.copyOf(wholeDays);
    days = Map.copyOf(days);
    kept = Map.copyOf(kept);
  }

  /** Whether the table that counts this one's keys receives only new keys; if not, every key. */
  public boolean incremental(String table) {
    return kept.containsKey(table);
  }

  /** Whether a table is written. */
  public boolean writes(String table) {
    return tables.contains(table);
  }
}
