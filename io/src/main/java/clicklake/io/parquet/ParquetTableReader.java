package clicklake.io.parquet;

import clicklake.io.storage.LakeStorage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import java.util.List;

/** Rows of the Parquet files of one table of a lake. */
public final class ParquetTableReader implements TableReader {
  private static final long serialVersionUID = 1L;

  private final LakeLocation lake;
  private final String table;

  /**
   * @param lake where the lake lies
   * @param table the table's path below it
   */
  public ParquetTableReader(LakeLocation lake, String table) {
    this.lake = lake;
    this.table = table;
  }

  @Override
  public void read(DataFile file, List<Column> columns, Visitor visitor) {
    RowReader.read(
        LakeStorage.of(lake),
        lake.path(table + "/" + file.path()),
        file.sizeBytes(),
        columns,
        visitor::row);
  }
}
