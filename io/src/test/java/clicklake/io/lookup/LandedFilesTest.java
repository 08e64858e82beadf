package clicklake.io.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.commit.CountingTableFiles;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.RowReader;
import clicklake.io.parquet.RowWriter;
import clicklake.io.storage.CountingFiles;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeCoverage.Generation;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.LandedGeneration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandedFilesTest {
  private static final long ARRIVAL = SmallLake.DAY.toEpochMilli();

  @TempDir Path root;
  private SmallLake lake;

  @BeforeEach
  void open() {
    lake = new SmallLake(root);
    lake.keepFinished = 1;
  }

  private static SourcePartition file(String path, int number, long size, long time) {
    return new SourcePartition(path, number, "file:" + size + ":" + time);
  }

  private Map<String, List<Generation>> retired(String... paths) {
    return lake.lake.coverage().retired(Set.of(paths));
  }

  @Test
  void bronzesFilesRememberTheSizeOfEachLandingFileInThem() {
    lake.take(file("a", 0, 10, -5), 0, "event 1 0 a");
    lake.take(file("a", 1, 12, 7), 0, "event 2 0 b");
    lake.take(file("größe", 0, 3, 8), 0, "no event");

    assertThat(retired("a", "größe", "b"))
        .isEqualTo(
            Map.of(
                "a",
                List.of(new Generation(0, -5, 10), new Generation(1, 7, 12)),
                "größe",
                List.of(new Generation(0, 8, 3))));
  }

  @Test
  void aCopyWithoutSomeRowsRemembersAsWell() {
    Proposal written = lake.records(file("a", 0, 10, 5), 0, "event 1 0 a", "event 2 0 b").get(0);

    DataFile copy =
        lake.tables.bronze().files().rewriteWithout(written.content(), row -> row.offset() == 0, 1);

    assertThat(lake.tables.bronze().files().landed(copy))
        .containsExactly(new LandedGeneration(LandedGeneration.hash("a"), 0, 5, 10));
  }

  @Test
  void ofAFileThatSaysNothingTheRowsAreReadAndTheSizeIsUnknown() {
    Proposal written = lake.records(SmallLake.topic(3), 0, "event 1 0 a", "event 2 0 b").get(0);
    Map<String, String> other = Map.of("writer", "another");

    assertThat(LandedGeneration.of(other)).isNull();
    // A topic's records are no landing file; where the metadata is missing, nothing tells them
    // apart.
    assertThat(lake.tables.bronze().files().landed(written.content())).isEmpty();
    DataFile silent = silentCopy(written.content());
    assertThat(lake.tables.bronze().files().landed(silent))
        .containsExactlyInAnyOrder(
            new LandedGeneration(LandedGeneration.hash("topic"), 3, ARRIVAL, -1),
            new LandedGeneration(LandedGeneration.hash("topic"), 3, ARRIVAL + 1, -1));
  }

  /** What another engine makes of a file. */
  private DataFile silentCopy(DataFile file) {
    String path = file.path().replace(".parquet", "-copy.parquet");
    String table = root + "/" + EventTables.BRONZE_EVENTS.path() + "/";
    List<Column> columns = EventTables.BRONZE_EVENTS.columns();
    try (RowWriter copy =
        new RowWriter(
            LakeStorage.of(LakeLocation.of(root)),
            table + path,
            columns,
            Set.of(),
            ParquetSettings.DEFAULT)) {
      RowReader.read(
          LakeStorage.of(LakeLocation.of(root)),
          table + file.path(),
          file.sizeBytes(),
          columns,
          row -> {
            copy.putBytes(0, row.binaryAt(0).getBytes());
            copy.putInt(1, row.intAt(1));
            copy.putLong(2, row.longAt(2));
            copy.putLong(3, row.longAt(3));
            copy.putNull(4);
            copy.putNull(5);
            copy.putNull(6);
            copy.endRow();
          });
      RowWriter.Written written = copy.finish();
      return new DataFile(path, written.sizeBytes(), written.rows(), file.date(), written.stats());
    }
  }

  @Test
  void eachFileOfBronzeIsAskedOnceHoweverOftenNamesAreUnknown() {
    for (int i = 0; i < 5; i++) {
      lake.take(file("name-" + i, 0, i, i), 0, "event " + i + " 0 a", "x");
    }
    CountingTableFiles files = new CountingTableFiles(lake.tables.bronze().files());
    LedgerTable bronze = new LedgerTable(lake.tables.bronze().log(), files);
    LandedFiles landed = new LandedFiles(bronze);

    for (int round = 0; round < 3; round++) {
      landed.generations(bronze.newest(), Set.of("name-0", "name-99", "other"));
    }
    assertThat(files.landedRead).hasSize(1);
    for (int round = 0; round < 3; round++) {
      assertThat(landed.generations(bronze.newest(), Set.of("name-3", "name-4", "a")))
          .isEqualTo(
              Map.of(
                  "name-3",
                  List.of(new Generation(0, 3, 3)),
                  "name-4",
                  List.of(new Generation(0, 4, 4))));
    }
    lake.take(file("name-3", 1, 8, 9), 0, "event 9 0 a");
    assertThat(landed.generations(bronze.newest(), Set.of("name-3")))
        .isEqualTo(Map.of("name-3", List.of(new Generation(0, 3, 3), new Generation(1, 9, 8))));
    assertThat(files.landedRead).hasSize(4).doesNotHaveDuplicates();
  }

  @Test
  void manyGenerationsKeepTheirPlaces() {
    SourcePartition[] all = new SourcePartition[5000];
    List<Proposal> records = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      all[i] = file("path/" + i / 2, i % 2, i, 2L * i);
    }
    LakeWriters.Records writer = lake.writers.openRecords();
    for (SourcePartition each : all) {
      writer.write(each, SmallLake.record(each, 0, "x"));
    }
    writer.seen(-1);
    records.addAll(writer.finish());
    lake.committer().commit(records);

    Set<String> paths = new HashSet<>();
    for (SourcePartition each : all) {
      paths.add(each.source());
    }
    Map<String, List<Generation>> found = lake.lake.coverage().retired(paths);
    assertThat(found).hasSize(all.length / 2);
    for (int i = 0; i < all.length; i += 2) {
      assertThat(found.get("path/" + i / 2))
          .containsExactly(new Generation(0, 2L * i, i), new Generation(1, 2L * i + 2, i + 1));
    }
  }

  @Test
  void filesWithLongNamesLeaveTheLedgerEarlier() {
    lake.keepFinished = 4;
    String folders = "d".repeat(1000) + "/";
    for (int i = 0; i < 6; i++) {
      lake.take(file(folders + i, 0, 1, i), 0, "event " + i + " 0 a");
    }

    // The fourth made them more than 4,000 characters, and what silver was done with left.
    assertThat(SmallLake.ledger(lake.tables.bronze()).partitions().keySet())
        .containsExactly(folders + "3/0", folders + "4/0", folders + "5/0");
  }

  @Test
  void aNewFileThatWasReadBeforeOthersLeftTheLedgerIsTakenAndOneOfThoseIsNot() {
    lake.take(file("first", 0, 1, 1), 0, "event 1 0 a");
    List<Proposal> late = lake.records(file("late", 0, 2, 2), 0, "event 7 0 a");
    List<Proposal> again = lake.records(file("first", 0, 1, 1), 0, "event 1 0 a");
    for (int i = 2; i < 7; i++) {
      lake.take(file("other-" + i, 0, i, i), 0, "event " + i + " 0 a");
    }
    Ledger before = SmallLake.ledger(lake.tables.bronze());
    assertThat(before.partitions()).doesNotContainKey("first/0");
    assertThat(before.retired().version()).isGreaterThan(late.get(0).asOf());

    lake.committer().commit(again);
    lake.committer().commit(late);

    Ledger after = SmallLake.ledger(lake.tables.bronze());
    assertThat(after.rowCount()).isEqualTo(before.rowCount() + 1);
    assertThat(after.partitions()).containsKey("late/0").doesNotContainKey("first/0");
  }

  @Test
  void aListingReadsTheCommitsSinceTheOneBeforeAndNothingElseOfTheLog() {
    for (int i = 0; i < 5; i++) {
      lake.take(file("name-" + i, 0, i, i), 0, "event " + i + " 0 a");
    }
    CountingFiles storage = new CountingFiles(new LocalFiles(false));
    LedgerTable bronze = bronzeIn(storage);
    LandedFiles landed = new LandedFiles(bronze);
    LedgerTable.Base base = bronze.newest();
    assertThat(landed.generations(base, Set.of("a"))).isEmpty();
    storage.clear();
    for (String name : List.of("b", "name-", "name-6", "z")) {
      assertThat(landed.generations(base, Set.of(name))).isEmpty();
    }
    assertThat(storage.counts()).isEmpty();

    lake.take(file("name-5", 0, 5, 5), 0, "event 5 0 a");
    LedgerTable.Base next = bronze.newest();
    storage.clear();
    // The look at the log has read the new commit.
    assertThat(landed.generations(next, Set.of("name-6"))).isEmpty();
    assertThat(storage.counts()).isEmpty();
    assertThat(landed.generations(base, Set.of("name-2", "name-5")))
        .isEqualTo(
            Map.of(
                "name-2",
                List.of(new Generation(0, 2, 2)),
                "name-5",
                List.of(new Generation(0, 5, 5))));
  }

  private LedgerTable bronzeIn(LakeFiles storage) {
    return new LedgerTable(
        new KernelTableLog(storage, root.toString(), EventTables.BRONZE_EVENTS),
        lake.tables.bronze().files());
  }

  @Test
  void filesThatAnotherEngineHasReplacedAreNotAsked() throws IOException {
    for (int i = 0; i < 3; i++) {
      lake.take(file("name-" + i, 0, i, i), 0, "event " + i + " 0 a");
    }
    LedgerTable bronze = bronzeIn(new LocalFiles(false));
    LandedFiles landed = new LandedFiles(bronze);
    LedgerTable.Base before = bronze.newest();
    assertThat(landed.generations(before, Set.of("a"))).isEmpty();
    SmallLake.optimize(root, EventTables.BRONZE_EVENTS);
    for (DataFile file : bronze.log().files(before.state(), null)) {
      bronze.files().delete(file.path());
    }

    assertThat(landed.generations(bronze.newest(), Set.of("name-1", "z")))
        .isEqualTo(Map.of("name-1", List.of(new Generation(0, 1, 1))));
  }
}
