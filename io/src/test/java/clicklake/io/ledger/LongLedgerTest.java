package clicklake.io.ledger;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.commit.LakeTables;
import clicklake.io.lake.SmallLake;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableLog.Changes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers of so many landing files that a log could not hold them. */
class LongLedgerTest {
  private static final int FILES = 70_000;

  @TempDir Path root;

  private static SourcePartition file(int number) {
    return new SourcePartition("f".repeat(200) + number, 0, "file:1:2");
  }

  private static Ledger.Partition finished(int number) {
    return new Ledger.Partition(
        file(number), 1, OffsetRanges.empty(), 0, 0, 0, 0, 1, OffsetRanges.empty());
  }

  @Test
  void aLedgerThatWouldBeTooLongIsRefusedBeforeTheCommit() {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    List<Coverage> coverage = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      coverage.add(new Coverage(file(i), OffsetRanges.of(0, 1), 0));
    }
    Proposal all =
        Proposal.of(
            Proposal.Kind.RECORDS, null, SmallLake.CLOCK.millis(), coverage, Map.of(), "", 1);

    assertThatThrownBy(() -> lake.committer().commit(List.of(all)))
        .isInstanceOf(LakeException.class)
        .hasMessageMatching(
            "cannot commit to bronze/events: its ledger would be \\d{8} characters long, for 70001"
                + " partitions or files and 0 commits whose rejects are not in quarantine yet, and a"
                + " log holds up to 10000000; nothing was committed: offer fewer landing files at a"
                + " time, or larger ones, and if quarantine cannot be written, mend that first");

    assertThat(lake.tables.bronze().newest().state().version()).isEqualTo(1);
    assertThat(lake.take(topic(0), 1, "event 2 60 a").audit().faults()).isEmpty();
  }

  /** Such a ledger was written once, and could not be read again. */
  @Test
  void aLakeWithALedgerThatIsTooLongGoesOnAndTheLedgerGetsShorter() {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    for (LedgerTable table : List.of(lake.tables.bronze(), lake.tables.silver())) {
      table
          .log()
          .commit(
              table.log().newest().orElseThrow(),
              new Changes(
                  "WRITE",
                  List.of(),
                  List.of(),
                  Map.of(Ledger.DOMAIN, withMoreFiles(SmallLake.ledger(table)).toJson())));
    }
    SmallLake again = new SmallLake(root);
    LakeTables fresh = SmallLake.tables(new LocalFiles(false), root);
    assertThat(fresh.bronze().newest().characters()).isGreaterThan(20_000_000);

    again.take(topic(0), 1, "event 2 60 a");
    again.take(topic(0), 2, "event 3 60 a");

    assertThat(fresh.bronze().newest().characters()).isLessThan(10_000);
    assertThat(fresh.silver().newest().characters()).isLessThan(10_000);
    assertThat(fresh.silver().newest().ledger().retired().partitions()).isEqualTo(FILES - 10);
    assertThat(again.audit().silver()).isEqualTo(3);
  }

  private static Ledger withMoreFiles(Ledger ledger) {
    SortedMap<String, Ledger.Partition> partitions = new TreeMap<>(ledger.partitions());
    for (int i = 0; i < FILES; i++) {
      partitions.put(file(i).name(), finished(i));
    }
    return SmallLake.with(ledger, partitions, ledger.rowCount(), ledger.retired());
  }
}
