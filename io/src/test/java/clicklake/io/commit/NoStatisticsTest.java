package clicklake.io.commit;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.audit.AuditReader;
import clicklake.io.audit.LakeAudit;
import clicklake.io.audit.LakeBalance;
import clicklake.io.delta.LogPaths;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.RecentKeys;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.SpillableLongs;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose files were rewritten by an engine that writes no statistics. */
class NoStatisticsTest {
  @TempDir Path root;

  private LedgerTable reopened(TableSchema schema) {
    return SmallLake.table(new LocalFiles(false), root, schema);
  }

  /** The lake as a job finds it that starts now. */
  private LakeTables reopened() {
    return SmallLake.tables(new LocalFiles(false), root);
  }

  @Test
  void aJobThatStartsCountsTheRowsOfFilesThatDoNotSay() throws IOException {
    SmallLake lake =
        new SmallLake(root)
            .take(topic(0), 0, "event 1 60 a", "event 2 60 a", "bad", "event 3 90000 a")
            .take(topic(1), 0, "event 1 60 a");
    SmallLake.optimize(root, EventTables.BRONZE_EVENTS);
    SmallLake.optimize(root, EventTables.SILVER_EVENTS);
    SmallLake.optimize(root, EventTables.QUARANTINE_EVENTS);

    LakeTables tables = reopened();
    assertThat(tables.bronze().newest().ledger().rowCount()).isEqualTo(5);
    assertThat(tables.silver().newest().ledger().rowCount()).isEqualTo(3);
    assertThat(
            tables.silver().log().files(tables.silver().newest().state(), null).stream()
                .mapToLong(tables.silver().files()::countRows)
                .sum())
        .isEqualTo(3);
    LakeBalance balance =
        new LakeAudit(
                tables,
                AuditReader.of(LakeLocation.of(root)),
                SmallLake.HORIZON,
                SmallLake::key,
                SpillableLongs.ofHeap())
            .run();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance).isEqualTo(lake.audit());
    assertThat(balance.quarantine()).isEqualTo(1);
  }

  /** Still, rows that are missing are missed. */
  @Test
  void aRowThatSomebodyDeletedMeanwhileStopsTheJob() throws IOException {
    SmallLake lake =
        new SmallLake(root).take(topic(0), 0, "event 1 60 a", "event 2 60 a", "event 3 60 a");
    SmallLake.drop(lake.tables.silver(), 0, 1, ledger -> ledger);
    SmallLake.optimize(root, EventTables.SILVER_EVENTS);

    assertThatThrownBy(() -> reopened(EventTables.SILVER_EVENTS).newest())
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("version 3 has 2 rows, its ledger says 3");
  }

  @Test
  void rowsOfSuchFilesLoseConflictsAndAreFoundByLaterDecisions() throws IOException {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "x", "event 1 60 a", "event 2 60 a");
    List<Proposal> better = new ArrayList<>(lake.records(topic(1), 0, "event 1 60 b"));
    better.addAll(lake.decisions(topic(1), 0, "event 1 60 b"));
    // All rows of its file lose: the file leaves without a copy.
    SmallLake other = lake.take(topic(2), 5, "event 5 90000 a");
    better.addAll(other.records(topic(3), 0, "event 5 90000 b"));
    better.addAll(other.decisions(topic(3), 0, "event 5 90000 b"));
    SmallLake.optimize(root, EventTables.SILVER_EVENTS);
    SmallLake.optimize(root, EventTables.BRONZE_EVENTS);

    SmallLake.committer(reopened()).commit(better);

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(3);
    assertThat(balance.conflicts()).isEqualTo(2);
    TableLog silver = reopened(EventTables.SILVER_EVENTS).log();
    assertThat(silver.files(silver.newest().orElseThrow(), null))
        .allSatisfy(file -> assertThat(file.rows()).isNotZero());
  }

  /** Whoever adds rows together with our ledger need not say how many. */
  @Test
  void eventsOfACommitWithoutStatisticsAreFound() throws IOException {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    Path commit = root.resolve("silver/events").resolve(LogPaths.commit(1));
    String text = Files.readString(commit);
    Files.writeString(commit, text.replaceAll(",\"stats\":\"(\\\\\"|[^\"])*\"", ""));
    assertThat(Files.readString(commit)).doesNotContain("numRecords");
    LedgerTable silver = reopened(EventTables.SILVER_EVENTS);

    Optional<List<EventKeyIndex>> keys =
        new RecentKeys(silver).between(silver.newest().state().tableId(), 0, 1);

    assertThat(keys.orElseThrow()).hasSize(1);
    assertThat(keys.orElseThrow().get(0).size()).isEqualTo(1);
    assertThat(lake.audit().faults()).isEmpty();
  }
}
