package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;

/**
 * A table whose rows are keys and nothing else, and which only grows. Other tables draw from it how
 * many keys there are of a group.
 *
 * @param <K> the key
 * @param <G> what keys are counted by
 */
public abstract class DistinctKeys<K, G> extends Aggregation<K, Present> {

  public DistinctKeys(GoldTable table) {
    super(table);
  }

  /** The key of a row. */
  public abstract K key(TableReader.Row row, long day);

  /** What a key is counted by. */
  public abstract G group(K key);

  /** What the key of a row is counted by; asks the row for no more than that. */
  public abstract G group(TableReader.Row row, long day);

  /** Puts how many keys of a group there are, or more, into the table derived from this one. */
  public abstract void putCount(G group, long keys, RowSink out);

  /** The table that is derived from this one. */
  public abstract GoldTable countTable();

  @Override
  public final Present empty() {
    return Present.YES;
  }

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<K, Present> sums) {
    sums.at(key(row, day));
  }

  @Override
  public final boolean bucketed() {
    return true;
  }
}
