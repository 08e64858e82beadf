package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a refresh of gold writes, as every worker must know it.
 *
 * @param tables paths of the tables that are written
 * @param buckets by a table's path, how many parts its keys are spread over where they can be
 * @param wholeDays paths of tables cut by hours of which this refresh writes a file a day: news are
 *     few and spread over many days, as in a history, and a file an hour would cost more than its
 *     rows
 * @param days by the path of a table that is drawn from another, the days, since 1970, for which
 *     that one hands on all its rows anew, so that old ones do not count; 0 if it has no days
 * @param kept by the path of a table that only grows, the files that stay and must be looked
 *     through; it is there if what is drawn from the table is as old, and is told new rows alone
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

  /** Whether what counts a table's rows is told of new ones alone; if not, of all. */
  public boolean incremental(String table) {
    return kept.containsKey(table);
  }

  /** Whether a table is written. */
  public boolean writes(String table) {
    return tables.contains(table);
  }
}
