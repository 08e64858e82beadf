package clicklake.io.parquet;

import static clicklake.io.parquet.TestRows.CLICKS_0;
import static clicklake.io.parquet.TestRows.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.lake.FeedWriters;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableFilesTest {
  /** Silver as Spark's OPTIMIZE may write it: other order, INT96 times, decimals as bytes. */
  private static final MessageType SPARK =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required int96 event_time;
            optional fixed_len_byte_array(8) price (DECIMAL(18,4));
            required binary event_id (STRING);
            required int32 schema_version;
            optional binary user_id (STRING);
            required binary action (STRING);
            required binary page (STRING);
            optional binary referrer (STRING);
            optional binary user_agent (STRING);
            optional binary source (STRING);
            optional binary device_type (STRING);
            optional binary country (STRING);
            optional binary ip_hash (STRING);
            optional binary ip_hash_key_id (STRING);
            optional binary session_id (STRING);
            optional binary product_id (STRING);
            optional int32 quantity;
            optional binary currency (STRING);
            optional binary _rescued_data (STRING);
            required binary _source (STRING);
            required int32 _partition;
            required int64 _offset;
            required int96 _ingested_at;
            required int96 _processed_at;
            required int64 _digest;
          }
          """);

  @TempDir Path lake;
  private ParquetTableFiles silver;

  @BeforeEach
  void open() {
    silver =
        new ParquetTableFiles(
            new LocalFiles(false),
            lake.toString(),
            EventTables.SILVER_EVENTS,
            ParquetSettings.DEFAULT);
  }

  private Proposal written(int events) {
    EventBatch.Builder batch = TestRows.events();
    for (int i = 0; i < events; i++) {
      batch.add(TestRows.event(i, NOON * 1000 + i), CLICKS_0, 100 + i, NOON);
    }
    LakeWriters.Events writer =
        new FeedWriters(
                LakeLocation.of(lake),
                Feed.EVENTS,
                ParquetSettings.DEFAULT,
                "parser 1",
                Clock.systemUTC())
            .openEvents();
    EventBatch.Cursor cursor = batch.build().cursor();
    while (cursor.next()) {
      writer.write(cursor, false);
    }
    return writer.finish().get(0);
  }

  private static Binary int96(long micros) {
    long day = Math.floorDiv(micros, 86_400_000_000L);
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(Math.floorMod(micros, 86_400_000_000L) * 1000).putInt((int) (day + 2_440_588));
    return Binary.fromConstantByteArray(bytes.array());
  }

  private DataFile sparkFile() throws IOException {
    Path path = lake.resolve("silver/events/event_date=2026-05-01/part-0.snappy.parquet");
    Files.createDirectories(path.getParent());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(SPARK)
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .build()) {
      for (int i = 0; i < 3; i++) {
        Group row =
            new SimpleGroupFactory(SPARK)
                .newGroup()
                .append("event_time", int96(-1 - i))
                .append("event_id", "01234567-89AB-cdef-8000-00000000000" + i)
                .append("schema_version", 2)
                .append("user_id", "u")
                .append("action", "click")
                .append("page", "/")
                .append("_source", "clicks")
                .append("_partition", 1)
                .append("_offset", (long) i)
                .append("_ingested_at", int96(NOON * 1000 + 5))
                .append("_processed_at", int96(NOON * 1000 + 6))
                .append("_digest", -1L);
        if (i == 1) {
          byte[] price =
              ByteBuffer.allocate(8)
                  .putLong(new BigDecimal("-12.5").movePointRight(4).longValueExact())
                  .array();
          row.append("price", Binary.fromConstantByteArray(price));
        }
        writer.write(row);
      }
    }
    return new DataFile(
        "event_date=2026-05-01/part-0.snappy.parquet",
        Files.size(path),
        3,
        "2026-05-01",
        "{\"numRecords\":3}");
  }

  private static RowFacts sparkRow(int i) {
    return new RowFacts(
        "clicks", 1, i, NOON * 1000 + 5, 0x0123456789abcdefL, 0x8000000000000000L + i, -1 - i, -1);
  }

  @Test
  void filesThatSparkRewroteAreRead() throws IOException {
    assertThat(silver.rows(sparkFile())).containsExactly(sparkRow(0), sparkRow(1), sparkRow(2));
  }

  @Test
  void aRewrittenSparkFileHasOurTypesAndBounds() throws IOException {
    DataFile copy =
        silver.rewriteWithout(sparkFile(), row -> row.offset() == 2, 1_800_000_000_000L);

    assertThat(silver.rows(copy)).containsExactly(sparkRow(0), sparkRow(1));
    assertThat(copy.path()).startsWith("event_date=2026-05-01/1800000000000-");
    assertThat(copy.stats())
        .contains("\"event_time\":\"1969-12-31T23:59:59.999Z\"")
        .contains("\"price\":-12.5000");
    List<Long> prices = new ArrayList<>();
    RowReader.read(
        new LocalFiles(false),
        lake + "/silver/events/" + copy.path(),
        copy.sizeBytes(),
        List.of(EventTables.SILVER_EVENTS.column("price")),
        row -> prices.add(row.isNull(0) ? null : row.longAt(0)));
    assertThat(prices).containsExactly(null, -125_000L);
  }

  @Test
  void aJobReadsOnlyTheColumnsItNames() {
    List<String> rows = new ArrayList<>();
    new ParquetTableReader(LakeLocation.of(lake), EventTables.SILVER_EVENTS.path())
        .read(
            written(2).content(),
            Stream.of("user_id", "event_time", "quantity")
                .map(EventTables.SILVER_EVENTS::column)
                .toList(),
            row -> rows.add(row.textAt(0) + " " + row.longAt(1) + " " + row.isNull(2)));

    assertThat(rows).containsExactly("user0 1777636800000000 true", "user1 1777636800000001 true");
  }

  @Test
  void rowsComeInTheFilesOrder() {
    Proposal file = written(2_500);

    List<RowFacts> rows = silver.rows(file.content());

    assertThat(rows).hasSize(2_500);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).offset()).isEqualTo(100 + i);
      assertThat(rows.get(i).idLow()).isEqualTo(i);
      assertThat(rows.get(i).eventMicros()).isEqualTo(NOON * 1000 + i);
    }
  }

  @Test
  void aCopyWithoutSomeRowsKeepsTheOthersAndTheOriginal() {
    Proposal file = written(100);

    DataFile copy =
        silver.rewriteWithout(file.content(), row -> row.offset() % 2 == 0, 1_800_000_000_001L);

    assertThat(copy.rows()).isEqualTo(50);
    assertThat(copy.date()).isEqualTo("2026-05-01");
    assertThat(copy.stats()).contains("\"_offset\":101").contains("\"_offset\":199");
    List<RowFacts> expected =
        silver.rows(file.content()).stream().filter(row -> row.offset() % 2 == 1).toList();
    assertThat(silver.rows(copy)).isEqualTo(expected);
    assertThat(silver.exists(file.content().path())).isTrue();
  }

  @Test
  void deletingTwiceIsNoError() {
    String path = written(1).content().path();

    assertThat(silver.exists(path)).isTrue();
    silver.delete(path);
    silver.delete(path);
    assertThat(silver.exists(path)).isFalse();
  }

  @Test
  void aMissingFileIsAFailureThatNamesIt() {
    DataFile missing =
        new DataFile("event_date=2026-05-01/gone.parquet", 10, 1, "2026-05-01", "{}");

    assertThatThrownBy(() -> silver.rows(missing))
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "cannot read "
                + lake
                + "/silver/events/event_date=2026-05-01/gone.parquet: there is no such file; if it"
                + " was cleaned away by hand, restore it");
  }

  @Test
  void aFileWithoutAColumnIsNotOurs() {
    String path = lake + "/silver/events/" + written(1).content().path();

    assertThatThrownBy(
            () ->
                RowReader.read(
                    new LocalFiles(false),
                    path,
                    -1,
                    List.of(new Column("absent", Column.Type.LONG, true, false, "")),
                    row -> {}))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("has no column absent");
  }
}
