package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;

/**
 * An append-only table whose rows are keys and nothing else. The number of keys of each group is
 * derived from it.
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

  /** The group that a key is counted in. */
  public abstract G group(K key);

  /** The group of a row's key; reads no other column. */
  public abstract G group(TableReader.Row row, long day);

  /** Emits a change in the number of keys of a group, for the table that counts them. */
  public abstract void emitCount(G group, long keys, RowSink out);

  /** The table that counts the keys of each group. */
  public abstract GoldTable countTable();

  @Override
  public final Present createAccumulator() {
    return Present.YES;
  }

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<K, Present> accumulators) {
    accumulators.at(key(row, day));
  }

  @Override
  public final boolean bucketed() {
    return true;
  }
}
