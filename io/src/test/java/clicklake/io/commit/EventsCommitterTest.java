package clicklake.io.commit;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.audit.LakeBalance;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.table.TableLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a commit with records of known events costs, and what it makes of them. */
class EventsCommitterTest {
  private static final int FILES = 20;

  @TempDir Path root;
  private SmallLake lake;
  private CountingTableFiles silverFiles;
  private LakeCommitter committer;
  private long next;

  /** Twenty files of one event each, a minute apart. */
  @BeforeEach
  void makeALakeOfManyFiles() {
    lake = new SmallLake(root);
    silverFiles = new CountingTableFiles(lake.tables.silver().files());
    LakeTables tables =
        new LakeTables(
            lake.tables.bronze(),
            new LedgerTable(lake.tables.silver().log(), silverFiles),
            lake.tables.quarantine(),
            lake.tables.quarantineFiles());
    committer = SmallLake.committer(tables);
    for (int i = 0; i < FILES; i++) {
      take("event " + i + " " + 60 * i + " a");
    }
    assertThat(liveFiles()).hasSize(FILES);
  }

  private List<Proposal> propose(String... texts) {
    List<Proposal> all = new ArrayList<>(lake.records(topic(0), next, texts));
    all.addAll(lake.decisions(topic(0), next, texts));
    next += texts.length;
    return all;
  }

  private CommitReport take(String... texts) {
    return committer.commit(propose(texts));
  }

  private Set<String> liveFiles() {
    TableLog silver = lake.tables.silver().log();
    return silver.files(silver.newest().orElseThrow(), null).stream()
        .map(DataFile::path)
        .collect(Collectors.toSet());
  }

  /** Takes records; how many files of the table were read for them. */
  private int readFor(String... texts) {
    Set<String> inTable = liveFiles();
    silverFiles.rowsRead.clear();
    take(texts);
    return (int) silverFiles.rowsRead.stream().filter(inTable::contains).count();
  }

  @Test
  void aReportNamesTheVersionsThatHoldWhatWasProposed() {
    List<Proposal> proposals = propose("event 100 6000 a");

    assertThat(committer.commit(proposals))
        .isEqualTo(new CommitReport(1, 1, 0, 0, 0, 0, FILES + 1, FILES + 1));
    assertThat(committer.commit(proposals))
        .isEqualTo(new CommitReport(0, 0, 0, 0, 0, 0, FILES + 1, FILES + 1));
    assertThat(committer.commit(lake.records(topic(1), 0, "event 101 6060 a")))
        .isEqualTo(new CommitReport(1, 0, 0, 0, 0, 0, FILES + 2, FILES + 1));
  }

  @Test
  void aConflictReadsTheFilesThatMayHoldItsTimeAndTheNextOfTheSameIdNone() {
    assertThat(readFor("event 7 420 other")).isEqualTo(1);
    assertThat(readFor("event 7 420 third")).isZero();
    assertThat(readFor("event 7 420 fourth", "event 8 480 other")).isEqualTo(1);
    assertThat(readFor("event 7 420 fifth", "event 8 480 third")).isZero();

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(FILES);
    assertThat(balance.conflicts()).isEqualTo(6);
  }

  /** However many files lie within the horizon: a row's own time says which file holds it. */
  @Test
  void aConflictWithRowsThatItsWriterDidNotKnowReadsTheirFilesAlone() {
    SmallLake unaware = new SmallLake(root);
    List<Proposal> late = new ArrayList<>(lake.records(topic(1), 0, "event 98 90 b"));
    late.addAll(unaware.decisions(topic(1), 0, "event 98 90 b"));
    take("event 98 7200 a");
    take("event 98 150000 a");
    take("event 97 7260 a");
    Set<String> inTable = liveFiles();
    silverFiles.rowsRead.clear();

    CommitReport report = committer.commit(late);

    assertThat(report.conflicts()).isEqualTo(1);
    assertThat(silverFiles.rowsRead.stream().filter(inTable::contains)).hasSize(1);
    assertThat(lake.audit().silver()).isEqualTo(FILES + 3);
  }

  @Test
  void conflictsWithinOneCommitReadNothingOfTheTable() {
    assertThat(readFor("event 99 60 a", "event 99 60 b", "event 99 60 c")).isZero();

    assertThat(lake.audit().faults()).isEmpty();
    assertThat(lake.audit().conflicts()).isEqualTo(2);
  }

  @Test
  void twoWritersOfOneNewEventReadNothingOfTheTable() {
    List<Proposal> both = propose("event 99 60 a");
    SmallLake unaware = new SmallLake(root);
    both.addAll(lake.records(topic(1), 0, "event 99 60 a"));
    both.addAll(unaware.decisions(topic(1), 0, "event 99 60 a"));
    Set<String> inTable = liveFiles();
    silverFiles.rowsRead.clear();
    committer.commit(both);

    assertThat(silverFiles.rowsRead).doesNotContainAnyElementsOf(inTable);
    assertThat(lake.audit().faults()).isEmpty();
    assertThat(lake.audit().silver()).isEqualTo(FILES + 1);
    assertThat(lake.audit().duplicates()).isEqualTo(1);
  }

  @Test
  void whatWasFoundIsForgottenWhenItsFileLeavesTheTable() {
    assertThat(readFor("event 7 420 other")).isEqualTo(1);
    // Another committer rewrites the file: offset 0 arrived before the row.
    List<Proposal> lower = new ArrayList<>(lake.records(topic(1), 0, "event 7 420 lower"));
    lower.addAll(lake.decisions(topic(1), 0, "event 7 420 lower"));
    assertThat(lake.committer().commit(lower).conflicts()).isEqualTo(1);

    assertThat(readFor("event 7 420 third")).isEqualTo(1);
    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(FILES);
    assertThat(balance.conflicts()).isEqualTo(3);
  }

  @Test
  void aConflictWithARowOfAFileThatLeftTheLedgerIsCountedInItsSums() {
    SmallLake small = new SmallLake(root.resolve("files"));
    small.keepFinished = 0;
    // Arrival is the offset: event 2 arrives later than what contradicts it.
    small.take(SmallLake.file("early"), 0, "event 1 60 a", "event 2 60 a");
    small.take(SmallLake.file("other"), 0, "event 3 60 a");
    small.take(SmallLake.file("third"), 0, "event 4 60 a");
    Ledger.Retired before = SmallLake.ledger(small.tables.silver()).retired();
    assertThat(before.partitions()).isPositive();

    small.take(SmallLake.file("late"), 0, "event 2 60 other");

    LakeBalance balance = small.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(4);
    assertThat(balance.duplicates()).isEqualTo(1);
    assertThat(balance.conflicts()).isEqualTo(1);
    assertThat(balance.undecided()).isZero();
  }
}
