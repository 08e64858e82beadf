package clicklake.io.parquet;

import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records of flat schemas into one data file of a table.
 *
 * <p>Fields are strings (also enums), ints, longs, doubles, booleans, bytes (also fixed), {@code
 * date}, {@code timestamp-micros}, {@code timestamp-millis} and {@code decimal} of scale 4 and at
 * most 18 digits, each of them alone or in a union with null. The file is no part of the table
 * before its {@link DataFile} is committed. Not safe for use by several threads.
 */
public final class AvroFile implements AutoCloseable {
  private static final int SCALE = 4;
  private static final int PRECISION = 18;

  private final LakeFiles files;
  private final TableSchema table;
  private final Schema schema;
  private final String path;
  private final String absolute;
  private final @Nullable LocalDate date;
  private final RowWriter rows;
  private final int[] positions;
  private final int[] multipliers;
  private boolean finished;

  /**
   * Begins a file.
   *
   * @param lake where the lake lies
   * @param table made by {@link #table} of the same schema
   * @param date value of the table's partition column; null if it has none
   * @param createdAtMillis when it is written, for its name
   */
  public AvroFile(
      LakeLocation lake,
      TableSchema table,
      Schema schema,
      @Nullable LocalDate date,
      long createdAtMillis,
      ParquetSettings settings) {
    if ((date == null) != (table.partitionColumn() == null)) {
      throw new IllegalArgumentException(table + ": a date belongs to a partitioned table");
    }
    this.files = LakeStorage.of(lake);
    this.table = table;
    this.schema = schema;
    this.date = date;
    String folder = date == null ? "" : table.partitionColumn() + "=" + date + "/";
    this.path = folder + createdAtMillis + "-" + UUID.randomUUID() + ".parquet";
    this.absolute = lake.path(table.path() + "/" + path);
    this.positions = new int[table.columns().size()];
    this.multipliers = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      Schema.Field field = schema.getField(table.columns().get(i).name());
      if (field == null) {
        throw new IllegalArgumentException(
            table + ": the schema has no field " + table.columns().get(i).name());
      }
      positions[i] = field.pos();
      multipliers[i] =
          valueSchema(field.schema()).getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? 1000
              : 1;
    }
    this.rows = new RowWriter(files, absolute, table.columns(), Set.of(), settings);
  }

  /**
   * The table that holds records of a schema.
   *
   * @param path below the lake's root: {@code layer/name}
   * @param partitionColumn the field, a {@code date}, that partitions the table; null for none
   * @throws IllegalArgumentException if the schema holds what a table cannot; lists every such
   *     field
   */
  public static TableSchema table(
      String path, String comment, Schema schema, @Nullable String partitionColumn) {
    List<String> refused = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    if (schema.getType() != Schema.Type.RECORD) {
      throw new IllegalArgumentException(path + ": no record schema: " + schema.getType());
    }
    boolean partitionFound = partitionColumn == null;
    for (Schema.Field field : schema.getFields()) {
      Schema value = valueSchema(field.schema());
      Column.Type type = type(value);
      if (type == null) {
        refused.add(field.name() + " (" + describe(field.schema()) + ")");
      } else if (field.name().equals(partitionColumn)) {
        partitionFound = type == Column.Type.DATE;
        if (!partitionFound) {
          refused.add(field.name() + " (partitions the table, but is no date)");
          partitionFound = true;
        }
      } else {
        columns.add(
            new Column(
                field.name(),
                type,
                field.schema().isNullable(),
                type != Column.Type.BINARY,
                field.doc() == null ? "" : field.doc()));
      }
    }
    if (!partitionFound) {
      refused.add(partitionColumn + " (partitions the table, but is missing)");
    }
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(
          path + ": a table cannot hold these fields: " + String.join(", ", refused));
    }
    return new TableSchema(path, comment, columns, partitionColumn);
  }

  /** A union's one type beside null; any other schema as it is. */
  private static Schema valueSchema(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> values =
        schema.getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
    return values.size() == 1 ? values.get(0) : schema;
  }

  private static Column.@Nullable Type type(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return decimal.getScale() == SCALE && decimal.getPrecision() <= PRECISION
          ? Column.Type.PRICE
          : null;
    }
    boolean plain = logical == null;
    return switch (schema.getType()) {
      case STRING -> Column.Type.STRING;
      case ENUM -> Column.Type.STRING;
      case INT ->
          plain ? Column.Type.INT : logical instanceof LogicalTypes.Date ? Column.Type.DATE : null;
      case LONG ->
          plain
              ? Column.Type.LONG
              : logical instanceof LogicalTypes.TimestampMicros
                      || logical instanceof LogicalTypes.TimestampMillis
                  ? Column.Type.TIMESTAMP
                  : null;
      case DOUBLE -> Column.Type.DOUBLE;
      case BOOLEAN -> Column.Type.BOOLEAN;
      case BYTES, FIXED -> plain ? Column.Type.BINARY : null;
      case RECORD, ARRAY, MAP, UNION, FLOAT, NULL -> null;
    };
  }

  private static String describe(Schema schema) {
    LogicalType logical = valueSchema(schema).getLogicalType();
    String name = valueSchema(schema).getType().getName();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + ")";
    }
    return logical == null ? name : logical.getName();
  }

  /** The date of a record in a partitioned table. */
  public static LocalDate date(TableSchema table, GenericRecord record) {
    Object value = record.get(table.partitionColumn());
    if (value instanceof LocalDate date) {
      return date;
    }
    if (value instanceof Integer days) {
      return LocalDate.ofEpochDay(days);
    }
    throw new IllegalArgumentException(
        table + ": " + table.partitionColumn() + " of a record is no date: " + value);
  }

  /**
   * Adds a record.
   *
   * @throws IllegalArgumentException if a value is not of its field's type; the file is then of no
   *     use
   */
  public void write(GenericRecord record) {
    List<Column> columns = table.columns();
    for (int i = 0; i < positions.length; i++) {
      Column column = columns.get(i);
      Object value = record.get(positions[i]);
      if (value == null) {
        if (!column.nullable()) {
          throw new IllegalArgumentException(table + ": " + column.name() + " of a record is null");
        }
        rows.putNull(i);
        continue;
      }
      try {
        put(i, column, value);
      } catch (ClassCastException | ArithmeticException e) {
        throw new IllegalArgumentException(
            table
                + ": "
                + column.name()
                + " of a record is no "
                + column.type()
                + ": "
                + value.getClass().getName(),
            e);
      }
    }
    rows.endRow();
  }

  private void put(int i, Column column, Object value) {
    switch (column.type()) {
      case STRING -> {
        if (value instanceof Utf8 utf8) {
          rows.putBytes(i, utf8.getBytes(), 0, utf8.getByteLength());
        } else {
          byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
          rows.putBytes(i, bytes, 0, bytes.length);
        }
      }
      case BINARY -> {
        byte[] bytes = bytes(value);
        rows.putBytes(i, bytes, 0, bytes.length);
      }
      case INT -> rows.putInt(i, (Integer) value);
      case DATE ->
          rows.putInt(
              i,
              value instanceof LocalDate day ? Math.toIntExact(day.toEpochDay()) : (Integer) value);
      case LONG -> rows.putLong(i, (Long) value);
      case TIMESTAMP -> rows.putLong(i, Math.multiplyExact((Long) value, multipliers[i]));
      case DOUBLE -> rows.putDouble(i, (Double) value);
      case BOOLEAN -> rows.putBoolean(i, (Boolean) value);
      case PRICE -> {
        BigDecimal decimal =
            value instanceof BigDecimal exact
                ? exact
                : new BigDecimal(new BigInteger(bytes(value)), SCALE);
        rows.putLong(i, decimal.setScale(SCALE).unscaledValue().longValueExact());
      }
    }
  }

  private static byte[] bytes(Object value) {
    if (value instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** Whether the file has as many rows or bytes as the settings allow. */
  public boolean full() {
    return rows.full();
  }

  /** Completes the file. */
  public DataFile finish() {
    RowWriter.Written written = rows.finish();
    finished = true;
    return new DataFile(
        path,
        written.sizeBytes(),
        written.rows(),
        date == null ? null : date.toString(),
        written.stats());
  }

  /** Gives up and deletes an unfinished file; harmless when finished. */
  @Override
  public void close() {
    if (finished) {
      return;
    }
    finished = true;
    rows.close();
    try {
      files.delete(absolute);
    } catch (IOException e) {
      throw StorageFailures.of("delete", absolute, e);
    }
  }

  @Override
  public String toString() {
    return schema.getName() + " to " + absolute;
  }
}
