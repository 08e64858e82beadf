package clicklake.schemas.lake;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import java.io.Serializable;
import java.util.List;

/** Shows the rows of one table's files. */
public interface TableReader extends Serializable {

  /**
   * Shows every row of a file, in the file's order.
   *
   * @param file a file of the table
   * @param columns what to read; a row's columns are counted in this order
   */
  void read(DataFile file, List<Column> columns, Visitor visitor);

  /** Is shown rows. */
  @FunctionalInterface
  interface Visitor {
    /** Shows a row, which may be asked for its values during the call only. */
    void row(Row row);
  }

  /** A row of some columns. Other than {@link #isNull}, a value may be asked for if it is there. */
  interface Row {
    boolean isNull(int column);

    /** An {@code INT} or {@code DATE}. */
    int intAt(int column);

    /** A {@code LONG}, a {@code TIMESTAMP} in microseconds, or a {@code PRICE} in 1/10000. */
    long longAt(int column);

    double doubleAt(int column);

    boolean booleanAt(int column);

    /** A {@code STRING}. */
    String textAt(int column);

    /** A copy of the bytes of a {@code STRING} (UTF-8) or {@code BINARY}. */
    byte[] bytesAt(int column);
  }
}
