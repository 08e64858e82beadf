package clicklake.io.lake;

import static clicklake.io.parquet.TestRows.CLICKS_0;
import static clicklake.io.parquet.TestRows.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.delta.LogCommits;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.parquet.TestRows;
import clicklake.io.storage.LocalFiles;
import clicklake.io.testing.SparkReader;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables in the eyes of Spark, and what Spark does to them in ours. */
class SparkTablesTest {
  private final SparkReader spark = SparkReader.shared();

  @TempDir Path lake;

  private FeedWriters writers() {
    return new FeedWriters(
        LakeLocation.of(lake),
        Feed.EVENTS,
        ParquetSettings.DEFAULT,
        "parser 1",
        Clock.fixed(Instant.ofEpochMilli(1_800_000_000_000L), ZoneOffset.UTC));
  }

  private KernelTableLog log(TableSchema table) {
    return new KernelTableLog(new LocalFiles(false), lake.toString(), table);
  }

  private ParquetTableFiles files(TableSchema table) {
    return new ParquetTableFiles(
        new LocalFiles(false), lake.toString(), table, ParquetSettings.DEFAULT);
  }

  private static Changes adding(List<Proposal> files) {
    return new Changes(
        "WRITE",
        files.stream().map(Proposal::content).toList(),
        List.of(),
        Map.of("clicklake.x", "1"));
  }

  private List<Proposal> events(EventBatch batch) {
    LakeWriters.Events writer = writers().openEvents();
    EventBatch.Cursor cursor = batch.cursor();
    while (cursor.next()) {
      writer.write(cursor, false);
    }
    return writer.finish();
  }

  @Test
  void sparkReadsEveryColumnOfSilverExactly() {
    EventRow full = TestRows.event(1, NOON * 1000 + 123_457);
    full.deviceType(DeviceType.TABLET);
    full.quantity(3);
    full.price(129_900);
    for (TextField field : TextField.values()) {
      TestRows.text(full, field, "ü:" + field.column());
    }
    EventBatch batch = TestRows.events().add(full, CLICKS_0, 10, NOON - 1).build();
    EventBatch.Cursor cursor = batch.cursor();
    cursor.next();
    KernelTableLog log = log(EventTables.SILVER_EVENTS);
    log.commit(log.create(Map.of()), adding(events(batch)));

    Map<String, @Nullable Object> expected = new LinkedHashMap<>();
    expected.put("event_id", "01234567-89ab-cdef-0000-000000000001");
    expected.put("schema_version", 1L);
    expected.put("event_time", "2026-05-01T12:00:00.123457Z");
    expected.put("user_id", "ü:user_id");
    expected.put("action", "click");
    expected.put("page", "ü:page");
    expected.put("referrer", "ü:referrer");
    expected.put("user_agent", "ü:user_agent");
    expected.put("source", "ü:source");
    expected.put("device_type", "tablet");
    expected.put("country", "ü:country");
    expected.put("ip_hash", "ü:ip_hash");
    expected.put("ip_hash_key_id", "ü:ip_hash_key_id");
    expected.put("session_id", "ü:session_id");
    expected.put("product_id", "ü:product_id");
    expected.put("quantity", 3L);
    expected.put("price", "12.9900");
    expected.put("currency", "ü:currency");
    expected.put("_rescued_data", "ü:_rescued_data");
    expected.put("_source", "clicks");
    expected.put("_partition", 0L);
    expected.put("_offset", 10L);
    expected.put("_ingested_at", "2026-05-01T11:59:59.999Z");
    expected.put("_processed_at", "2027-01-15T08:00:00Z");
    expected.put("_digest", cursor.digest());
    expected.put("event_date", "2026-05-01");
    List<Map<String, @Nullable Object>> rows = spark.read(lake.resolve("silver/events"));
    assertThat(rows).hasSize(1);
    assertThat(List.copyOf(rows.get(0).entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
  }

  @Test
  void sparkReadsBronzesBytesAndNulls() {
    RawBatch batch =
        new RawBatch.Builder(CLICKS_0, 0)
            .add(0, NOON, ByteBuffer.wrap(new byte[] {0, -1}), "[]", null)
            .add(1, NOON, null, null, ByteBuffer.wrap(new byte[] {1}))
            .build(2, RawBatch.Seen.NOTHING);
    LakeWriters.Records writer = writers().openRecords();
    RawBatch.Cursor cursor = batch.cursor();
    while (cursor.next()) {
      writer.write(CLICKS_0, cursor);
    }
    KernelTableLog log = log(EventTables.BRONZE_EVENTS);
    log.commit(log.create(Map.of()), adding(writer.finish()));

    assertThat(
            spark.sql(
                "SELECT _offset, _key, _headers, value FROM "
                    + SparkReader.name(lake.resolve("bronze/events"))
                    + " ORDER BY _offset"))
        .extracting(row -> List.of(row.toString()))
        .containsExactly(
            List.of("{_offset=0, _key=AP8=, _headers=[], value=null}"),
            List.of("{_offset=1, _key=null, _headers=null, value=AQ==}"));
  }

  @Test
  void sparkPrunesByOurBoundsWithoutLosingARow() {
    KernelTableLog log = log(EventTables.SILVER_EVENTS);
    TableState state = log.create(Map.of());
    for (int i = 0; i < 4; i++) {
      EventBatch batch =
          TestRows.events()
              .add(TestRows.event(i, (NOON + i) * 1000 + 999), CLICKS_0, i, NOON)
              .build();
      state = log.commit(state, adding(events(batch)));
    }
    String table = SparkReader.name(lake.resolve("silver/events"));

    for (int i = 0; i < 4; i++) {
      assertThat(
              spark.sql(
                  "SELECT _offset FROM "
                      + table
                      + " WHERE event_time = timestamp'2026-05-01 12:00:00.00"
                      + i
                      + "999'"))
          .isEqualTo(List.of(Map.of("_offset", (long) i)));
    }
  }

  @Test
  void anOptimizeBySparkIsReadCommittedUponAndRewritten() {
    KernelTableLog log = log(EventTables.SILVER_EVENTS);
    TableState state = log.create(Map.of());
    List<RowFacts> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      EventBatch batch =
          TestRows.events().add(TestRows.event(i, NOON * 1000 + i), CLICKS_0, i, NOON).build();
      List<Proposal> written = events(batch);
      expected.addAll(files(EventTables.SILVER_EVENTS).rows(written.get(0).content()));
      state = log.commit(state, adding(written));
    }
    spark.optimize(lake.resolve("silver/events"));

    TableState optimized = log.newest().orElseThrow();
    assertThat(optimized).isEqualTo(new TableState(state.tableId(), 4, Map.of("clicklake.x", "1")));
    assertThat(LogCommits.between(log, 3, 4))
        .contains(List.of(new LogCommit(4, "OPTIMIZE", List.of(), List.of(), true, Set.of())));
    List<DataFile> contents = log.files(optimized, null);
    assertThat(contents).hasSize(1);
    assertThat(contents.get(0).rows()).isEqualTo(3);
    ParquetTableFiles files = files(EventTables.SILVER_EVENTS);
    assertThat(files.rows(contents.get(0))).containsExactlyInAnyOrderElementsOf(expected);

    DataFile copy =
        files.rewriteWithout(contents.get(0), row -> row.offset() == 1, 1_800_000_000_000L);
    log.commit(optimized, new Changes("REWRITE", List.of(copy), contents, Map.of()));
    assertThat(
            spark.sql(
                "SELECT _offset FROM "
                    + SparkReader.name(lake.resolve("silver/events"))
                    + " ORDER BY 1"))
        .isEqualTo(List.of(Map.of("_offset", 0L), Map.of("_offset", 2L)));
    assertThat(spark.history(lake.resolve("silver/events")).get(0).get("operation"))
        .isEqualTo("REWRITE");
  }

  @Test
  void sparkReadsBeyondOurCheckpoint() {
    KernelTableLog log = log(EventTables.BRONZE_EVENTS);
    TableState state = log.create(Map.of());
    for (int i = 0; i < 52; i++) {
      LakeWriters.Records writer = writers().openRecords();
      RawBatch.Cursor cursor = TestRows.records(CLICKS_0, i, NOON, "x").cursor();
      cursor.next();
      writer.write(CLICKS_0, cursor);
      state = log.commit(state, adding(writer.finish()));
    }

    assertThat(spark.count(lake.resolve("bronze/events"))).isEqualTo(52);
    assertThat(spark.version(lake.resolve("bronze/events"))).isEqualTo(52);
  }
}
