package clicklake.schemas.lake;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;
import java.util.function.Consumer;

/** Writes whole partitions of derived tables as data files that no table names yet. */
public interface PartitionFiles extends Serializable {

  /**
   * Writes one file.
   *
   * @param table whose rows they are
   * @param day days since 1970: the partition that the rows belong to
   * @param rows puts the rows, in the order that the file shall have
   * @return the file; a failure leaves none behind
   */
  DataFile.Content write(TableSchema table, long day, Consumer<RowSink> rows);
}
