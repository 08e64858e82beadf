package clicklake.io.parquet;

import static java.util.Objects.requireNonNull;

import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import java.io.IOException;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads some flat columns of a Parquet file and shows them row by row.
 *
 * <p>Columns are found by name, wherever they stand, and in whatever physical type the file's
 * writer chose for them: times in 64 bits of any unit or in the 96 bits that Spark writes, decimals
 * as 32 or 64 bits, or as bytes.
 */
public final class RowReader {
  private static final int PRICE_SCALE = 4;
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final int JULIAN_DAY_OF_1970 = 2_440_588;

  private RowReader() {}

  /** Is shown rows. */
  @FunctionalInterface
  public interface Visitor {
    /** Shows a row; its values may be asked for during the call only, each any number of times. */
    void row(Row row);
  }

  /**
   * Shows every row of a file.
   *
   * @param path where the file lies
   * @param size its length; -1 if not known
   * @param columns what to read; a row's columns are counted in this order
   * @return the file's key-value metadata
   * @throws LakeException if the file cannot be read
   * @throws CorruptTableException if it lacks one of the columns, or holds it in a type that cannot
   *     be read
   */
  public static Map<String, String> read(
      LakeFiles files, String path, long size, List<Column> columns, Visitor visitor) {
    try (ParquetFileReader reader = open(files, path, size)) {
      MessageType whole = reader.getFileMetaData().getSchema();
      String createdBy = reader.getFileMetaData().getCreatedBy();
      MessageType schema = projection(path, whole, columns);
      reader.setRequestedSchema(schema);
      Row row = new Row(path, columns, schema);
      PageReadStore group;
      while ((group = reader.readNextRowGroup()) != null) {
        try (PageReadStore pages = group) {
          ColumnReadStoreImpl store =
              new ColumnReadStoreImpl(pages, new Converters(row.texts), schema, createdBy);
          row.open(store);
          for (long left = pages.getRowCount(); left > 0; left--) {
            visitor.row(row);
            row.next();
          }
        }
      }
      return reader.getFileMetaData().getKeyValueMetaData();
    } catch (IOException e) {
      throw StorageFailures.of("read", path, e);
    } catch (RuntimeException e) {
      throw failure(path, e);
    }
  }

  /**
   * A file's key-value metadata.
   *
   * @param size its length; -1 if not known
   * @throws LakeException if the file cannot be read
   */
  static Map<String, String> metadata(LakeFiles files, String path, long size) {
    try (ParquetFileReader reader = open(files, path, size)) {
      return reader.getFileMetaData().getKeyValueMetaData();
    } catch (IOException e) {
      throw StorageFailures.of("read", path, e);
    } catch (RuntimeException e) {
      throw failure(path, e);
    }
  }

  /**
   * How many rows a file has, by its footer.
   *
   * @param size its length; -1 if not known
   * @throws LakeException if the file cannot be read
   */
  static long countRows(LakeFiles files, String path, long size) {
    try (ParquetFileReader reader = open(files, path, size)) {
      return reader.getRecordCount();
    } catch (IOException e) {
      throw StorageFailures.of("read", path, e);
    } catch (RuntimeException e) {
      throw failure(path, e);
    }
  }

  private static ParquetFileReader open(LakeFiles files, String path, long size)
      throws IOException {
    return ParquetFileReader.open(
        LakeStorage.input(files, path, size),
        ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
  }

  /** Parquet throws what it finds wrong with a file unchecked, and not always as its own class. */
  private static RuntimeException failure(String path, RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    boolean parquets =
        e.getClass().getName().startsWith("org.apache.parquet")
            || trace.length > 0 && trace[0].getClassName().startsWith("org.apache.parquet");
    return parquets ? StorageFailures.of("read", path, e) : e;
  }

  private static MessageType projection(String path, MessageType whole, List<Column> columns) {
    Type[] fields = new Type[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      String name = columns.get(i).name();
      if (!whole.containsField(name) || !whole.getType(name).isPrimitive()) {
        throw new CorruptTableException(
            path + " has no column " + name + "; it was not written for this table: remove it");
      }
      fields[i] = whole.getType(name);
    }
    return new MessageType("row", fields);
  }

  /** The row that a visitor is shown. */
  public static final class Row implements TableReader.Row {
    private final ColumnReader[] readers;
    private final ColumnDescriptor[] descriptors;
    private final int[] present;
    private final long[] factors;
    private final Texts[] texts;

    private Row(String path, List<Column> columns, MessageType schema) {
      readers = new ColumnReader[columns.size()];
      descriptors = new ColumnDescriptor[columns.size()];
      present = new int[columns.size()];
      factors = new long[columns.size()];
      texts = new Texts[columns.size()];
      for (int i = 0; i < descriptors.length; i++) {
        descriptors[i] = schema.getColumnDescription(new String[] {columns.get(i).name()});
        present[i] = descriptors[i].getMaxDefinitionLevel();
        factors[i] = factor(path, columns.get(i), descriptors[i].getPrimitiveType());
        texts[i] = new Texts();
      }
    }

    /**
     * How stored numbers relate to ours: multiply by it if positive, divide by its negation if
     * negative; 0 if the value needs a conversion of its own.
     */
    private static long factor(String path, Column column, PrimitiveType type) {
      PrimitiveTypeName stored = type.getPrimitiveTypeName();
      boolean bytes =
          stored == PrimitiveTypeName.BINARY || stored == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
      boolean number = stored == PrimitiveTypeName.INT32 || stored == PrimitiveTypeName.INT64;
      switch (column.type()) {
        case STRING, BINARY -> {
          if (bytes) {
            return 1;
          }
        }
        case INT, DATE -> {
          if (stored == PrimitiveTypeName.INT32) {
            return 1;
          }
        }
        case LONG -> {
          if (number) {
            return 1;
          }
        }
        case DOUBLE -> {
          if (stored == PrimitiveTypeName.DOUBLE) {
            return 1;
          }
        }
        case BOOLEAN -> {
          if (stored == PrimitiveTypeName.BOOLEAN) {
            return 1;
          }
        }
        case TIMESTAMP -> {
          if (stored == PrimitiveTypeName.INT96) {
            return 0;
          }
          if (type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation time) {
            return switch (time.getUnit()) {
              case MILLIS -> 1000;
              case MICROS -> 1;
              case NANOS -> -1000;
            };
          }
        }
        case PRICE -> {
          if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            if (bytes) {
              return 0;
            }
            int up = PRICE_SCALE - decimal.getScale();
            long power = Math.round(Math.pow(10, Math.abs(up)));
            return up >= 0 ? power : -power;
          }
        }
      }
      throw new CorruptTableException(
          path + " holds column " + column.name() + " as " + type + ", not as " + column.type());
    }

    private void open(ColumnReadStoreImpl store) {
      for (int i = 0; i < readers.length; i++) {
        readers[i] = store.getColumnReader(descriptors[i]);
      }
    }

    private void next() {
      for (int i = 0; i < readers.length; i++) {
        ColumnReader reader = readers[i];
        if (reader.getCurrentDefinitionLevel() == present[i]) {
          reader.skip();
        }
        reader.consume();
      }
    }

    @Override
    public boolean isNull(int column) {
      return readers[column].getCurrentDefinitionLevel() != present[column];
    }

    /** An {@code INT} or {@code DATE}. */
    @Override
    public int intAt(int column) {
      return readers[column].getInteger();
    }

    /** A {@code LONG}, a {@code TIMESTAMP} in microseconds, or a {@code PRICE} in 1/10000. */
    @Override
    public long longAt(int column) {
      long factor = factors[column];
      if (factor == 0) {
        return converted(column);
      }
      PrimitiveTypeName stored = descriptors[column].getPrimitiveType().getPrimitiveTypeName();
      long value =
          stored == PrimitiveTypeName.INT32
              ? readers[column].getInteger()
              : readers[column].getLong();
      return factor == 1 ? value : factor > 0 ? value * factor : Math.floorDiv(value, -factor);
    }

    private long converted(int column) {
      PrimitiveType type = descriptors[column].getPrimitiveType();
      Binary value = readers[column].getBinary();
      if (type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
        return new java.math.BigDecimal(new BigInteger(value.getBytes()), decimal.getScale())
            .setScale(PRICE_SCALE, RoundingMode.UNNECESSARY)
            .unscaledValue()
            .longValueExact();
      }
      var bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      long nanos = bytes.getLong(bytes.position());
      int julianDay = bytes.getInt(bytes.position() + 8);
      return (julianDay - JULIAN_DAY_OF_1970) * MICROS_OF_DAY + Math.floorDiv(nanos, 1000L);
    }

    @Override
    public double doubleAt(int column) {
      return readers[column].getDouble();
    }

    @Override
    public boolean booleanAt(int column) {
      return readers[column].getBoolean();
    }

    @Override
    public byte[] bytesAt(int column) {
      return binaryAt(column).getBytes();
    }

    /** The bytes of a {@code STRING} or {@code BINARY}; valid during the call only. */
    public Binary binaryAt(int column) {
      return readers[column].getBinary();
    }

    /** A {@code STRING}; equal ones that come often are the same object. */
    @Override
    public String textAt(int column) {
      readers[column].writeCurrentValueToConverter();
      return texts[column].text;
    }
  }

  /**
   * The texts of a column. Each text of a dictionary is made once, and so are, where values are not
   * numbers of a dictionary, those that come often.
   */
  private static final class Texts extends PrimitiveConverter {
    private static final int MOST = 1024;

    private final Map<Binary, String> often = new HashMap<>();
    private @Nullable Binary last;
    private @Nullable Dictionary dictionary;
    private @Nullable String[] entries = {};
    private String text = "";

    @Override
    public boolean hasDictionarySupport() {
      return true;
    }

    @Override
    public void setDictionary(Dictionary values) {
      dictionary = values;
      entries = new String[values.getMaxId() + 1];
    }

    @Override
    public void addValueFromDictionary(int id) {
      String entry = entries[id];
      if (entry == null) {
        entry = requireNonNull(dictionary).decodeToBinary(id).toStringUsingUTF8();
        entries[id] = entry;
      }
      last = null;
      text = entry;
    }

    @Override
    public void addBinary(Binary value) {
      if (value.equals(last)) {
        return;
      }
      String known = often.get(value);
      // What was read is valid until the next row only.
      Binary kept = Binary.fromConstantByteArray(value.getBytes());
      if (known == null) {
        known = kept.toStringUsingUTF8();
        if (often.size() < MOST) {
          often.put(kept, known);
        }
      }
      last = kept;
      text = known;
    }
  }

  /** Parquet wants converters to build records with; only texts are built here. */
  private static final class Converters extends GroupConverter {
    private final Texts[] texts;

    Converters(Texts[] texts) {
      this.texts = texts;
    }

    @Override
    public Converter getConverter(int field) {
      return texts[field];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
