package clicklake.io.delta;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Parquet files of derived tables, named like those of {@link DeltaLakeWriters}. */
final class ParquetPartitionFiles implements PartitionFiles {
  private static final long serialVersionUID = 1L;

  private final String root;
  private final Clock clock;

  /**
   * @param root the lake's root
   * @param clock for births; must be serializable
   */
  ParquetPartitionFiles(String root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  @Override
  public DataFile.Content write(TableSchema table, long day, Consumer<RowSink> rows) {
    FileIO files = LakeStorage.of(root);
    String date = LocalDate.ofEpochDay(day).toString();
    String path =
        table.partitionColumn()
            + "="
            + date
            + "/"
            + clock.millis()
            + "-"
            + UUID.randomUUID()
            + ".parquet";
    String absolute = root + "/" + table.path() + "/" + path;
    try (ParquetRows file =
        new ParquetRows(files, absolute, table.columns(), Set.of(), ParquetSettings.DEFAULT)) {
      rows.accept(values -> put(table, file, values));
      ParquetRows.Written written = file.finish();
      return new DataFile.Content(path, written.sizeBytes(), written.rows(), date, written.stats());
    } catch (RuntimeException e) {
      try {
        files.delete(absolute);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private static void put(TableSchema table, ParquetRows file, @Nullable Object[] values) {
    List<Column> columns = table.columns();
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          table + " has " + columns.size() + " columns, not " + values.length);
    }
    for (int i = 0; i < values.length; i++) {
      put(table, columns.get(i), i, file, values[i]);
    }
    file.endRow();
  }

  private static void put(
      TableSchema table, Column column, int index, ParquetRows file, @Nullable Object value) {
    if (value == null && column.nullable()) {
      file.putNull(index);
    } else if (value instanceof Long number && isLong(column)) {
      file.putLong(index, number);
    } else if (value instanceof Integer number && isInt(column)) {
      file.putInt(index, number);
    } else if (value instanceof String text && column.type() == Column.Type.STRING) {
      byte[] bytes = text.getBytes(UTF_8);
      file.putBytes(index, bytes, 0, bytes.length);
    } else if (value instanceof byte[] bytes && column.type() == Column.Type.BINARY) {
      file.putBytes(index, bytes, 0, bytes.length);
    } else if (value instanceof Double number && column.type() == Column.Type.DOUBLE) {
      file.putDouble(index, number);
    } else if (value instanceof Boolean truth && column.type() == Column.Type.BOOLEAN) {
      file.putBoolean(index, truth);
    } else {
      throw new IllegalArgumentException(
          table
              + "."
              + column.name()
              + " takes "
              + column.type()
              + ", not "
              + (value == null ? "null" : value.getClass().getSimpleName()));
    }
  }

  private static boolean isLong(Column column) {
    return switch (column.type()) {
      case LONG, TIMESTAMP, PRICE -> true;
      case STRING, INT, DOUBLE, BOOLEAN, BINARY, DATE -> false;
    };
  }

  private static boolean isInt(Column column) {
    return column.type() == Column.Type.INT || column.type() == Column.Type.DATE;
  }
}
