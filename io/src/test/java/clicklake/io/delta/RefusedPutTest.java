package clicklake.io.delta;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.audit.LakeBalance;
import clicklake.io.commit.LakeTables;
import clicklake.io.lake.SmallLake;
import clicklake.io.storage.LocalFiles;
import clicklake.io.storage.UnreliableFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A put that was done is a commit, whatever the storage said of it. */
class RefusedPutTest {
  @TempDir Path root;

  private LakeTables tables(LocalFiles files) {
    return SmallLake.tables(files, root);
  }

  private KernelTableLog log(LocalFiles files, TableSchema table) {
    return new KernelTableLog(files, root.toString(), table);
  }

  /** Where a conflict rewrites a file of the table, and the storage refuses what it has done. */
  @ParameterizedTest
  @EnumSource(UnreliableFiles.Lie.class)
  void aRewriteThatWasPutKeepsItsRows(UnreliableFiles.Lie lie) {
    SmallLake lake =
        new SmallLake(root).take(topic(0), 0, "x", "event 1 60 a", "event 2 60 a", "event 3 60 a");
    List<Proposal> proposals = new ArrayList<>(lake.records(topic(1), 0, "event 1 60 b"));
    proposals.addAll(lake.decisions(topic(1), 0, "event 1 60 b"));
    UnreliableFiles files = new UnreliableFiles(lie);
    files.lieAbout("silver/events/" + LogPaths.commit(2));

    LakeTables tables = tables(files);
    SmallLake.committer(tables).commit(proposals);

    assertThat(tables.silver().newest().state().version()).isEqualTo(2);
    assertThat(LogCommits.between(tables.silver().log(), 1, 2).orElseThrow().get(0).operation())
        .isEqualTo("REWRITE");
    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(3);
    assertThat(balance.conflicts()).isEqualTo(1);
  }

  /** Where rows that another copy has committed meanwhile are cut off a proposal. */
  @ParameterizedTest
  @EnumSource(UnreliableFiles.Lie.class)
  void aTrimmedProposalThatWasPutKeepsItsRows(UnreliableFiles.Lie lie) {
    SmallLake lake = new SmallLake(root);
    List<Proposal> longer = new ArrayList<>(lake.records(topic(0), 0, "event 1 60 a", "bad", "no"));
    longer.addAll(lake.decisions(topic(0), 0, "event 1 60 a", "bad", "no"));
    new SmallLake(root).take(topic(0), 0, "event 1 60 a", "bad");
    for (String table : List.of("bronze/events", "silver/events", "quarantine/events")) {
      UnreliableFiles files = new UnreliableFiles(lie);
      files.lieAbout(table + "/" + LogPaths.commit(2));
      SmallLake.committer(tables(files)).commit(longer);
    }

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.bronze()).isEqualTo(3);
    assertThat(balance.silver()).isEqualTo(1);
    assertThat(balance.quarantine()).isEqualTo(2);
    assertThat(balance.undecided()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = UnreliableFiles.Lie.class,
      names = {"LINK_EXISTS", "PUT_EXISTS"})
  void aCommitThatWasPutIsNoConflictInAnyTable(UnreliableFiles.Lie lie) {
    for (TableSchema table :
        List.of(
            EventTables.BRONZE_EVENTS,
            EventTables.SILVER_EVENTS,
            EventTables.QUARANTINE_EVENTS,
            new TableSchema(
                "gold/figures",
                "figures by day",
                List.of(new Column("events", Column.Type.LONG, false, true, "how many")),
                "event_date"))) {
      UnreliableFiles files = new UnreliableFiles(lie);
      KernelTableLog log = log(files, table);
      TableState created = log.create(Map.of());
      DataFile file = new DataFile("d/1700000000000-a.parquet", 12, 3, "2026-05-01", "{}");
      for (int version = 1; version <= 2; version++) {
        files.lieAbout(LogPaths.commit(version));
        TableState before = log.newest().orElseThrow();
        TableState state =
            log.commit(
                before,
                new Changes(
                    "WRITE",
                    version == 1 ? List.of(file) : List.of(),
                    version == 1 ? List.of() : List.of(file),
                    Map.of("test", "v" + version)));
        assertThat(state)
            .isEqualTo(new TableState(created.tableId(), version, Map.of("test", "v" + version)));
        assertThat(log.newest()).contains(state);
      }
    }
  }

  @Test
  void aVersionOfAnotherWriterIsAConflictAlthoughItSaysTheSame() {
    UnreliableFiles files = new UnreliableFiles(UnreliableFiles.Lie.PUT_EXISTS);
    KernelTableLog one = log(files, EventTables.BRONZE_EVENTS);
    KernelTableLog other = log(files, EventTables.BRONZE_EVENTS);
    TableState base = one.create(Map.of());
    assertThat(other.newest()).contains(base);
    Changes same = new Changes("WRITE", List.of(), List.of(), Map.of("test", "v"));
    one.commit(base, same);

    assertThatThrownBy(() -> other.commit(base, same)).isInstanceOf(CommitConflictException.class);
  }

  @ParameterizedTest
  @EnumSource(UnreliableFiles.Lie.class)
  void aTableThatWasCreatedIsThere(UnreliableFiles.Lie lie) {
    UnreliableFiles files = new UnreliableFiles(lie);
    files.lieAbout(LogPaths.commit(0));
    KernelTableLog log = log(files, EventTables.BRONZE_EVENTS);
    if (lie == UnreliableFiles.Lie.LINK_FAILED) {
      assertThatThrownBy(() -> log.create(Map.of())).isInstanceOf(LakeException.class);
    }
    assertThat(log.create(Map.of()).version()).isZero();
  }

  /** Files that a plan has written are deleted when the log shows that it was not committed. */
  @Test
  void whatWasWrittenForALostRaceIsDeleted() throws IOException {
    SmallLake lake = new SmallLake(root);
    List<Proposal> longer = lake.records(topic(0), 0, "event 1 60 a", "event 2 60 a");
    List<Proposal> other = lake.records(topic(1), 0, "event 3 60 a");
    lake.committer().commit(lake.records(topic(0), 0, "event 1 60 a"));
    LocalFiles slow =
        new LocalFiles(false) {
          private boolean raced;

          @Override
          public void link(Path name, Path file) throws IOException {
            if (!raced && name.endsWith(LogPaths.commit(2))) {
              raced = true;
              lake.committer().commit(other);
            }
            super.link(name, file);
          }
        };
    Set<Path> before = parquetFiles();

    SmallLake.committer(tables(slow)).commit(longer);

    Set<Path> added = parquetFiles();
    added.removeAll(before);
    assertThat(added).hasSize(1);
    assertThat(lake.audit().bronze()).isEqualTo(3);
    assertThat(lake.audit().faults()).isEmpty();
  }

  private Set<Path> parquetFiles() throws IOException {
    try (Stream<Path> found = Files.walk(root.resolve("bronze/events"))) {
      return found
          .filter(file -> file.toString().endsWith(".parquet"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void positionsOfAnotherPartitionStayWhenOneWasPutInDoubt() {
    SmallLake lake = new SmallLake(root);
    SourcePartition partition = topic(0);
    List<Proposal> first = lake.records(partition, 0, "event 1 60 a");
    UnreliableFiles files = new UnreliableFiles(UnreliableFiles.Lie.LINK_FAILED);
    files.lieAbout("bronze/events/" + LogPaths.commit(1));
    LakeTables tables = tables(files);
    SmallLake.committer(tables).commit(first);
    SmallLake.committer(tables)
        .commit(
            List.of(
                Proposal.of(
                    Proposal.Kind.RECORDS,
                    null,
                    SmallLake.CLOCK.millis(),
                    List.of(new Coverage(partition, OffsetRanges.of(1, 2), 0)),
                    Map.of(),
                    "",
                    0)));
    assertThat(tables.bronze().newest().ledger().covered(partition))
        .isEqualTo(OffsetRanges.of(0, 2));
    assertThat(tables.bronze().newest().ledger().rowCount()).isEqualTo(1);
  }
}
