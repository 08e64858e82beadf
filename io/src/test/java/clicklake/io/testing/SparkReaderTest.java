package clicklake.io.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkReaderTest {

  private final SparkReader spark = SparkReader.shared();

  @TempDir Path folder;
  private Path table;

  @BeforeEach
  void nameATable() {
    table = folder.resolve("täble of numbers");
  }

  @Test
  void everyTypeArrivesAsItsDocumentationSays() {
    Map<String, @Nullable Object> row =
        spark
            .sql(
                "SELECT 1Y AS b, 5000000000 AS l, 1.5D AS d, double('NaN') AS n,"
                    + " 12.3400BD AS m, timestamp'2024-01-01 10:00:00.123456' AS t,"
                    + " date'2024-02-29' AS e, X'00FF' AS x, true AS y, array(1, 2) AS a,"
                    + " map('k', timestamp'2024-01-01 00:00:00') AS p,"
                    + " named_struct('f', X'01', 'g', null) AS s, null AS u, 'ü\\n\"' AS q")
            .get(0);

    assertThat(row)
        .containsExactly(
            entry("b", 1L),
            entry("l", 5_000_000_000L),
            entry("d", 1.5),
            entry("n", "NaN"),
            entry("m", "12.3400"),
            entry("t", "2024-01-01T10:00:00.123456Z"),
            entry("e", "2024-02-29"),
            entry("x", "AP8="),
            entry("y", true),
            entry("a", List.of(1L, 2L)),
            entry("p", Map.of("k", "2024-01-01T00:00:00Z")),
            entry("s", struct("AQ==", null)),
            entry("u", null),
            entry("q", "ü\n\""));
  }

  @Test
  void aTableIsWrittenReadAndDescribed() {
    createTwoFiles();

    assertThat(numbers(spark.read(table))).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(spark.count(table)).isEqualTo(3);
    assertThat(spark.schema(table))
        .containsExactly(entry("number", "bigint"), entry("price", "decimal(18,4)"));
  }

  @Test
  void optimizeMakesOneFileOfTwoAndOldVersionsStayReadable() {
    createTwoFiles();

    spark.optimize(table);
    spark.delete(table, "number = 2");

    assertThat(spark.history(table))
        .extracting(commit -> commit.get("version"), commit -> commit.get("operation"))
        .containsExactly(
            tuple(3L, "DELETE"),
            tuple(2L, "OPTIMIZE"),
            tuple(1L, "WRITE"),
            tuple(0L, "CREATE TABLE AS SELECT"));
    assertThat(numbers(spark.read(table))).containsExactlyInAnyOrder(1L, 3L);
    assertThat(numbers(spark.readVersion(table, 0))).containsExactlyInAnyOrder(1L, 2L);
    assertThat(numbers(spark.readVersion(table, 2))).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void restoreGoesBackByANewCommit() {
    createTwoFiles();

    spark.restore(table, 0);

    assertThat(spark.version(table)).isEqualTo(2);
    assertThat(numbers(spark.read(table))).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aTableMadeAgainInTheSameFolderIsReadAnew() throws IOException {
    createTwoFiles();
    assertThat(spark.count(table)).isEqualTo(3);
    deleteFolder();

    spark.sql("CREATE TABLE " + SparkReader.name(table) + " USING delta AS SELECT 7L AS number");

    assertThat(numbers(spark.read(table))).containsExactly(7L);
  }

  @Test
  void aWrongStatementFailsWithSparksWordsAndTheSessionGoesOn() {
    assertThatThrownBy(() -> spark.sql("SELECT nothing"))
        .isInstanceOf(SparkReader.StatementFailed.class)
        .hasMessageContaining("UNRESOLVED_COLUMN")
        .hasMessageContaining("in: SELECT nothing");

    assertThat(spark.sql("SELECT 1 AS one")).containsExactly(Map.of("one", 1L));
  }

  @Test
  @Order(Integer.MAX_VALUE) // the others would pay for warming up a new session
  void aKilledReaderFailsAtOnceAndTheNextTestGetsAnother() {
    spark.process().kill9();

    assertThatThrownBy(() -> spark.sql("SELECT 1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Spark reader (pid " + spark.process().pid() + ")");

    assertThat(SparkReader.shared()).isNotSameAs(spark);
    assertThat(SparkReader.shared().sql("SELECT 1 AS one")).containsExactly(Map.of("one", 1L));
  }

  private void createTwoFiles() {
    spark.sql(
        "CREATE TABLE "
            + SparkReader.name(table)
            + " USING delta AS SELECT /*+ COALESCE(1) */ id AS number,"
            + " cast(id AS decimal(18,4)) AS price FROM range(1, 3)");
    spark.sql("INSERT INTO " + SparkReader.name(table) + " VALUES (3, 3.5)");
  }

  private void deleteFolder() throws IOException {
    TemporaryFolder.delete(table);
    assertThat(Files.exists(table)).isFalse();
  }

  private static Stream<@Nullable Object> numbers(List<Map<String, @Nullable Object>> rows) {
    return rows.stream().map(row -> row.get("number"));
  }

  private static Map<String, @Nullable Object> struct(@Nullable Object f, @Nullable Object g) {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put("f", f);
    fields.put("g", g);
    return fields;
  }
}
