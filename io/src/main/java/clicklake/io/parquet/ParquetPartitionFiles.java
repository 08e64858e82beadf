package clicklake.io.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parquet files of derived tables, named like those of the event lake. */
public final class ParquetPartitionFiles implements PartitionFiles {
  private static final long serialVersionUID = 1L;

  private final LakeLocation lake;
  private final Clock clock;

  /**
   * @param lake where the lake lies
   * @param clock for times of creation; must be serializable
   */
  public ParquetPartitionFiles(LakeLocation lake, Clock clock) {
    this.lake = lake;
    this.clock = clock;
  }

  @Override
  public OpenFile open(TableSchema table, @Nullable LocalDate date) {
    LakeFiles files = LakeStorage.of(lake);
    String folder = date == null ? "" : table.partitionColumn() + "=" + date + "/";
    String path = folder + clock.millis() + "-" + UUID.randomUUID() + ".parquet";
    return new Open(
        files,
        table,
        date == null ? null : date.toString(),
        path,
        lake.path(table.path() + "/" + path));
  }

  private static final class Open implements OpenFile {
    private final LakeFiles files;
    private final TableSchema table;
    private final @Nullable String date;
    private final String path;
    private final String absolute;
    private final RowWriter file;
    private boolean finished;

    Open(LakeFiles files, TableSchema table, @Nullable String date, String path, String absolute) {
      this.files = files;
      this.table = table;
      this.date = date;
      this.path = path;
      this.absolute = absolute;
      this.file =
          new RowWriter(files, absolute, table.columns(), Set.of(), ParquetSettings.DEFAULT);
    }

    @Override
    public void row(@Nullable Object... values) {
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

    @Override
    public DataFile finish() {
      RowWriter.Written written = file.finish();
      finished = true;
      return new DataFile(path, written.sizeBytes(), written.rows(), date, written.stats());
    }

    @Override
    public void close() {
      if (finished) {
        return;
      }
      finished = true;
      file.close();
      try {
        files.delete(absolute);
      } catch (IOException e) {
        throw StorageFailures.of("delete", absolute, e);
      }
    }
  }

  private static void put(
      TableSchema table, Column column, int index, RowWriter file, @Nullable Object value) {
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
