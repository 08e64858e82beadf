package clicklake.io.parquet;

import clicklake.io.storage.LakeStorage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import java.util.List;

/** Rows of the Parquet files of one table of a lake. */
public final class ParquetTableReader implements TableReader {
  private static final long serialVersionUID = 1L;

  private final String root;
  private final String table;

  /**
   * @param root the lake's root
   * @param table the table's path below it
   */
  public ParquetTableReader(String root, String table) {
    this.root = root;
    this.table = table;
  }

  @Override
  public void read(DataFile file, List<Column> columns, Visitor visitor) {
    RowReader.read(
        LakeStorage.of(root),
        root + "/" + table + "/" + file.path(),
        file.sizeBytes(),
        columns,
        visitor::row);
  }
}
