package clicklake.io.parquet;

import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.table.Column;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of flat columns into one Parquet file: ZSTD, timestamps as microseconds UTC in 64
 * bits, prices as decimal(18,4) in 64 bits, minima and maxima only for columns that say so.
 *
 * <p>Values go straight to the columns, which encode them into pages (see {@link ColumnEncoder}),
 * without Parquet's record and value layers in between: for each row a caller puts every column
 * once, in any order, then calls {@link #endRow}. Byte slices are copied before the call returns.
 * Not safe for use by several threads.
 */
public final class RowWriter implements AutoCloseable {
  private static final int CHECK_ROWS = 1_000;

  private final String path;
  private final List<Column> columns;
  private final Set<String> plain;
  private final ParquetSettings settings;
  private final MessageType schema;
  private final ZstdPages compressor;
  private final ParquetFileWriter file;
  private final ColumnEncoder[] writers;
  private @Nullable ColumnChunkPageWriteStore pages;
  private long rows;
  private long groupRows;
  private boolean closed;

  /**
   * A file's size and content.
   *
   * @param sizeBytes its length
   * @param rows its number of rows
   * @param stats Delta's statistics as JSON
   */
  public record Written(long sizeBytes, long rows, String stats) {}

  /**
   * @param path the file, which must not exist
   * @param columns what a row holds
   * @param plain names of columns whose values seldom repeat, so that a dictionary would only cost
   */
  public RowWriter(
      LakeFiles files,
      String path,
      List<Column> columns,
      Set<String> plain,
      ParquetSettings settings) {
    this.path = path;
    this.columns = List.copyOf(columns);
    this.settings = settings;
    this.schema = parquetSchema(columns);
    this.plain = plain;
    this.writers = new ColumnEncoder[columns.size()];
    this.compressor = new ZstdPages(settings.zstdLevel());
    ParquetFileWriter begun = null;
    try {
      begun =
          new ParquetFileWriter(
              LakeStorage.output(files, path),
              schema,
              ParquetFileWriter.Mode.CREATE,
              settings.bytesPerRowGroup(),
              0,
              ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
              ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
              ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED);
      begun.start();
    } catch (IOException e) {
      compressor.release();
      try (ParquetFileWriter unfinished = begun) {
        throw StorageFailures.of("write", path, e);
      } catch (IOException second) {
        e.addSuppressed(second);
        throw StorageFailures.of("write", path, e);
      }
    }
    file = begun;
  }

  /** The columns as Parquet types. */
  static MessageType parquetSchema(List<Column> columns) {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (Column column : columns) {
      Repetition repetition = column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
      var type =
          switch (column.type()) {
            case STRING ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                    .as(LogicalTypeAnnotation.stringType());
            case BINARY -> Types.primitive(PrimitiveTypeName.BINARY, repetition);
            case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition);
            case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition);
            case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition);
            case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition);
            case TIMESTAMP ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                    .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS));
            case DATE ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                    .as(LogicalTypeAnnotation.dateType());
            case PRICE ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                    .as(LogicalTypeAnnotation.decimalType(4, 18));
          };
      builder.addField(type.named(column.name()));
    }
    return builder.named("row");
  }

  /** Where the file lies. */
  String path() {
    return path;
  }

  /** Rows ended so far. */
  long rows() {
    return rows;
  }

  /** Whether the file has as many rows or bytes as the settings allow. */
  public boolean full() {
    if (rows >= settings.rowsPerFile()) {
      return true;
    }
    return rows % CHECK_ROWS == 0 && position() + buffered() >= settings.bytesPerFile();
  }

  private long position() {
    try {
      return file.getPos();
    } catch (IOException e) {
      throw StorageFailures.of("write", path, e);
    }
  }

  private long buffered() {
    if (pages == null) {
      return 0;
    }
    long bytes = 0;
    for (ColumnEncoder writer : writers) {
      bytes += writer.bufferedBytes();
    }
    return bytes;
  }

  /** Leaves a nullable column out of the row. */
  public void putNull(int column) {
    writer(column).putNull();
  }

  /** Puts an {@code INT} or a {@code DATE}. */
  public void putInt(int column, int value) {
    writer(column).putInt(value);
  }

  /** Puts a {@code LONG}, a {@code TIMESTAMP} (microseconds) or a {@code PRICE} (1/10000). */
  public void putLong(int column, long value) {
    writer(column).putLong(value);
  }

  void putDouble(int column, double value) {
    writer(column).putDouble(value);
  }

  void putBoolean(int column, boolean value) {
    writer(column).putBoolean(value);
  }

  /** Puts a {@code STRING} (UTF-8) or {@code BINARY} slice; the array may be reused afterwards. */
  public void putBytes(int column, byte[] array, int start, int length) {
    writer(column).putBytes(array, start, length);
  }

  /** Puts a {@code STRING} (UTF-8) or {@code BINARY}; the array may be reused afterwards. */
  public void putBytes(int column, byte[] array) {
    writer(column).putBytes(array, 0, array.length);
  }

  private ColumnEncoder writer(int column) {
    if (pages == null) {
      startRowGroup();
    }
    return writers[column];
  }

  private void startRowGroup() {
    ColumnChunkPageWriteStore next =
        new ColumnChunkPageWriteStore(
            compressor,
            schema,
            HeapByteBufferAllocator.getInstance(),
            ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
            ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED);
    List<ColumnDescriptor> descriptors = schema.getColumns();
    for (int i = 0; i < writers.length; i++) {
      PageWriter writer = next.getPageWriter(descriptors.get(i));
      if (writers[i] == null) {
        Column column = columns.get(i);
        writers[i] =
            new ColumnEncoder(
                column,
                descriptors.get(i).getPrimitiveType(),
                repeats(column.type()) && !plain.contains(column.name()),
                writer);
      } else {
        writers[i].begin(writer);
      }
    }
    pages = next;
  }

  private static boolean repeats(Column.Type type) {
    return switch (type) {
      case BINARY, DOUBLE, BOOLEAN -> false;
      case STRING, INT, LONG, TIMESTAMP, DATE, PRICE -> true;
    };
  }

  /** Ends the row, of which every column was put. */
  public void endRow() {
    if (pages == null) {
      startRowGroup();
    }
    rows++;
    groupRows++;
    if (groupRows % CHECK_ROWS == 0 && buffered() >= settings.bytesPerRowGroup()) {
      try {
        endRowGroup();
      } catch (IOException e) {
        throw StorageFailures.of("write", path, e);
      }
    }
  }

  private void endRowGroup() throws IOException {
    if (pages == null) {
      return;
    }
    file.startBlock(groupRows);
    for (ColumnEncoder writer : writers) {
      writer.end();
    }
    pages.flushToFileWriter(file);
    file.endBlock();
    pages.close();
    pages = null;
    groupRows = 0;
  }

  /** Completes the file. */
  public Written finish() {
    return finish(Map.of());
  }

  /**
   * Completes the file.
   *
   * @param metadata the file's key-value metadata
   */
  public Written finish(Map<String, String> metadata) {
    try {
      endRowGroup();
      Map<String, String> all = new HashMap<>(metadata);
      all.put("writer", "clicklake");
      file.end(all);
      long size = file.getPos();
      String stats = FileStatistics.of(file.getFooter(), columns);
      closed = true;
      compressor.release();
      file.close();
      return new Written(size, rows, stats);
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of("write", path, e);
    }
  }

  /** Gives up an unfinished file, which stays incomplete where it is; harmless when finished. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (pages != null) {
      pages.close();
    }
    compressor.release();
    try {
      file.close();
    } catch (IOException e) {
      throw StorageFailures.of("close", path, e);
    }
  }
}
