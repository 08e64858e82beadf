package clicklake.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroFileTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Sale", "fields": [
                {"name": "id", "type": "string", "doc": "which"},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "count", "type": ["null", "int"]},
                {"name": "total", "type": "long"},
                {"name": "rate", "type": "double"},
                {"name": "ok", "type": "boolean"},
                {"name": "raw", "type": ["null", "bytes"]},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "seen", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "due", "type": ["null", {"type": "int", "logicalType": "date"}]},
                {"name": "price", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                  "precision": 18, "scale": 4}]}
              ]}
              """);

  @TempDir Path lake;

  private static GenericRecord sale(String id, BigDecimal price) {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("id", new Utf8(id));
    record.put("day", (int) LocalDate.of(2026, 5, 1).toEpochDay());
    record.put("total", 5L);
    record.put("rate", 0.5);
    record.put("ok", true);
    record.put("raw", ByteBuffer.wrap(id.getBytes(StandardCharsets.UTF_8)));
    record.put("at", 1_001L);
    record.put("seen", 2L);
    record.put("price", ByteBuffer.wrap(price.unscaledValue().toByteArray()));
    return record;
  }

  @Test
  void aSchemaBecomesATable() {
    assertThat(AvroFile.table("test/sales", "Sales", SCHEMA, "day"))
        .isEqualTo(
            new TableSchema(
                "test/sales",
                "Sales",
                List.of(
                    new Column("id", Column.Type.STRING, false, true, "which"),
                    new Column("count", Column.Type.INT, true, true, ""),
                    new Column("total", Column.Type.LONG, false, true, ""),
                    new Column("rate", Column.Type.DOUBLE, false, true, ""),
                    new Column("ok", Column.Type.BOOLEAN, false, true, ""),
                    new Column("raw", Column.Type.BINARY, true, false, ""),
                    new Column("at", Column.Type.TIMESTAMP, false, true, ""),
                    new Column("seen", Column.Type.TIMESTAMP, false, true, ""),
                    new Column("due", Column.Type.DATE, true, true, ""),
                    new Column("price", Column.Type.PRICE, true, true, "")),
                "day"));
  }

  @Test
  void everyFieldThatNoTableHoldsIsListed() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Odd", "fields": [
                  {"name": "fine", "type": "int"},
                  {"name": "list", "type": {"type": "array", "items": "int"}},
                  {"name": "small", "type": "float"},
                  {"name": "cents", "type": {"type": "bytes", "logicalType": "decimal",
                    "precision": 10, "scale": 2}},
                  {"name": "either", "type": ["int", "string"]},
                  {"name": "clock", "type": {"type": "int", "logicalType": "time-millis"}}
                ]}
                """);

    assertThatThrownBy(() -> AvroFile.table("test/odd", "", schema, "day"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "test/odd: a table cannot hold these fields: list (array), small (float), cents"
                + " (decimal(10,2)), either (union), clock (time-millis), day (partitions the"
                + " table, but is missing)");
  }

  @Test
  void recordsAreWrittenWithStatisticsAndCanBeCommitted() {
    TableSchema table = AvroFile.table("test/sales", "Sales", SCHEMA, "day");
    LocalDate day = AvroFile.date(table, sale("a", BigDecimal.ONE.setScale(4)));
    DataFile content;
    try (AvroFile file =
        new AvroFile(LakeLocation.of(lake), table, SCHEMA, day, 7, ParquetSettings.DEFAULT)) {
      file.write(sale("a", new BigDecimal("12.5000")));
      file.write(sale("b", new BigDecimal("-0.0001")));
      content = file.finish();
    }

    assertThat(content.path()).matches("day=2026-05-01/7-[0-9a-f-]{36}\\.parquet");
    assertThat(content.date()).isEqualTo("2026-05-01");
    assertThat(content.stats())
        .isEqualTo(
            "{\"numRecords\":2,\"minValues\":{\"id\":\"a\",\"total\":5,\"rate\":0.5,"
                + "\"at\":\"1970-01-01T00:00:00.001Z\",\"seen\":\"1970-01-01T00:00:00.002Z\","
                + "\"price\":-0.0001},\"maxValues\":{\"id\":\"b\",\"total\":5,\"rate\":0.5,"
                + "\"at\":\"1970-01-01T00:00:00.002Z\",\"seen\":\"1970-01-01T00:00:00.002Z\","
                + "\"price\":12.5000},\"nullCount\":{\"id\":0,\"count\":2,\"total\":0,\"rate\":0,"
                + "\"ok\":0,\"at\":0,\"seen\":0,\"due\":2,\"price\":0}}");
    List<String> rows = new ArrayList<>();
    RowReader.read(
        new LocalFiles(false),
        lake + "/test/sales/" + content.path(),
        content.sizeBytes(),
        table.columns(),
        row ->
            rows.add(
                row.textAt(0)
                    + row.isNull(1)
                    + row.longAt(2)
                    + row.doubleAt(3)
                    + row.booleanAt(4)
                    + row.textAt(5)
                    + row.longAt(6)
                    + ","
                    + row.longAt(7)
                    + row.isNull(8)
                    + row.longAt(9)));
    assertThat(rows)
        .containsExactly("atrue50.5truea1001,2000true125000", "btrue50.5trueb1001,2000true-1");
    KernelTableLog log = new KernelTableLog(new LocalFiles(false), lake.toString(), table);
    TableLog.TableState state =
        log.commit(
            log.create(Map.of()),
            new TableLog.Changes("WRITE", List.of(content), List.of(), Map.of()));
    assertThat(log.files(state, null)).containsExactly(content);
  }

  @Test
  void aValueOfAnotherTypeIsNamed() {
    TableSchema table = AvroFile.table("test/sales", "Sales", SCHEMA, "day");
    GenericRecord wrong = sale("a", BigDecimal.ONE.setScale(4));
    wrong.put("total", "five");
    try (AvroFile file =
        new AvroFile(
            LakeLocation.of(lake),
            table,
            SCHEMA,
            LocalDate.of(2026, 5, 1),
            7,
            ParquetSettings.DEFAULT)) {
      assertThatThrownBy(() -> file.write(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("test/sales: total of a record is no LONG: java.lang.String");
    }
    assertThat(lake.resolve("test/sales/day=2026-05-01")).isEmptyDirectory();
  }
}
