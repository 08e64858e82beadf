package clicklake.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.storage.LocalFiles;
import clicklake.schemas.table.Column;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStatisticsTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("s", Column.Type.STRING, true, true, ""),
          new Column("i", Column.Type.INT, false, true, ""),
          new Column("l", Column.Type.LONG, true, true, ""),
          new Column("d", Column.Type.DOUBLE, true, true, ""),
          new Column("b", Column.Type.BOOLEAN, true, true, ""),
          new Column("x", Column.Type.BINARY, true, true, ""),
          new Column("t", Column.Type.TIMESTAMP, true, true, ""),
          new Column("y", Column.Type.DATE, true, true, ""),
          new Column("p", Column.Type.PRICE, true, true, ""),
          new Column("none", Column.Type.LONG, true, true, ""),
          new Column("quiet", Column.Type.STRING, true, false, ""));

  @TempDir Path folder;

  private static void row(
      RowWriter rows, String s, int i, long l, double d, long t, int y, long p) {
    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
    rows.putBytes(0, bytes, 0, bytes.length);
    rows.putInt(1, i);
    rows.putLong(2, l);
    rows.putDouble(3, d);
    rows.putBoolean(4, true);
    rows.putBytes(5, bytes, 0, bytes.length);
    rows.putLong(6, t);
    rows.putInt(7, y);
    rows.putLong(8, p);
    rows.putNull(9);
    rows.putBytes(10, bytes, 0, bytes.length);
    rows.endRow();
  }

  @Test
  void everyTypeHasTheBoundsThatDeltaExpects() {
    String path = folder.resolve("x.parquet").toString();
    RowWriter rows =
        new RowWriter(new LocalFiles(false), path, COLUMNS, Set.of(), ParquetSettings.DEFAULT);
    row(rows, "b", 3, -5, 0.5, 1_777_636_800_123_456L, 20_000, 12_345);
    row(rows, "ä", -3, 5, -1.25, -1L, -1, 5);
    for (int c = 0; c < COLUMNS.size(); c++) {
      if (c == 1) {
        rows.putInt(c, 0);
      } else {
        rows.putNull(c);
      }
    }
    rows.endRow();

    RowWriter.Written written = rows.finish();

    assertThat(written.rows()).isEqualTo(3);
    assertThat(written.sizeBytes()).isEqualTo(Path.of(path).toFile().length());
    assertThat(written.stats())
        .isEqualTo(
            "{\"numRecords\":3,"
                + "\"minValues\":{\"s\":\"b\",\"i\":-3,\"l\":-5,\"d\":-1.25,"
                + "\"t\":\"1969-12-31T23:59:59.999Z\",\"y\":\"1969-12-31\",\"p\":0.0005},"
                + "\"maxValues\":{\"s\":\"ä\",\"i\":3,\"l\":5,\"d\":0.5,"
                + "\"t\":\"2026-05-01T12:00:00.124Z\",\"y\":\"2024-10-04\",\"p\":1.2345},"
                + "\"nullCount\":{\"s\":1,\"i\":0,\"l\":1,\"d\":1,\"b\":1,\"x\":1,\"t\":1,"
                + "\"y\":1,\"p\":1,\"none\":3}}");
  }

  @Test
  void aFileWithoutRowsHasNoBounds() {
    RowWriter rows =
        new RowWriter(
            new LocalFiles(false),
            folder.resolve("x.parquet").toString(),
            COLUMNS,
            Set.of(),
            ParquetSettings.DEFAULT);

    assertThat(rows.finish().stats())
        .isEqualTo("{\"numRecords\":0,\"minValues\":{},\"maxValues\":{},\"nullCount\":{}}");
  }

  @Test
  void longStringsAreCutAndTheUpperBoundStaysAbove() {
    String x32 = "x".repeat(32);

    assertThat(FileStatistics.lowerBound(x32)).isEqualTo(x32);
    assertThat(FileStatistics.upperBound(x32)).isEqualTo(x32);
    assertThat(FileStatistics.lowerBound(x32 + "y")).isEqualTo(x32);
    assertThat(FileStatistics.upperBound(x32 + "y")).isEqualTo(x32 + "\u007f");
    assertThat(FileStatistics.upperBound(x32 + "ä")).isEqualTo(x32 + "\udbff\udfff");
    assertThat(FileStatistics.lowerBound("🛒".repeat(40))).isEqualTo("🛒".repeat(32));
    assertThat(FileStatistics.upperBound("\udbff\udfff".repeat(100))).isNull();
  }

  @Property
  void boundsHoldInTheOrderOfUtf8Bytes(@ForAll @StringLength(max = 80) String text) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    String upper = FileStatistics.upperBound(whole);

    assertThat(
            Arrays.compareUnsigned(
                FileStatistics.lowerBound(whole).getBytes(StandardCharsets.UTF_8), bytes))
        .isLessThanOrEqualTo(0);
    assertThat(upper).isNotNull();
    assertThat(Arrays.compareUnsigned(upper.getBytes(StandardCharsets.UTF_8), bytes))
        .isGreaterThanOrEqualTo(0);
  }

  @Test
  void timesAreMillisecondsTheUpperOneRoundedUp() {
    assertThat(FileStatistics.time(1_000, false)).contains("1970-01-01T00:00:00.001Z");
    assertThat(FileStatistics.time(1_000, true)).contains("1970-01-01T00:00:00.001Z");
    assertThat(FileStatistics.time(1_001, false)).contains("1970-01-01T00:00:00.001Z");
    assertThat(FileStatistics.time(1_001, true)).contains("1970-01-01T00:00:00.002Z");
    assertThat(FileStatistics.time(-1, true)).contains("1970-01-01T00:00:00.000Z");
    assertThat(FileStatistics.time(Long.MAX_VALUE, true)).isEqualTo(Optional.empty());
  }
}
