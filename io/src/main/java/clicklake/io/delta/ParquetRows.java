package clicklake.io.delta;

import clicklake.schemas.table.Column;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
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
 * <p>Values go straight to the columns, without Parquet's record layer in between: for each row a
 * caller puts every column once, in any order, then calls {@link #endRow}. Byte slices are copied
 * before the call returns. Not safe for use by several threads.
 */
final class ParquetRows implements AutoCloseable {
  private static final int CHECK_ROWS = 1_000;

  private final String path;
  private final List<Column> columns;
  private final ParquetSettings settings;
  private final MessageType schema;
  private final ParquetProperties properties;
  private final ZstdPages compressor;
  private final ParquetFileWriter file;
  private final ColumnWriter[] writers;
  private final int[] present;
  private @Nullable ColumnChunkPageWriteStore pages;
  private @Nullable ColumnWriteStore store;
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
  record Written(long sizeBytes, long rows, String stats) {}

  /**
   * @param path the file, which must not exist
   * @param columns what a row holds
   * @param plain names of columns whose values seldom repeat, so that a dictionary would only cost
   */
  ParquetRows(
      FileIO files,
      String path,
      List<Column> columns,
      Set<String> plain,
      ParquetSettings settings) {
    this.path = path;
    this.columns = List.copyOf(columns);
    this.settings = settings;
    this.schema = parquetSchema(columns);
    this.properties = properties(columns, plain);
    this.writers = new ColumnWriter[columns.size()];
    this.present = new int[columns.size()];
    for (int i = 0; i < present.length; i++) {
      present[i] = columns.get(i).nullable() ? 1 : 0;
    }
    this.compressor = new ZstdPages(settings.zstdLevel());
    try {
      file =
          new ParquetFileWriter(
              LakeStorage.output(files, path),
              schema,
              ParquetFileWriter.Mode.CREATE,
              settings.bytesPerRowGroup(),
              0,
              properties.getColumnIndexTruncateLength(),
              properties.getStatisticsTruncateLength(),
              properties.getPageWriteChecksumEnabled());
      file.start();
    } catch (IOException e) {
      compressor.release();
      throw LakeFailures.of("write", path, e);
    }
  }

  private static ParquetProperties properties(List<Column> columns, Set<String> plain) {
    ParquetProperties.Builder builder =
        ParquetProperties.builder()
            .withMinRowCountForPageSizeCheck(CHECK_ROWS)
            .withSizeStatisticsEnabled(false);
    for (Column column : columns) {
      builder.withStatisticsEnabled(column.name(), column.statistics());
      boolean dictionary =
          column.type() != Column.Type.BINARY
              && column.type() != Column.Type.DOUBLE
              && !plain.contains(column.name());
      builder.withDictionaryEncoding(column.name(), dictionary);
    }
    return builder.build();
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
  boolean full() {
    if (rows >= settings.rowsPerFile()) {
      return true;
    }
    return rows % CHECK_ROWS == 0 && position() + buffered() >= settings.bytesPerFile();
  }

  private long position() {
    try {
      return file.getPos();
    } catch (IOException e) {
      throw LakeFailures.of("write", path, e);
    }
  }

  private long buffered() {
    return store == null ? 0 : store.getBufferedSize();
  }

  /** Leaves a nullable column out of the row. */
  void putNull(int column) {
    writer(column).writeNull(0, 0);
  }

  /** Puts an {@code INT} or a {@code DATE}. */
  void putInt(int column, int value) {
    writer(column).write(value, 0, present[column]);
  }

  /** Puts a {@code LONG}, a {@code TIMESTAMP} (microseconds) or a {@code PRICE} (1/10000). */
  void putLong(int column, long value) {
    writer(column).write(value, 0, present[column]);
  }

  void putDouble(int column, double value) {
    writer(column).write(value, 0, present[column]);
  }

  void putBoolean(int column, boolean value) {
    writer(column).write(value, 0, present[column]);
  }

  /** Puts a {@code STRING} (UTF-8) or {@code BINARY} slice; the array may be reused afterwards. */
  void putBytes(int column, byte[] array, int start, int length) {
    writer(column).write(Binary.fromReusedByteArray(array, start, length), 0, present[column]);
  }

  /** Puts a {@code STRING} or {@code BINARY} that never changes. */
  void putBinary(int column, Binary value) {
    writer(column).write(value, 0, present[column]);
  }

  private ColumnWriter writer(int column) {
    if (store == null) {
      startRowGroup();
    }
    return writers[column];
  }

  private void startRowGroup() {
    pages =
        new ColumnChunkPageWriteStore(
            compressor,
            schema,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    store = properties.newColumnWriteStore(schema, pages);
    List<ColumnDescriptor> descriptors = schema.getColumns();
    for (int i = 0; i < writers.length; i++) {
      writers[i] = store.getColumnWriter(descriptors.get(i));
    }
  }

  /** Ends the row, of which every column was put. */
  void endRow() {
    if (store == null) {
      startRowGroup();
    }
    store.endRecord();
    rows++;
    groupRows++;
    if (groupRows % CHECK_ROWS == 0 && buffered() >= settings.bytesPerRowGroup()) {
      try {
        endRowGroup();
      } catch (IOException e) {
        throw LakeFailures.of("write", path, e);
      }
    }
  }

  private void endRowGroup() throws IOException {
    if (store == null || pages == null) {
      return;
    }
    file.startBlock(groupRows);
    store.flush();
    pages.flushToFileWriter(file);
    file.endBlock();
    store.close();
    pages.close();
    store = null;
    pages = null;
    groupRows = 0;
  }

  /** Completes the file. */
  Written finish() {
    try {
      endRowGroup();
      file.end(Map.of("writer", "clicklake"));
      long size = file.getPos();
      String stats = DeltaStats.of(file.getFooter(), columns);
      closed = true;
      compressor.release();
      file.close();
      return new Written(size, rows, stats);
    } catch (IOException | RuntimeException e) {
      throw LakeFailures.of("write", path, e);
    }
  }

  /** Gives up an unfinished file, which stays incomplete where it is; harmless when finished. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (store != null) {
      store.close();
    }
    if (pages != null) {
      pages.close();
    }
    compressor.release();
    try {
      file.close();
    } catch (IOException e) {
      throw LakeFailures.of("close", path, e);
    }
  }
}
