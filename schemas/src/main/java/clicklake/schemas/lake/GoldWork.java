package clicklake.schemas.lake;

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
 * @param days by a table's path, the days, since 1970, that silver's news touch: those that are
 *     computed anew in the tables which others are drawn from
 * @param kept by the path of a table that only grows, the files that stay and must be looked
 *     through
 */
public record GoldWork(
    Set<String> tables,
    Map<String, Integer> buckets,
    Map<String, Set<Long>> days,
    Map<String, List<DataFile.Content>> kept)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public GoldWork {
    tables = Set.copyOf(tables);
    buckets = Map.copyOf(buckets);
    days = Map.copyOf(days);
    kept = Map.copyOf(kept);
  }

  /** Whether a table is written. */
  public boolean writes(String table) {
    return tables.contains(table);
  }
}
