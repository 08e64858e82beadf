package clicklake.schemas.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table, encoded one after the other: numbers as varints, texts and bytes with their
 * length before them, and a byte before each value that may be null. This is how rows travel
 * between workers.
 */
public final class RowBatch implements RowSink {
  private final TableSchema table;
  private final Bytes bytes = new Bytes(1024);

  /** No rows yet. */
  public RowBatch(TableSchema table) {
    this.table = table;
  }

  /** Length of the encoded rows. */
  public int size() {
    return bytes.size();
  }

  /** The encoded rows. */
  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  @Override
  public void row(@Nullable Object... values) {
    List<Column> columns = table.columns();
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          table + " has " + columns.size() + " columns, not " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      Object value = values[i];
      if (column.nullable()) {
        bytes.putByte(value == null ? 0 : 1);
        if (value == null) {
          continue;
        }
      }
      put(column, value);
    }
  }

  private void put(Column column, @Nullable Object value) {
    switch (column.type()) {
      case INT, DATE, LONG, TIMESTAMP, PRICE -> {
        if (value instanceof Number number) {
          bytes.putSignedVarint(number.longValue());
          return;
        }
      }
      case STRING -> {
        if (value instanceof String text) {
          byte[] encoded = text.getBytes(UTF_8);
          bytes.putSlice(encoded, 0, encoded.length);
          return;
        }
      }
      case BINARY -> {
        if (value instanceof byte[] array) {
          bytes.putSlice(array, 0, array.length);
          return;
        }
      }
      case DOUBLE -> {
        if (value instanceof Double number) {
          bytes.putLong(Double.doubleToLongBits(number));
          return;
        }
      }
      case BOOLEAN -> {
        if (value instanceof Boolean truth) {
          bytes.putByte(truth ? 1 : 0);
          return;
        }
      }
    }
    throw new IllegalArgumentException(
        table
            + "."
            + column.name()
            + " takes "
            + column.type()
            + ", not "
            + (value == null ? "null" : value.getClass().getSimpleName()));
  }

  /** Shows the rows of a batch, in order. */
  public static void read(TableSchema table, byte[] batch, TableReader.Visitor visitor) {
    Cursor cursor = new Cursor(table.columns(), batch);
    while (cursor.next()) {
      visitor.row(cursor);
    }
  }

  /** Stands on one row after the other. */
  private static final class Cursor implements TableReader.Row {
    private final List<Column> columns;
    private final byte[] batch;
    private final Bytes.Reader in;
    private final boolean[] missing;
    private final long[] numbers;
    private final int[] starts;

    Cursor(List<Column> columns, byte[] batch) {
      this.columns = columns;
      this.batch = batch;
      this.in = new Bytes.Reader(batch, 0);
      this.missing = new boolean[columns.size()];
      this.numbers = new long[columns.size()];
      this.starts = new int[columns.size()];
    }

    boolean next() {
      if (in.position() == batch.length) {
        return false;
      }
      for (int i = 0; i < numbers.length; i++) {
        Column column = columns.get(i);
        missing[i] = column.nullable() && in.readByte() == 0;
        if (missing[i]) {
          continue;
        }
        switch (column.type()) {
          case INT, DATE, LONG, TIMESTAMP, PRICE -> numbers[i] = in.readSignedVarint();
          case DOUBLE -> numbers[i] = in.readLong();
          case BOOLEAN -> numbers[i] = in.readByte();
          case STRING, BINARY -> {
            numbers[i] = in.readVarint();
            starts[i] = in.position();
            in.skip((int) numbers[i]);
          }
        }
      }
      return true;
    }

    @Override
    public boolean isNull(int column) {
      return missing[column];
    }

    @Override
    public int intAt(int column) {
      return (int) numbers[column];
    }

    @Override
    public long longAt(int column) {
      return numbers[column];
    }

    @Override
    public double doubleAt(int column) {
      return Double.longBitsToDouble(numbers[column]);
    }

    @Override
    public boolean booleanAt(int column) {
      return numbers[column] != 0;
    }

    @Override
    public String textAt(int column) {
      return new String(batch, starts[column], (int) numbers[column], UTF_8);
    }

    @Override
    public byte[] bytesAt(int column) {
      return Arrays.copyOfRange(batch, starts[column], starts[column] + (int) numbers[column]);
    }
  }
}
