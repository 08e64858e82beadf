package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTable;

/**
 * A table whose rows are keys and nothing else, and which only grows. Other tables draw from it how
 * many keys there are of a group.
 *
 * @param <K> the key
 * @param <G> what keys are counted by
 */
abstract class KeyMart<K, G> extends Mart<K, Present> {

  KeyMart(GoldTable table) {
    super(table);
  }

  /** The key of a row. */
  abstract K key(TableReader.Row row, long day);

  /** What a key is counted by. */
  abstract G group(K key);

  /** What the key of a row is counted by; asks the row for no more than that. */
  abstract G group(TableReader.Row row, long day);

  /** Puts how many keys of a group there are, or more, into the table drawn from this one. */
  abstract void putCount(G group, long keys, RowSink out);

  /** The table that is drawn from this one. */
  abstract GoldTable countTable();

  @Override
  final Present empty() {
    return Present.YES;
  }

  @Override
  final void add(TableReader.Row row, long day, Sums<K, Present> sums) {
    sums.at(key(row, day));
  }

  @Override
  final boolean spreads() {
    return true;
  }
}
