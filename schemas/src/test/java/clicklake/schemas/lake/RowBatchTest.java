package clicklake.schemas.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowBatchTest {
  private static final TableSchema EVERY_TYPE =
      new TableSchema(
          "test/types",
          "",
          Stream.of(Column.Type.values())
              .flatMap(
                  type ->
                      Stream.of(
                          new Column(type.name(), type, false, false, ""),
                          new Column(type.name() + "_or_null", type, true, false, "")))
              .toList(),
          null);

  private static @Nullable Object[] row(
      String text, int small, long large, double real, boolean truth, boolean missing) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Column.Type type : Column.Type.values()) {
      Object value =
          switch (type) {
            case STRING -> text;
            case INT, DATE -> small;
            case LONG, TIMESTAMP, PRICE -> large;
            case DOUBLE -> real;
            case BOOLEAN -> truth;
            case BINARY -> text.getBytes(UTF_8);
          };
      values.add(value);
      values.add(missing ? null : value);
    }
    return values.toArray();
  }

  private static List<@Nullable Object> values(TableReader.Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < EVERY_TYPE.columns().size(); i++) {
      values.add(
          row.isNull(i)
              ? null
              : switch (EVERY_TYPE.columns().get(i).type()) {
                case STRING -> row.textAt(i);
                case INT, DATE -> row.intAt(i);
                case LONG, TIMESTAMP, PRICE -> row.longAt(i);
                case DOUBLE -> row.doubleAt(i);
                case BOOLEAN -> row.booleanAt(i);
                case BINARY -> new String(row.bytesAt(i), UTF_8);
              });
    }
    return values;
  }

  @Property(tries = 200)
  void rowsComeOutAsTheyWentIn(
      @ForAll List<String> texts,
      @ForAll int small,
      @ForAll long large,
      @ForAll double real,
      @ForAll boolean truth) {
    RowBatch batch = new RowBatch(EVERY_TYPE);
    List<List<@Nullable Object>> expected = new ArrayList<>();
    boolean missing = truth;
    for (String text : texts) {
      // What cannot be UTF-8 (a lone surrogate) becomes a question mark.
      String valid = new String(text.getBytes(UTF_8), UTF_8);
      @Nullable Object[] row = row(valid, small, large, real, truth, missing);
      batch.row(row);
      expected.add(
          Stream.of(row)
              .map(value -> value instanceof byte[] bytes ? new String(bytes, UTF_8) : value)
              .toList());
      missing = !missing;
    }
    List<List<@Nullable Object>> read = new ArrayList<>();
    RowBatch.read(EVERY_TYPE, batch.toByteArray(), row -> read.add(values(row)));

    assertThat(read).isEqualTo(expected);
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    TableSchema table =
        new TableSchema(
            "test/one", "", List.of(new Column("n", Column.Type.LONG, false, false, "")), null);

    assertThatThrownBy(() -> new RowBatch(table).row("1"))
        .hasMessage("test/one.n takes LONG, not String");
    assertThatThrownBy(() -> new RowBatch(table).row((Object) null))
        .hasMessage("test/one.n takes LONG, not null");
    assertThatThrownBy(() -> new RowBatch(table).row(1L, 2L))
        .hasMessage("test/one has 1 columns, not 2");
  }
}
