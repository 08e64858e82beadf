package clicklake.schemas.lake;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes data files of derived tables, which no table names yet. */
public interface PartitionFiles extends Serializable {

  /**
   * Opens a file.
   *
   * @param table whose rows it takes
   * @param date the partition that the rows belong to; null if the table has none
   */
  OpenFile open(TableSchema table, @Nullable LocalDate date);

  /**
   * Writes one file.
   *
   * @param rows puts the rows, in the order that the file shall have
   * @return the file; a failure leaves none behind
   */
  default DataFile write(TableSchema table, @Nullable LocalDate date, Consumer<RowSink> rows) {
    try (OpenFile file = open(table, date)) {
      rows.accept(file);
      return file.finish();
    }
  }

  /** A file under way. */
  interface OpenFile extends RowSink, AutoCloseable {
    /** Completes the file. */
    DataFile finish();

    /** Gives up a file that was not finished, and deletes it; harmless afterwards. */
    @Override
    void close();
  }
}
