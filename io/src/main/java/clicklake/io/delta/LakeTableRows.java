package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.Column;
import java.util.List;

/** Rows of the Parquet files of one table of a lake. */
final class LakeTableRows implements TableRows {
  private static final long serialVersionUID = 1L;

  private final String root;
  private final String table;

  /**
   * @param root the lake's root
   * @param table the table's path below it
   */
  LakeTableRows(String root, String table) {
    this.root = root;
    this.table = table;
  }

  @Override
  public void read(DataFile.Content file, List<Column> columns, Visitor visitor) {
    ParquetColumns.read(
        LakeStorage.of(root),
        root + "/" + table + "/" + file.path(),
        file.sizeBytes(),
        columns,
        row -> visitor.row(new Shown(row)));
  }

  private record Shown(ParquetColumns.Row row) implements Row {
    @Override
    public boolean isNull(int column) {
      return row.isNull(column);
    }

    @Override
    public int intAt(int column) {
      return row.intAt(column);
    }

    @Override
    public long longAt(int column) {
      return row.longAt(column);
    }

    @Override
    public double doubleAt(int column) {
      return row.doubleAt(column);
    }

    @Override
    public boolean booleanAt(int column) {
      return row.booleanAt(column);
    }

    @Override
    public String textAt(int column) {
      return row.textAt(column);
    }

    @Override
    public byte[] bytesAt(int column) {
      return row.binaryAt(column).getBytes();
    }
  }
}
