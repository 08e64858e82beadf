package clicklake.io.lake;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import clicklake.io.audit.LakeBalance;
import clicklake.io.testing.SparkReader;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.table.CorruptTableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What delta-spark reads from a lake that we wrote, and what we make of tables it rearranged. */
class SparkInteropTest {
  private final SparkReader spark = SparkReader.shared();

  @TempDir Path root;
  private SmallLake lake;
  private Path bronze;
  private Path silver;
  private Path quarantine;

  @BeforeEach
  void makeALake() {
    lake = new SmallLake(root);
    bronze = root.resolve("bronze/events");
    silver = root.resolve("silver/events");
    quarantine = root.resolve("quarantine/events");
  }

  @Test
  void sparkReadsBronzeAndQuarantineToTheByte() {
    lake.take(topic(0), 0, "event 1 60 a", "bröken");

    assertThat(spark.schema(bronze))
        .containsExactly(
            entry("_source", "string"),
            entry("_partition", "int"),
            entry("_offset", "bigint"),
            entry("_ingested_at", "timestamp"),
            entry("_key", "binary"),
            entry("_headers", "string"),
            entry("value", "binary"),
            entry("ingest_date", "date"));
    assertThat(spark.sql("SELECT * FROM " + SparkReader.name(bronze) + " ORDER BY _offset").get(1))
        .containsExactly(
            entry("_source", "topic"),
            entry("_partition", 0L),
            entry("_offset", 1L),
            entry("_ingested_at", "2024-05-05T00:00:00.001Z"),
            entry("_key", "a2V5"),
            entry("_headers", "[]"),
            entry("value", "YnLDtmtlbg=="),
            entry("ingest_date", "2024-05-05"));
    assertThat(spark.read(quarantine))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsExactly(
                        entry("_source", "topic"),
                        entry("_partition", 0L),
                        entry("_offset", 1L),
                        entry("_ingested_at", "2024-05-05T00:00:00.001Z"),
                        entry("_key", "a2V5"),
                        entry("_headers", "[]"),
                        entry("value", "YnLDtmtlbg=="),
                        entry("reason", "not_json"),
                        entry("field", null),
                        entry("detail", "[]"),
                        entry("stage", "parse"),
                        entry("processor_version", "rules 1"),
                        entry("ingest_date", "2024-05-05")));
  }

  @Test
  void sparkReadsEveryColumnOfSilver() {
    EventRow full = new EventRow();
    full.clear();
    full.id(0x0123456789ABCDEFL, 0xFEDCBA9876543210L);
    full.eventMicros(1_714_953_599_123_456L);
    full.schemaVersion(2);
    full.action(Action.PURCHASE);
    full.deviceType(DeviceType.TABLET);
    full.quantity(Integer.MAX_VALUE);
    full.price(12_345_678_901_234_5678L);
    for (TextField field : TextField.values()) {
      byte[] text = ("ü " + field.column()).getBytes(StandardCharsets.UTF_8);
      full.text(field, text, 0, text.length);
    }
    EventBatch.Builder batch = new EventBatch.Builder(64);
    batch.add(full, topic(3), 1L << 40, 1_714_953_600_007L);
    long digest = silverOf(batch);

    assertThat(spark.schema(silver))
        .containsExactly(
            entry("event_id", "string"),
            entry("schema_version", "int"),
            entry("event_time", "timestamp"),
            entry("user_id", "string"),
            entry("action", "string"),
            entry("page", "string"),
            entry("referrer", "string"),
            entry("user_agent", "string"),
            entry("source", "string"),
            entry("device_type", "string"),
            entry("country", "string"),
            entry("ip_hash", "string"),
            entry("ip_hash_key_id", "string"),
            entry("session_id", "string"),
            entry("product_id", "string"),
            entry("quantity", "int"),
            entry("price", "decimal(18,4)"),
            entry("currency", "string"),
            entry("_rescued_data", "string"),
            entry("_source", "string"),
            entry("_partition", "int"),
            entry("_offset", "bigint"),
            entry("_ingested_at", "timestamp"),
            entry("_processed_at", "timestamp"),
            entry("_digest", "bigint"),
            entry("event_date", "date"));
    assertThat(spark.read(silver))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsExactly(
                        entry("event_id", "01234567-89ab-cdef-fedc-ba9876543210"),
                        entry("schema_version", 2L),
                        entry("event_time", "2024-05-05T23:59:59.123456Z"),
                        entry("user_id", "ü user_id"),
                        entry("action", "purchase"),
                        entry("page", "ü page"),
                        entry("referrer", "ü referrer"),
                        entry("user_agent", "ü user_agent"),
                        entry("source", "ü source"),
                        entry("device_type", "tablet"),
                        entry("country", "ü country"),
                        entry("ip_hash", "ü ip_hash"),
                        entry("ip_hash_key_id", "ü ip_hash_key_id"),
                        entry("session_id", "ü session_id"),
                        entry("product_id", "ü product_id"),
                        entry("quantity", 2147483647L),
                        entry("price", "12345678901234.5678"),
                        entry("currency", "ü currency"),
                        entry("_rescued_data", "ü _rescued_data"),
                        entry("_source", "topic"),
                        entry("_partition", 3L),
                        entry("_offset", 1099511627776L),
                        entry("_ingested_at", "2024-05-06T00:00:00.007Z"),
                        entry("_processed_at", "2024-05-05T12:00:00Z"),
                        entry("_digest", digest),
                        entry("event_date", "2024-05-05")));
  }

  /** Commits one event; its digest. */
  private long silverOf(EventBatch.Builder batch) {
    EventBatch.Cursor event = batch.build().cursor();
    event.next();
    LakeWriters.Events files = lake.writers.openEvents();
    files.asOf(SilverIds.Version.NONE);
    files.write(event, false);
    List<Proposal> written = new ArrayList<>(files.finish());
    // Silver takes nothing of a partition that bronze does not know.
    written.addAll(lake.records(event.partition(), event.offset(), "as received"));
    lake.committer().commit(written);
    return event.digest();
  }

  @Test
  void afterOptimizeTheCommittersGoOnAndTheLakeBalances() {
    lake.take(topic(0), 0, "event 1 60 a", "bad", "event 2 61 b");
    lake.take(topic(1), 0, "event 3 62 a", "event 1 60 a", "bad");
    spark.optimize(bronze);
    spark.optimize(silver);
    spark.optimize(quarantine);

    // A copy, a conflict that takes the place of a row in Spark's file, and something new.
    lake.take(topic(0), 3, "event 3 62 a", "event 4 63 a", "bad");
    lake.take(topic(2), 0, "event 2 61 earlier-content");

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance)
        .extracting(
            LakeBalance::bronze,
            LakeBalance::silver,
            LakeBalance::quarantine,
            LakeBalance::duplicates,
            LakeBalance::conflicts,
            LakeBalance::undecided)
        .containsExactly(10L, 4L, 3L, 3L, 1L, 0L);
    assertThat(spark.read(silver))
        .extracting(row -> row.get("event_id"), row -> row.get("page"))
        .containsExactlyInAnyOrder(
            tuple("00000000-0000-0000-0000-000000000001", "a"),
            // The conflict of lower rank, rewritten out of the file that Spark had written.
            tuple("00000000-0000-0000-0000-000000000002", "earlier-content"),
            tuple("00000000-0000-0000-0000-000000000003", "a"),
            tuple("00000000-0000-0000-0000-000000000004", "a"));
    assertThat(spark.history(silver))
        .extracting(commit -> commit.get("operation"))
        .contains("OPTIMIZE", "REWRITE");
  }

  @Test
  void aDeleteBySparkStopsTheJobAndRestoreLetsItGoOn() {
    lake.take(topic(0), 0, "event 1 60 a", "event 2 61 b");
    long good = spark.version(silver);
    spark.delete(silver, "user_id = 'b'");

    assertThatThrownBy(() -> lake.take(topic(0), 2, "event 3 62 a"))
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(
            "silver/events: version "
                + (good + 1)
                + " (DELETE) changed rows without the ledger; undo it (RESTORE to version "
                + good
                + "), or reprocess into a new lake");
    assertThat(kinds(lake.audit()))
        .contains(LakeBalance.Kind.CHANGED_FROM_OUTSIDE)
        .contains(LakeBalance.Kind.DUPLICATE_WITHOUT_ORIGINAL);

    spark.restore(silver, good);
    lake.committer().commit(lake.decisions(topic(0), 2, "event 5 62 a"));

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(3);
    assertThat(spark.count(silver)).isEqualTo(3);
  }

  @Test
  void aRestoreToAnOlderVersionStopsTheJobUntilItIsUndone() {
    lake.take(topic(0), 0, "event 1 60 a");
    long older = spark.version(silver);
    lake.take(topic(0), 1, "event 2 61 b");
    long newest = spark.version(silver);
    spark.restore(silver, older);

    String line =
        "silver/events: version "
            + (newest + 1)
            + " (RESTORE) changed rows without the ledger; undo it (RESTORE to version "
            + newest
            + "), or reprocess into a new lake";
    assertThatThrownBy(() -> lake.lake.check())
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(line);
    LakeBalance restored = lake.audit();
    assertThat(restored.faults().get(0).examples())
        .containsExactly(new LakeBalance.Example(null, line));

    spark.restore(silver, newest);
    lake.take(topic(0), 2, "event 3 62 c");
    assertThat(lake.audit().faults()).isEmpty();
    assertThat(spark.count(silver)).isEqualTo(3);
  }

  private static List<LakeBalance.Kind> kinds(LakeBalance balance) {
    return balance.faults().stream().map(LakeBalance.Fault::kind).toList();
  }
}
