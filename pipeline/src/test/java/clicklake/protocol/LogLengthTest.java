package clicklake.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.commit.LakeCommitter;
import clicklake.io.commit.LakeTables;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.delta.LongLog;
import clicklake.io.lake.EventLakeIds;
import clicklake.io.lake.LakeHandle;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.RecentKeys;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.dedupe.KnownEvents;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.plan.RefreshPlanner;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log of thousands of commits costs. */
class LogLengthTest {
  private static final int VERSIONS = 2000;
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final SourcePartition TOPIC = new SourcePartition("topic", 0, "kafka:c:t");

  @TempDir static Path lake;

  private static final AtomicInteger COMMITS_READ = new AtomicInteger();
  private static final LocalFiles FILES =
      new LocalFiles(false) {
        @Override
        public InputFile newInputFile(String path, long size) {
          if (path.matches(".*/_delta_log/\\d{20}\\.json")) {
            COMMITS_READ.incrementAndGet();
          }
          return super.newInputFile(path, size);
        }
      };

  /** The lake as a process finds it that starts now. */
  private static LakeTables tables() {
    return new LakeTables(
        table(EventTables.BRONZE_EVENTS),
        table(EventTables.SILVER_EVENTS),
        new KernelTableLog(FILES, lake.toString(), EventTables.QUARANTINE_EVENTS),
        files(EventTables.QUARANTINE_EVENTS));
  }

  private static LedgerTable table(TableSchema schema) {
    return new LedgerTable(new KernelTableLog(FILES, lake.toString(), schema), files(schema));
  }

  private static TableFiles files(TableSchema schema) {
    return new ParquetTableFiles(FILES, lake.toString(), schema, ParquetSettings.DEFAULT);
  }

  @BeforeAll
  static void makeALongLog() {
    LakeTables tables = tables();
    new LakeCommitter(tables, Clock.systemUTC(), Duration.ofHours(24), "rules", 10, rejects -> {})
        .commit(List.of());
    tables.silver().newest();
    LongLog.grow(lake, VERSIONS, 2);
  }

  @BeforeEach
  void count() {
    COMMITS_READ.set(0);
  }

  @Test
  void theFirstDecisionOfAProcessReadsAFewCommitsHoweverLongTheLogIs() {
    LakeTables tables = tables();
    tables.silver().newest();
    KnownEvents known =
        new KnownEvents(
            new EventLakeIds(
                new LakeHandle() {
                  @Override
                  public LakeLocation location() {
                    return LakeLocation.of(lake);
                  }

                  @Override
                  public Feed feed() {
                    return Feed.EVENTS;
                  }

                  @Override
                  public LakeTables tables() {
                    return tables;
                  }
                }),
            Duration.ofHours(24),
            4,
            1000);
    known.refresh();

    try (KnownEvents.Decisions decisions = known.decide(event())) {
      assertThat(decisions.next()).isTrue();
      assertThat(decisions.verdict()).isEqualTo(KnownEvents.Verdict.NEW);
      assertThat(decisions.version())
          .isEqualTo(new SilverIds.Version(tables.silver().newest().state().tableId(), VERSIONS));
    }
    assertThat(COMMITS_READ.get()).isLessThan(10);
  }

  private static EventBatch event() {
    EventRow row = new EventRow();
    row.clear();
    row.id(1, 1);
    row.eventMicros(NOW.getEpochSecond() * 1_000_000);
    row.schemaVersion(1);
    byte[] page = "/".getBytes(UTF_8);
    row.text(TextField.PAGE, page, 0, page.length);
    return new EventBatch.Builder(64).add(row, TOPIC, 0, NOW.toEpochMilli()).build();
  }

  /** A decision that rests on a very old version is as one whose log is gone. */
  @Test
  void aVeryOldDecisionIsNotCheckedAgainstEveryCommitSince() {
    LedgerTable silver = table(EventTables.SILVER_EVENTS);
    String table = silver.newest().state().tableId();
    COMMITS_READ.set(0);
    RecentKeys recent = new RecentKeys(silver);
    assertThat(recent.between(table, VERSIONS - 10_001, VERSIONS)).isEmpty();
    assertThat(COMMITS_READ.get()).isZero();
  }

  @Test
  void goldThatNeverWasReadsFilesAndNotTheLog() {
    List<String> planned = new ArrayList<>();
    RefreshPlan plan =
        new RefreshPlanner(
                schema -> new KernelTableLog(FILES, lake.toString(), schema),
                path -> true,
                table(EventTables.SILVER_EVENTS).newest().state(),
                "rules")
            .plan(Aggregations.ALL);
    plan.changes().keySet().forEach(planned::add);
    assertThat(planned).hasSize(Aggregations.ALL.size());
    assertThat(plan.inputs()).isEmpty();
    assertThat(COMMITS_READ.get()).isLessThan(10);
  }
}
