package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;

/**
 * A gold table's definition: which rows it has for a key's summary.
 *
 * @param <K> what rows are summarised by
 * @param <S> the summary
 */
public interface Mart<K, S> extends Serializable {

  /** The table. */
  TableSchema table();

  /** Puts the rows that a key's summary gives, in a fixed order; the summary stays unchanged. */
  void rows(K key, S summary, RowSink out);
}
