package clicklake.io.audit;

import static clicklake.io.lake.SmallLake.topic;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.KnownHoles;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeCoverage.BronzeRecord;
import clicklake.schemas.lake.LakeCoverage.BronzeRecords;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that a source loses between bronze's commit and silver's, and those lost before both. */
class HolesOverRowsTest {
  private static final String[] RECORDS = {"event 1 60 a", "event 2 60 a", "event 3 60 a"};

  @TempDir Path root;
  private SmallLake lake;

  @BeforeEach
  void nameALake() {
    lake = new SmallLake(root);
  }

  private OffsetRanges covered(LedgerTable table) {
    return SmallLake.ledger(table).covered(topic(0));
  }

  @Test
  void aHoleIsNotCoveredWhereBronzeHoldsARecord() {
    lake.committer().commit(lake.records(topic(0), 0, RECORDS));
    lake.committer()
        .commit(lake.decisions(topic(0), 0, null, "event 2 60 a", "event 3 60 a", null));

    assertThat(covered(lake.tables.silver())).isEqualTo(OffsetRanges.of(1, 3));

    lake.take(topic(0), 3, "event 4 60 a");
    lake.committer().commit(lake.decisions(topic(0), 0, "event 1 60 a"));
    assertThat(covered(lake.tables.silver())).isEqualTo(OffsetRanges.of(0, 4));
    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.silver()).isEqualTo(4);
    assertThat(balance.duplicates()).isZero();
  }

  @Test
  void aHoleThatAnotherProcessCommittedToBronzeIsCovered() {
    lake.committer().commit(lake.records(topic(0), 0, null, "event 2 60 a"));
    lake.tables.holes().forgetCoveredBy(everything());
    lake.committer().commit(lake.decisions(topic(0), 0, null, "event 2 60 a"));

    assertThat(covered(lake.tables.silver())).isEqualTo(OffsetRanges.of(0, 2));
    assertThat(lake.audit().faults()).isEmpty();
  }

  private static Ledger everything() {
    LedgerDraft draft = new LedgerDraft(Ledger.empty("t"));
    draft.lose(topic(0), OffsetRanges.of(0, 1_000), false);
    return draft.build("t", 1, 1, () -> partition -> false);
  }

  @Test
  void holesOfTheOwnCommitAreKnownUntilSilverCoversThem() {
    lake.committer().commit(lake.records(topic(0), 0, null, "event 2 60 a", null));
    assertThat(lake.tables.holes().unknown(topic(0), OffsetRanges.of(0, 4)))
        .isEqualTo(OffsetRanges.ofBounds(1, 2, 3, 4));

    lake.committer().commit(lake.decisions(topic(0), 0, null, "event 2 60 a"));
    assertThat(lake.tables.holes().unknown(topic(0), OffsetRanges.of(0, 4)))
        .isEqualTo(OffsetRanges.ofBounds(0, 2, 3, 4));
  }

  @Test
  void aRecordThatAnotherCopyCommittedIsNoKnownHole() {
    List<Proposal> late = lake.records(topic(0), 0, null, "event 2 60 a", null);
    lake.committer().commit(lake.records(topic(0), 0, RECORDS[0]));
    lake.committer().commit(late);

    assertThat(lake.tables.holes().unknown(topic(0), OffsetRanges.of(0, 3)))
        .isEqualTo(OffsetRanges.of(0, 2));
  }

  @Test
  void tooManyKnownHolesAreForgotten() {
    KnownHoles holes = new KnownHoles();
    OffsetRanges.Builder many = OffsetRanges.builder();
    for (long i = 0; i <= KnownHoles.MAX_RUNS; i++) {
      many.add(2 * i);
    }
    holes.note(Map.of(topic(0), OffsetRanges.of(0, 1)));
    assertThat(holes.unknown(topic(0), OffsetRanges.of(0, 1))).isEqualTo(OffsetRanges.empty());
    holes.note(Map.of(topic(1), many.build()));
    assertThat(holes.unknown(topic(0), OffsetRanges.of(0, 1))).isEqualTo(OffsetRanges.of(0, 1));
  }

  @Test
  void bronzesRecordsAreFoundByPositionLowestFirst() {
    lake.committer().commit(lake.records(topic(0), 4, "dd", "ee"));
    lake.committer().commit(lake.records(topic(1), 0, "other", "other"));
    lake.committer().commit(lake.records(topic(0), 0, "aa", null, "cc"));

    BronzeRecords all = bronze(OffsetRanges.ofBounds(0, 3, 4, 10), 1_000);
    assertThat(all.before()).isEqualTo(Long.MAX_VALUE);
    assertThat(texts(all))
        .containsExactly("0 key [] aa", "2 key [] cc", "4 key [] dd", "5 key [] ee");
    assertThat(all.records().get(3).arrivalMillis()).isEqualTo(SmallLake.DAY.toEpochMilli() + 5);

    // Each has seven bytes: key, headers and value.
    BronzeRecords some = bronze(OffsetRanges.of(0, 10), 14);
    assertThat(texts(some)).containsExactly("0 key [] aa", "2 key [] cc");
    assertThat(some.before()).isEqualTo(4);
    BronzeRecords one = bronze(OffsetRanges.of(2, 10), 1);
    assertThat(texts(one)).containsExactly("2 key [] cc");
    assertThat(one.before()).isEqualTo(4);
    assertThat(bronze(OffsetRanges.of(6, 10), 1)).isEqualTo(BronzeRecords.NONE);
  }

  private BronzeRecords bronze(OffsetRanges positions, int mostBytes) {
    return lake.lake.coverage().bronzeRecords(topic(0), positions, mostBytes);
  }

  private static List<String> texts(BronzeRecords records) {
    List<String> texts = new ArrayList<>();
    for (BronzeRecord each : records.records()) {
      byte[] key = each.key();
      byte[] value = each.value();
      texts.add(
          each.offset()
              + " "
              + (key == null ? "" : new String(key, UTF_8))
              + " "
              + each.headers()
              + " "
              + (value == null ? "" : new String(value, UTF_8)));
    }
    return texts;
  }

  // ---- accepted gaps

  @Test
  void anAcceptedGapIsCoveredInBothTablesAndListedAsLostForEver() {
    lake.take(topic(0), 0, RECORDS);
    Map<SourcePartition, OffsetRanges> gap = Map.of(topic(0), OffsetRanges.of(1, 6));

    lake.lake.acceptGaps(gap);
    lake.lake.acceptGaps(gap);

    Ledger bronze = SmallLake.ledger(lake.tables.bronze());
    assertThat(bronze.covered(topic(0))).isEqualTo(OffsetRanges.of(0, 6));
    assertThat(covered(lake.tables.silver())).isEqualTo(OffsetRanges.of(0, 6));
    assertThat(lake.tables.bronze().log().newest().orElseThrow().version()).isEqualTo(2);
    assertThat(lake.tables.silver().log().newest().orElseThrow().version()).isEqualTo(2);

    lake.take(topic(0), 6, "event 6 60 a", null, "event 1 60 a");
    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.partitions())
        .containsExactly(
            new LakeBalance.Partition("topic", 0, 5, 4, 0, 0, 1, 0, 0, OffsetRanges.of(3, 6)));
  }

  @Test
  void aLedgerKeepsLostPositionsAndOneWithoutThemReadsAsBefore() {
    LedgerDraft draft = new LedgerDraft(Ledger.empty("t"));
    draft.lose(topic(0), OffsetRanges.ofBounds(3, 6, 8, 9), true);
    Ledger ledger = draft.build("t", 1, 1, () -> partition -> false);

    assertThat(ledger.toJson())
        .isEqualTo(
            "{\"format\":1,\"tableId\":\"t\",\"partitions\":{\"topic/0\":{"
                + "\"identity\":\"kafka:c:t\",\"next\":0,\"runs\":[[3,6],[8,9]],\"rows\":0,"
                + "\"duplicates\":0,\"conflicts\":0,\"rejects\":0,\"lost\":[[3,6],[8,9]]}},"
                + "\"rowCount\":0,\"doomedBefore\":0,\"outbox\":[],\"lastSeq\":0}");
    assertThat(Ledger.parse("t", ledger.toJson())).isEqualTo(ledger);
    String old = ledger.toJson().replace(",\"lost\":[[3,6],[8,9]]", "");
    assertThat(Ledger.parse("t", old).partitions().get("topic/0").lost())
        .isEqualTo(OffsetRanges.empty());
  }
}
