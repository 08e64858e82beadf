package clicklake.io.commit;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.storage.CountingFiles;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.BackgroundWork;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a commit asks the storage: each call is a round trip where that is far away. */
class CommitCallsTest {
  @TempDir Path root;
  private final CountingFiles files = new CountingFiles(new LocalFiles(false));
  private final BackgroundWork logs = new BackgroundWork("logs");
  private SmallLake lake;
  private LakeTables tables;
  private long next;

  @BeforeEach
  void aLakeThatRuns() throws InterruptedException {
    lake = new SmallLake(root);
    tables =
        new LakeTables(
            table(EventTables.BRONZE_EVENTS),
            table(EventTables.SILVER_EVENTS),
            log(EventTables.QUARANTINE_EVENTS),
            files(EventTables.QUARANTINE_EVENTS),
            Publishing.behindCommits());
    for (int commit = 0; commit < 3; commit++) {
      commit(proposals());
      settle();
    }
    files.clear();
  }

  private LedgerTable table(TableSchema schema) {
    return new LedgerTable(log(schema), files(schema), files);
  }

  private KernelTableLog log(TableSchema schema) {
    return new KernelTableLog(files, root.toString(), schema, logs::add);
  }

  private ParquetTableFiles files(TableSchema schema) {
    return new ParquetTableFiles(files, root.toString(), schema, ParquetSettings.DEFAULT);
  }

  /** Two files of bronze, five of silver and one of rejects. */
  private List<Proposal> proposals() {
    List<Proposal> proposals = new ArrayList<>();
    for (int file = 0; file < 2; file++) {
      proposals.addAll(lake.records(topic(file), next, event(file), event(file + 2), "bad"));
    }
    for (int file = 0; file < 2; file++) {
      proposals.addAll(lake.decisions(topic(file), next, event(file)));
      proposals.addAll(lake.decisions(topic(file), next + 1, event(file + 2)));
    }
    proposals.addAll(lake.decisions(topic(0), next + 2, "bad"));
    proposals.addAll(lake.decisions(topic(1), next + 2, "bad"));
    next += 3;
    assertThat(proposals).hasSize(8);
    return proposals;
  }

  private String event(int number) {
    return "event %d 60 a".formatted(next * 10 + number);
  }

  private CommitReport commit(List<Proposal> proposals) {
    return SmallLake.committer(tables).commit(proposals);
  }

  private void settle() throws InterruptedException {
    tables.publishing().await();
    logs.await();
  }

  @Test
  void aCommitAsksOnceForAllItMustKnowAndPutsBronzeAndSilver() throws InterruptedException {
    List<Proposal> proposals = proposals();
    files.clear();

    assertThat(commit(proposals)).isEqualTo(new CommitReport(6, 4, 2, 0, 0, 0, 4, 4));

    assertThat(files.inSequence()).isEqualTo(3);
    settle();
    // Eight proposed files and the newest version of each table; a version and a checksum of each.
    assertThat(files.counts()).isEqualTo(Map.of("status", 8 + 3, "put", 3 + 3));
    assertThat(lake.audit().faults()).isEmpty();
  }

  @Test
  void aCopyThatWaitsForItsOriginalAddsOneLook() throws InterruptedException {
    List<Proposal> original = lake.decisions(topic(0), next, "event 1001 60 a");
    List<Proposal> copy = new ArrayList<>(lake.records(topic(1), next, "event 1001 60 a"));
    copy.addAll(copies(topic(1), next, "event 1001 60 a"));
    files.clear();

    CommitReport report = commit(copy);

    assertThat(report.deferred()).isEqualTo(1);
    // What must be known, bronze, and one look at both tables. Silver has nothing to commit.
    assertThat(files.inSequence()).isEqualTo(3);
    settle();
    List<Proposal> originals = new ArrayList<>(lake.records(topic(0), next, "event 1001 60 a"));
    originals.addAll(original);
    files.clear();
    assertThat(commit(originals).duplicates()).isEqualTo(1);
    assertThat(files.inSequence()).isEqualTo(3);
    assertThat(lake.audit().faults()).isEmpty();
  }

  /** Proposals that know of an original on its way. */
  private List<Proposal> copies(SourcePartition partition, long from, String text) {
    LakeWriters.Events events = lake.writers.openEvents();
    TableState silver = tables.silver().known().state();
    events.asOf(new SilverIds.Version(silver.tableId(), silver.version()));
    events.duplicate(SmallLake.event(partition, from, text), false, false);
    return events.finish();
  }

  @Test
  void aCheckpointAddsNothingToWaitFor() throws InterruptedException {
    long before = tables.silver().known().state().version();
    while (tables.silver().known().state().version() < 49) {
      commit(proposals());
      // Or quarantine would take the rejects of two commits at once, and reach version 50 later.
      settle();
    }
    assertThat(before).isLessThan(49);
    List<Proposal> proposals = proposals();
    files.clear();

    commit(proposals);

    assertThat(tables.silver().known().state().version()).isEqualTo(50);
    assertThat(files.inSequence()).isEqualTo(3);
    settle();
    assertThat(files.counts().get("put")).isGreaterThan(6);
    proposals = proposals();
    files.clear();
    commit(proposals);
    assertThat(files.inSequence()).isEqualTo(3);
    settle();
    assertThat(files.counts()).isEqualTo(Map.of("status", 11, "put", 6));
    assertThat(lake.audit().faults()).isEmpty();
  }
}
