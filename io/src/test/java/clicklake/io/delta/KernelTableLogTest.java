package clicklake.io.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.storage.CountingFiles;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelTableLogTest {
  private static final TableSchema TABLE = EventTables.BRONZE_EVENTS;
  private static final String DOMAIN = "clicklake.test";

  @TempDir Path lake;

  private KernelTableLog log() {
    return new KernelTableLog(new LocalFiles(false), lake.toString(), TABLE);
  }

  private static DataFile file(String name) {
    return new DataFile(
        "ingest_date=2026-05-01/1700000000000-" + name + ".parquet",
        1234,
        10,
        "2026-05-01",
        "{\"numRecords\":10}");
  }

  private static Changes adding(DataFile... files) {
    return new Changes("WRITE", List.of(files), List.of(), Map.of());
  }

  private List<JsonNode> commitFile(long version) throws IOException {
    List<JsonNode> actions = new ArrayList<>();
    for (String line :
        Files.readAllLines(lake.resolve(TABLE.path()).resolve(LogPaths.commit(version)))) {
      actions.add(new ObjectMapper().readTree(line));
    }
    return actions;
  }

  private void foreignCommit(long version, String... actions) throws IOException {
    Files.writeString(
        lake.resolve(TABLE.path()).resolve(LogPaths.commit(version)),
        String.join("\n", actions) + "\n",
        StandardOpenOption.CREATE_NEW);
  }

  @Test
  void thereIsNoTableBeforeItIsCreated() {
    assertThat(log().newest()).isEmpty();
  }

  @Test
  void aCreatedTableHasVersionZeroItsDomainsAndTheWordsOfTheCatalogue() throws IOException {
    TableState state = log().create(Map.of(DOMAIN, "{\"a\":1}"));

    assertThat(state.version()).isZero();
    assertThat(state.domains()).isEqualTo(Map.of(DOMAIN, "{\"a\":1}"));
    assertThat(log().newest()).contains(state);
    JsonNode metadata =
        commitFile(0).stream().filter(a -> a.has("metaData")).findFirst().orElseThrow();
    assertThat(metadata.at("/metaData/description").asText()).isEqualTo(TABLE.comment());
    assertThat(metadata.at("/metaData/partitionColumns").toString()).isEqualTo("[\"ingest_date\"]");
    assertThat(metadata.at("/metaData/configuration").toString())
        .isEqualTo("{\"delta.checkpointInterval\":\"50\"}");
    JsonNode schema =
        new ObjectMapper().readTree(metadata.at("/metaData/schemaString").asText()).get("fields");
    assertThat(schema.get(0).toString())
        .isEqualTo(
            "{\"name\":\"_source\",\"type\":\"string\",\"nullable\":false,\"metadata\":"
                + "{\"comment\":\"topic, or path relative to the landing folder\"}}");
    assertThat(schema.get(schema.size() - 1).toString())
        .isEqualTo(
            "{\"name\":\"ingest_date\",\"type\":\"date\",\"nullable\":true,\"metadata\":{}}");
  }

  @Test
  void creatingTwiceGivesTheTableThatIsThere() {
    TableState first = log().create(Map.of(DOMAIN, "one"));

    assertThat(log().create(Map.of(DOMAIN, "two"))).isEqualTo(first);
  }

  @Test
  void aCommitPutsFilesAndDomainsUnderItsOperation() throws IOException {
    KernelTableLog log = log();
    TableState state = log.create(Map.of(DOMAIN, "zero", "other", "kept"));

    TableState next =
        log.commit(
            state,
            new Changes("REWRITE", List.of(file("a b%é")), List.of(), Map.of(DOMAIN, "one")));

    assertThat(next)
        .isEqualTo(new TableState(state.tableId(), 1, Map.of(DOMAIN, "one", "other", "kept")));
    assertThat(log.newest()).contains(next);
    assertThat(log().newest()).contains(next);
    JsonNode add = commitFile(1).stream().filter(a -> a.has("add")).findFirst().orElseThrow();
    assertThat(add.toString())
        .isEqualTo(
            "{\"add\":{\"path\":\"ingest_date=2026-05-01/1700000000000-a%20b%25%C3%A9.parquet\","
                + "\"partitionValues\":{\"ingest_date\":\"2026-05-01\"},\"size\":1234,"
                + "\"modificationTime\":1700000000000,\"dataChange\":true,"
                + "\"stats\":\"{\\\"numRecords\\\":10}\"}}");
    assertThat(log().files(next, null)).containsExactly(file("a b%é"));
    assertThat(LogCommits.between(log, 0, 1))
        .contains(
            List.of(
                new LogCommit(
                    1, "REWRITE", List.of(file("a b%é")), List.of(), false, Set.of(DOMAIN))));
  }

  @Test
  void aCommitOnAnOldVersionConflictsAndChangesNothing() {
    KernelTableLog one = log();
    KernelTableLog two = log();
    TableState state = one.create(Map.of());
    two.newest();
    TableState won = one.commit(state, adding(file("won")));

    assertThatThrownBy(() -> two.commit(state, adding(file("lost"))))
        .isInstanceOf(CommitConflictException.class)
        .hasMessage("bronze/events: version 1 exists already");
    assertThatThrownBy(() -> one.commit(state, adding(file("lost"))))
        .isInstanceOf(CommitConflictException.class);
    assertThat(two.newest()).contains(won);
    assertThat(two.files(won, null)).containsExactly(file("won"));
  }

  @Test
  void ofManyRacingWritersOneWinsEachVersionAndNothingIsLost() throws Exception {
    int threads = 8;
    int commits = 25;
    log().create(Map.of());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<List<Long>>> winners = new ArrayList<>();
    KernelTableLog[] logs = {log(), log(), log(), log()};
    for (int t = 0; t < threads; t++) {
      int thread = t;
      winners.add(
          pool.submit(
              () -> {
                KernelTableLog log = logs[thread % logs.length];
                List<Long> won = new ArrayList<>();
                while (won.size() < commits) {
                  TableState base = log.newest().orElseThrow();
                  try {
                    won.add(log.commit(base, adding(file(thread + "x" + won.size()))).version());
                  } catch (CommitConflictException again) {
                    assertThat(again).hasMessageContaining("exists already");
                  }
                }
                return won;
              }));
    }
    List<Long> versions = new ArrayList<>();
    for (Future<List<Long>> winner : winners) {
      versions.addAll(winner.get());
    }
    pool.shutdown();

    List<Long> expectedVersions = new ArrayList<>();
    List<DataFile> expectedFiles = new ArrayList<>();
    for (int i = 0; i < threads * commits; i++) {
      expectedVersions.add(i + 1L);
      expectedFiles.add(file(i / commits + "x" + i % commits));
    }
    assertThat(versions).containsExactlyInAnyOrderElementsOf(expectedVersions);
    TableState last = log().newest().orElseThrow();
    assertThat(last.version()).isEqualTo((long) threads * commits);
    assertThat(log().files(last, null)).containsExactlyInAnyOrderElementsOf(expectedFiles);
    try (var names = Files.list(lake.resolve(TABLE.path()).resolve("_delta_log"))) {
      assertThat(names.filter(name -> name.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void fiftyCommitsMakeACheckpointAndTheLogGoesOnFromIt() throws IOException {
    KernelTableLog log = log();
    TableState state = log.create(Map.of());
    List<DataFile> expected = new ArrayList<>();
    for (int i = 1; i <= 55; i++) {
      expected.add(file("n" + i));
      state =
          log.commit(
              state,
              new Changes("WRITE", List.of(file("n" + i)), List.of(), Map.of(DOMAIN, "v" + i)));
    }
    Path folder = lake.resolve(TABLE.path()).resolve("_delta_log");
    assertThat(folder.resolve("00000000000000000050.checkpoint.parquet")).exists();
    for (int i = 0; i < 50; i++) {
      Files.delete(lake.resolve(TABLE.path()).resolve(LogPaths.commit(i)));
    }

    KernelTableLog fresh = log();
    assertThat(fresh.newest()).contains(state);
    assertThat(state.domains()).isEqualTo(Map.of(DOMAIN, "v55"));
    assertThat(fresh.files(state, null)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(LogCommits.between(fresh, 48, 51)).isEmpty();
    assertThat(LogCommits.between(fresh, 49, 51).orElseThrow()).hasSize(2);
    TableState next = fresh.commit(state, adding(file("after")));
    assertThat(log.newest()).contains(next);
  }

  /**
   * Longer than what Jackson reads unless told to; an earlier version could write such a ledger.
   */
  @Test
  void aDomainOfTwentyFiveMegabytesIsRead() {
    String text = "x".repeat(25_000_000);
    KernelTableLog writer = log();
    KernelTableLog reader = log();
    TableState state = writer.create(Map.of());
    assertThat(reader.newest()).contains(state);
    TableState next =
        writer.commit(
            state, new Changes("WRITE", List.of(file("a")), List.of(), Map.of(DOMAIN, text)));

    // Commit by commit, and as a whole.
    assertThat(reader.newest()).contains(next);
    KernelTableLog fresh = log();
    assertThat(fresh.newest()).contains(next);
    assertThat(fresh.files(next, null)).containsExactly(file("a"));
    assertThat(reader.commit(next, adding(file("b"))).domains()).isEqualTo(Map.of(DOMAIN, text));
  }

  @Test
  void aCheckpointDeletesWhatKilledWritersLeftBesideTheLogAndNothingElse() throws IOException {
    KernelTableLog log = log();
    TableState state = log.create(Map.of());
    Path folder = lake.resolve(TABLE.path()).resolve("_delta_log");
    String uuid = "0a1b2c3d-1111-2222-3333-444455556666";
    Path abandoned =
        Files.createFile(folder.resolve(".00000000000000000007.json." + uuid + ".tmp"));
    Path young = Files.createFile(folder.resolve(".00000000000000000008.json." + uuid + ".tmp"));
    Path foreign = Files.createFile(folder.resolve(".00000000000000000009.json.crc"));
    Path visible = Files.createFile(folder.resolve("00000000000000000007.json." + uuid + ".tmp"));
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
    for (Path file : List.of(abandoned, foreign, visible)) {
      Files.setLastModifiedTime(file, before);
    }
    for (int i = 1; i <= 50; i++) {
      assertThat(abandoned).exists();
      state = log.commit(state, adding(file("n" + i)));
    }

    assertThat(folder.resolve("00000000000000000050.checkpoint.parquet")).exists();
    assertThat(abandoned).doesNotExist();
    assertThat(List.of(young, foreign, visible)).allSatisfy(file -> assertThat(file).exists());
  }

  @Test
  void aReaderFollowsTheCommitsOfAnotherWriter() {
    KernelTableLog writer = log();
    KernelTableLog reader = log();
    TableState state = writer.create(Map.of());
    assertThat(reader.newest()).contains(state);
    for (int i = 1; i <= 130; i++) {
      state =
          writer.commit(state, new Changes("WRITE", List.of(), List.of(), Map.of(DOMAIN, "v" + i)));
      if (i < 5) {
        assertThat(reader.newest()).contains(state);
      }
    }
    assertThat(reader.newest()).contains(state);
    assertThat(reader.commit(state, adding(file("mine"))).domains())
        .isEqualTo(Map.of(DOMAIN, "v130"));
  }

  @Test
  void removedFilesLeaveTheTableAndShowInTheLog() {
    KernelTableLog log = log();
    TableState state = log.commit(log.create(Map.of()), adding(file("old"), file("other")));

    TableState next =
        log.commit(
            state, new Changes("REWRITE", List.of(file("new")), List.of(file("old")), Map.of()));
    TableState later = log.commit(next, adding(file("later")));

    assertThat(log.files(next, null)).containsExactlyInAnyOrder(file("new"), file("other"));
    assertThat(log().files(later, null))
        .containsExactlyInAnyOrder(file("new"), file("other"), file("later"));
    assertThat(LogCommits.between(log, 1, 2))
        .contains(
            List.of(
                new LogCommit(
                    2,
                    "REWRITE",
                    List.of(file("new")),
                    List.of(file("old").path()),
                    false,
                    Set.of())));
    assertThatThrownBy(
            () ->
                log.commit(
                    later, new Changes("REWRITE", List.of(), List.of(file("old")), Map.of())))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("version 3 has no file " + file("old").path());
    assertThat(log.commit(later, adding(file("last"))).version()).isEqualTo(4);
  }

  @Test
  void filesAreListedByDate() {
    KernelTableLog log = log();
    DataFile may =
        new DataFile(
            "ingest_date=2026-05-02/1-x.parquet", 7, 1, "2026-05-02", "{\"numRecords\":1}");
    TableState state = log.commit(log.create(Map.of()), adding(file("first"), may));

    assertThat(log.files(state, Set.of(LocalDate.of(2026, 5, 2)))).containsExactly(may);
    assertThat(log.files(state, Set.of())).isEmpty();
    assertThat(log.files(log.create(Map.of()), null)).containsExactlyInAnyOrder(file("first"), may);
  }

  @Test
  void anOlderVersionCanStillBeListed() {
    KernelTableLog log = log();
    TableState state = log.commit(log.create(Map.of()), adding(file("first")));
    log.commit(state, adding(file("second")));

    assertThat(log.files(state, null)).containsExactly(file("first"));
  }

  @Test
  void aForeignOptimizeIsSeenAsRearrangementAndCommittedUpon() throws IOException {
    KernelTableLog log = log();
    TableState state = log.commit(log.create(Map.of(DOMAIN, "v")), adding(file("a"), file("b")));
    String partition = "\"partitionValues\":{\"ingest_date\":\"2026-05-01\"}";
    foreignCommit(
        2,
        "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"OPTIMIZE\"}}",
        "{\"add\":{\"path\":\"ingest_date=2026-05-01/part-0.parquet\","
            + partition
            + ",\"size\":9,\"modificationTime\":1,\"dataChange\":false,"
            + "\"stats\":\"{\\\"numRecords\\\":20}\"}}",
        "{\"remove\":{\"path\":\""
            + file("a").path()
            + "\",\"deletionTimestamp\":1,"
            + "\"dataChange\":false,\"extendedFileMetadata\":true,"
            + partition
            + ",\"size\":1234}}",
        "{\"remove\":{\"path\":\""
            + file("b").path()
            + "\",\"deletionTimestamp\":1,"
            + "\"dataChange\":false,\"extendedFileMetadata\":true,"
            + partition
            + ",\"size\":1234}}");
    DataFile optimized =
        new DataFile(
            "ingest_date=2026-05-01/part-0.parquet", 9, 20, "2026-05-01", "{\"numRecords\":20}");

    TableState seen = log.newest().orElseThrow();
    assertThat(seen).isEqualTo(new TableState(state.tableId(), 2, Map.of(DOMAIN, "v")));
    LogCommit commit = LogCommits.between(log, 1, 2).orElseThrow().get(0);
    assertThat(commit)
        .isEqualTo(new LogCommit(2, "OPTIMIZE", List.of(), List.of(), true, Set.of()));
    assertThat(commit.changesData()).isFalse();
    assertThat(log.files(seen, null)).containsExactly(optimized);
    TableState next =
        log.commit(seen, new Changes("REWRITE", List.of(file("c")), List.of(optimized), Map.of()));
    assertThat(log().files(next, null)).containsExactly(file("c"));
  }

  @Test
  void aTableOfOtherColumnsIsRefusedByTheFirstDifference() {
    TableSchema other =
        new TableSchema(
            TABLE.path(),
            "x",
            List.of(
                TABLE.columns().get(0),
                new Column("_partition", Column.Type.LONG, false, true, "wider")),
            "ingest_date");
    new KernelTableLog(new LocalFiles(false), lake.toString(), other).create(Map.of());

    assertThatThrownBy(() -> log().newest())
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(
            "bronze/events: there is another table at "
                + lake
                + "/bronze/events: column 2 is _partition long not null where Clicklake writes"
                + " _partition integer not null; use another --lake or move the table away");
  }

  @Test
  void aTableWithOneMoreColumnOrOtherPartitioningIsRefused() {
    List<Column> more = new ArrayList<>(TABLE.columns());
    more.add(new Column("extra", Column.Type.STRING, true, false, "extra"));
    new KernelTableLog(
            new LocalFiles(false),
            lake.toString(),
            new TableSchema(TABLE.path(), "x", more, "ingest_date"))
        .create(Map.of());
    assertThatThrownBy(() -> log().create(Map.of()))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("column 8 is extra string where Clicklake writes ingest_date date");

    List<Column> unpartitioned = new ArrayList<>(TABLE.columns());
    unpartitioned.add(new Column("ingest_date", Column.Type.DATE, true, false, "x"));
    Path second = lake.resolve("second");
    new KernelTableLog(
            new LocalFiles(false),
            second.toString(),
            new TableSchema(TABLE.path(), "x", unpartitioned, null))
        .create(Map.of());
    assertThatThrownBy(
            () -> new KernelTableLog(new LocalFiles(false), second.toString(), TABLE).newest())
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining(
            "it is partitioned by [] where Clicklake partitions by [ingest_date]");
  }

  @Test
  void aFileWithADeletionVectorStopsTheJob() throws IOException {
    KernelTableLog log = log();
    log.create(Map.of());
    foreignCommit(
        1,
        "{\"add\":{\"path\":\"x.parquet\",\"partitionValues\":{\"ingest_date\":\"2026-05-01\"},"
            + "\"size\":9,\"modificationTime\":1,\"dataChange\":true,\"deletionVector\":"
            + "{\"storageType\":\"i\",\"pathOrInlineDv\":\"x\",\"sizeInBytes\":1,"
            + "\"cardinality\":1}}}");

    assertThatThrownBy(log::newest)
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("x.parquet has a deletion vector");
  }

  @Test
  void aTableReplacedUnderARunningJobIsNoticed() throws IOException {
    KernelTableLog log = log();
    TableState state = log.commit(log.create(Map.of()), adding(file("a")));
    Path table = lake.resolve(TABLE.path());
    Files.move(table, lake.resolve("moved"));
    TableState other = log().create(Map.of());
    log().commit(other, adding(file("b")));

    TableState seen = log.newest().orElseThrow();
    assertThat(seen.tableId()).isEqualTo(other.tableId());
    assertThatThrownBy(() -> log.commit(state, adding(file("c"))))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("was replaced by " + other.tableId());
  }

  @Test
  void aLakeThatIsAFileIsAFailureOfTheStorageNotOfTheTable() throws IOException {
    Path file = Files.writeString(lake.resolve("file"), "not a folder");
    KernelTableLog log = new KernelTableLog(new LocalFiles(false), file.toString(), TABLE);

    assertThatThrownBy(() -> log.create(Map.of()))
        .isInstanceOf(LakeException.class)
        .isNotInstanceOf(CorruptTableException.class)
        .hasMessageStartingWith("cannot ");
  }

  @Test
  void whatWasCertainAMomentAgoCostsNoLook() {
    CountingFiles files = new CountingFiles(new LocalFiles(false));
    KernelTableLog log = new KernelTableLog(files, lake.toString(), TABLE);
    TableState first = log.commit(log.create(Map.of()), adding(file("first")));
    TableState ours = log.commit(first, adding(file("ours")));
    KernelTableLog other = log();
    TableState theirs = other.newest().orElseThrow();
    for (int i = 0; i < 20; i++) {
      theirs = other.commit(theirs, adding(file("theirs " + i)));
    }
    files.clear();

    assertThat(log.newestWithin(Duration.ofDays(1))).contains(ours);
    assertThat(log.known()).contains(ours);
    assertThat(files.counts()).isEmpty();
    assertThat(log.newestWithin(Duration.ZERO)).contains(theirs);
    // The version known, the one after it, and a listing, with which a store fetches all commits.
    assertThat(files.counts()).isEqualTo(Map.of("list", 1, "read", 20, "status", 2));
    assertThat(log.newestWithin(Duration.ofDays(1))).contains(theirs);
  }

  @Test
  void lookingAndCommittingCostTheSameHoweverLongTheLogIs() {
    CountingFiles files = new CountingFiles(new LocalFiles(false));
    KernelTableLog log = new KernelTableLog(files, lake.toString(), TABLE);
    TableState state = log.create(Map.of());
    for (int i = 1; i <= 60; i++) {
      state = log.commit(state, adding(file("n" + i)));
    }
    files.clear();

    assertThat(log.newest()).contains(state);
    assertThat(files.counts()).isEqualTo(Map.of("status", 2));
    files.clear();
    log.commit(state, adding(file("last")));
    // The commit itself, and its checksum.
    assertThat(files.counts()).isEqualTo(Map.of("put", 2));
  }
}
