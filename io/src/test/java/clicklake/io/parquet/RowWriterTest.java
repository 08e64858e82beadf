package clicklake.io.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.table.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read back by Parquet's own reader, in every way a column can be encoded. */
class RowWriterTest {
  private static final int ROWS = 50_000;

  private static final List<Column> COLUMNS =
      List.of(
          new Column("few", Column.Type.STRING, false, true, "seven values"),
          new Column("growing", Column.Type.STRING, true, true, "few at first, then too many"),
          new Column("many", Column.Type.STRING, false, true, "each different"),
          new Column("unnamed", Column.Type.STRING, true, true, "each different, no dictionary"),
          new Column("late", Column.Type.STRING, true, true, "only nulls for a page"),
          new Column("never", Column.Type.STRING, true, true, "only nulls"),
          new Column("same", Column.Type.INT, false, true, "one value"),
          new Column("small", Column.Type.INT, true, true, "13 values"),
          new Column("big", Column.Type.LONG, true, true, "1009 values"),
          new Column("row", Column.Type.LONG, false, true, "each different"),
          new Column("share", Column.Type.DOUBLE, true, true, ""),
          new Column("odd", Column.Type.BOOLEAN, true, true, ""),
          new Column("raw", Column.Type.BINARY, true, false, "empty and long ones"));

  @TempDir Path folder;

  private static boolean isNull(int column, int row) {
    return switch (column) {
      case 1 -> row % 5 == 0;
      case 3 -> row % 3 == 0;
      case 4 -> row < 30_000;
      case 5 -> true;
      case 7 -> row % 100 < 50;
      case 8 -> row % 2 == 0;
      case 10 -> row % 11 == 0;
      case 11 -> row % 17 == 0;
      case 12 -> row % 4 == 0;
      default -> false;
    };
  }

  private static @Nullable Object value(int column, int row) {
    if (isNull(column, row)) {
      return null;
    }
    return switch (column) {
      case 0 -> "few" + row % 7;
      case 1 -> row < 25_000 ? "g" + row % 100 : "g".repeat(80) + row;
      case 2 -> "many" + row;
      case 3 -> "u" + row;
      case 4 -> "late" + row % 4;
      case 6 -> (Object) 42;
      case 7 -> row % 13 - 6;
      case 8 -> row % 1009 * 10_000_000_000L - 7;
      case 9 -> row - 3L;
      case 10 -> row / 8.0 - 1000;
      case 11 -> row % 3 == 1;
      case 12 -> "r".repeat(row % 300);
      default -> throw new IllegalArgumentException("no column " + column);
    };
  }

  private RowWriter.Written write(Path path, ParquetSettings settings) {
    RowWriter rows =
        new RowWriter(new LocalFiles(false), path.toString(), COLUMNS, Set.of("unnamed"), settings);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS.size(); column++) {
        Object value = value(column, row);
        if (value == null) {
          rows.putNull(column);
        } else if (value instanceof String text) {
          byte[] bytes = ("<" + text + ">").getBytes(UTF_8);
          rows.putBytes(column, bytes, 1, bytes.length - 2);
        } else if (value instanceof Integer number) {
          rows.putInt(column, number);
        } else if (value instanceof Long number) {
          rows.putLong(column, number);
        } else if (value instanceof Double number) {
          rows.putDouble(column, number);
        } else {
          rows.putBoolean(column, (Boolean) value);
        }
      }
      rows.endRow();
    }
    return rows.finish();
  }

  private static List<@Nullable Object> values(RowReader.Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < COLUMNS.size(); i++) {
      values.add(row.isNull(i) ? null : value(row, i));
    }
    return values;
  }

  private static Object value(RowReader.Row row, int column) {
    return switch (COLUMNS.get(column).type()) {
      case STRING, BINARY -> row.binaryAt(column).toStringUsingUTF8();
      case INT, DATE -> (Object) row.intAt(column);
      case LONG, TIMESTAMP, PRICE -> row.longAt(column);
      case DOUBLE -> row.doubleAt(column);
      case BOOLEAN -> row.booleanAt(column);
    };
  }

  private static void assertThatAllIsReadBack(Path path) {
    int[] next = {0};
    RowReader.read(
        new LocalFiles(false),
        path.toString(),
        -1,
        COLUMNS,
        row -> {
          List<@Nullable Object> expected = new ArrayList<>();
          for (int i = 0; i < COLUMNS.size(); i++) {
            expected.add(value(i, next[0]));
          }
          assertThat(values(row)).isEqualTo(expected);
          next[0]++;
        });
    assertThat(next[0]).isEqualTo(ROWS);
  }

  private static ParquetMetadata footer(Path path) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            LakeStorage.input(new LocalFiles(false), path.toString(), -1),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      return reader.getFooter();
    }
  }

  @Test
  void everyValueIsReadBackFromOneRowGroup() throws IOException {
    Path path = folder.resolve("one.parquet");

    RowWriter.Written written = write(path, ParquetSettings.DEFAULT);

    assertThat(written.rows()).isEqualTo(ROWS);
    assertThat(footer(path).getBlocks()).hasSize(1);
    assertThatAllIsReadBack(path);
    assertThat(written.stats())
        .isEqualTo(
            "{\"numRecords\":50000,"
                + "\"minValues\":{\"few\":\"few0\",\"growing\":\"g1\",\"many\":\"many0\","
                + "\"unnamed\":\"u1\",\"late\":\"late0\",\"same\":42,\"small\":-6,\"big\":-7,"
                + "\"row\":-3,\"share\":-999.875},"
                + "\"maxValues\":{\"few\":\"few6\",\"growing\":\""
                + "g".repeat(32)
                + "\u007f\",\"many\":\"many9999\",\"unnamed\":\"u9998\",\"late\":\"late3\","
                + "\"same\":42,\"small\":6,\"big\":10079999999993,\"row\":49996,"
                + "\"share\":5249.875},"
                + "\"nullCount\":{\"few\":0,\"growing\":10000,\"many\":0,\"unnamed\":16667,"
                + "\"late\":30000,\"never\":50000,\"same\":0,\"small\":25000,\"big\":25000,"
                + "\"row\":0,\"share\":4546,\"odd\":2942}}");
  }

  @Test
  void everyValueIsReadBackFromManyRowGroups() throws IOException {
    Path path = folder.resolve("many.parquet");

    write(path, new ParquetSettings(1, 1_000_000, 256L << 20, 1 << 20));

    assertThat(footer(path).getBlocks()).hasSizeGreaterThan(3);
    assertThatAllIsReadBack(path);
  }

  @Test
  void aDictionaryIsUsedWhereItMakesAColumnSmaller() throws IOException {
    Path path = folder.resolve("encodings.parquet");
    write(path, ParquetSettings.DEFAULT);

    BlockMetaData block = footer(path).getBlocks().get(0);
    List<String> only = new ArrayList<>();
    List<String> partly = new ArrayList<>();
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      if (chunk.getEncodings().contains(Encoding.PLAIN_DICTIONARY)) {
        (chunk.getEncodings().contains(Encoding.PLAIN) ? partly : only)
            .add(chunk.getPath().toDotString());
      }
    }

    assertThat(only).containsExactly("few", "same", "small", "big");
    assertThat(partly).containsExactly("growing");
  }
}
