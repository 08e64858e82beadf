package clicklake.io.audit;

import static clicklake.io.lake.SmallLake.contents;
import static clicklake.io.lake.SmallLake.drop;
import static clicklake.io.lake.SmallLake.figures;
import static clicklake.io.lake.SmallLake.file;
import static clicklake.io.lake.SmallLake.force;
import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.audit.LakeBalance.Example;
import clicklake.io.audit.LakeBalance.Fault;
import clicklake.io.audit.LakeBalance.Kind;
import clicklake.io.audit.LakeBalance.Position;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.Ledger;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeAuditTest {
  private static final String[] FIRST = {
    "event 1 60 a", "event 2 60 a", "broken", "event 1 60 a", null, "event 3 90000 a"
  };
  private static final String[] SECOND = {"event 2 60 a", "event 4 60 a", "broken too"};

  @TempDir Path root;
  private SmallLake lake;

  @BeforeEach
  void makeALake() {
    lake = new SmallLake(root).take(topic(0), 0, FIRST).take(topic(1), 0, SECOND);
  }

  private static Fault fault(Kind kind, Example... examples) {
    return new Fault(kind, examples.length, List.of(examples));
  }

  private static Example at(int partition, long offset, String detail) {
    return new Example(new Position("topic", partition, offset), detail);
  }

  private static Example figure(String detail) {
    return new Example(null, detail);
  }

  private void assertFaults(Fault... faults) {
    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).containsExactlyInAnyOrder(faults);
    assertThat(balance.balanced()).isFalse();
    assertThat(lake.auditWithoutHeap()).isEqualTo(balance);
  }

  @Test
  void aLakeMadeByTheCommittersBalancesToTheRecord() {
    assertThat(lake.audit())
        .isEqualTo(
            new LakeBalance(
                8,
                4,
                2,
                0,
                2,
                0,
                0,
                List.of(
                    new LakeBalance.Partition(
                        "topic", 0, 5, 3, 1, 0, 1, 0, 0, OffsetRanges.empty()),
                    new LakeBalance.Partition(
                        "topic", 1, 3, 1, 1, 0, 1, 0, 0, OffsetRanges.empty())),
                List.of()));
  }

  @Test
  void anAuditWhoseIdsDoNotFitTheHeapFindsTheSame() {
    String[] records = new String[12_000];
    for (int i = 0; i < records.length; i++) {
      records[i] = "event " + (100 + i % 11_000) + " 60 a";
    }
    lake.take(topic(1), 3, records);

    LakeBalance balance = lake.audit();
    assertThat(balance.balanced()).isTrue();
    assertThat(balance.silver()).isEqualTo(4 + 11_000);
    assertThat(balance.duplicates()).isEqualTo(2 + 1_000);
    assertThat(lake.auditWithoutHeap()).isEqualTo(balance);
  }

  @Test
  void aConflictIsADuplicateToo() {
    lake.take(topic(1), 3, "event 4 60 other");

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.duplicates()).isEqualTo(3);
    assertThat(balance.conflicts()).isEqualTo(1);
  }

  @Test
  void recordsThatSilverHasNotDecidedAreCountedAndNoFault() {
    lake.committer().commit(lake.records(topic(0), 6, "event 5 60 a", "event 6 60 a"));

    LakeBalance balance = lake.audit();
    assertThat(balance.balanced()).isTrue();
    assertThat(balance.undecided()).isEqualTo(2);
    assertThat(balance.bronze()).isEqualTo(10);
  }

  @Test
  void refusedRecordsInTheOutboxCountApart() {
    lake.beforeQuarantine =
        files -> {
          throw new LakeException("the publisher dies");
        };
    assertThatThrownBy(() -> lake.take(topic(0), 6, "bad", "event 5 60 a"))
        .hasMessage("the publisher dies");

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.quarantine()).isEqualTo(2);
    assertThat(balance.outbox()).isEqualTo(1);
  }

  @Test
  void filesThatLeftTheLedgerAreComparedInSum() {
    lake.keepFinished = 0;
    for (int i = 0; i < 6; i++) {
      lake.take(file("f" + i), 0, "event " + (10 + i) + " 60 a", "event 1 60 a", "bad", null);
    }
    lake.take(topic(0), 6, "event 99 60 a");
    lake.take(topic(0), 7, "event 98 60 a");
    Ledger.Retired retired = SmallLake.ledger(lake.tables.silver()).retired();
    assertThat(retired.partitions()).isPositive();

    LakeBalance balance = lake.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.bronze()).isEqualTo(28);
    assertThat(balance.silver()).isEqualTo(12);
    assertThat(balance.quarantine()).isEqualTo(8);
    assertThat(balance.duplicates()).isEqualTo(8);
    assertThat(balance.undecided()).isZero();

    force(
        lake.tables.silver(),
        List.of(),
        List.of(),
        ledger ->
            SmallLake.with(
                ledger,
                ledger.partitions(),
                ledger.rowCount(),
                new Ledger.Retired(
                    retired.partitions(),
                    retired.rows(),
                    retired.duplicates() + 1,
                    retired.conflicts(),
                    retired.rejects(),
                    retired.version())));
    assertFaults(
        fault(
            Kind.DUPLICATE_COUNT,
            figure(
                "duplicates, partitions that left the ledger: counted "
                    + retired.duplicates()
                    + ", the ledger says "
                    + (retired.duplicates() + 1))));
  }

  @Test
  void aWrongNumberOfDuplicatesInTheLedger() {
    force(lake.tables.silver(), List.of(), List.of(), figures(0, 0, 1, 0));

    assertFaults(
        fault(Kind.DUPLICATE_COUNT, figure("duplicates, topic/0: counted 1, the ledger says 2")));
  }

  @Test
  void aRowTwiceInBronze() {
    force(
        lake.tables.bronze(),
        contents(lake.records(topic(1), 1, "event 4 60 a")),
        List.of(),
        figures(1, 1, 0, 1));

    assertFaults(fault(Kind.DOUBLED_IN_BRONZE, at(1, 1, "one row too many in bronze")));
  }

  @Test
  void aRowTwiceInSilver() {
    force(
        lake.tables.silver(),
        contents(lake.decisions(topic(0), 1, "event 22 60 a")),
        List.of(),
        figures(0, 1, 0, 1));

    assertFaults(fault(Kind.DOUBLED_IN_SILVER, at(0, 1, "one row too many in silver")));
  }

  @Test
  void aRowTwiceInQuarantine() {
    TableLog quarantine = lake.tables.quarantine();
    quarantine.commit(
        quarantine.newest().orElseThrow(),
        new Changes("WRITE", contents(lake.decisions(topic(0), 2, "broken")), List.of(), Map.of()));

    assertFaults(
        fault(Kind.DOUBLED_IN_QUARANTINE, at(0, 2, "one row too many in quarantine")),
        fault(Kind.REJECT_COUNT, figure("quarantine, topic/0: counted 2, the ledger says 1")));
  }

  @Test
  void anEventTwiceInSilverAtTwoPositions() {
    List<Proposal> copy = new SmallLake(root).decisions(topic(0), 3, "event 1 60 a");
    force(lake.tables.silver(), contents(copy), List.of(), figures(0, 1, -1, 1));

    assertFaults(
        fault(
            Kind.EVENT_TWICE,
            at(
                0,
                0,
                "event 00000000-0000-0000-0000-000000000001 stands at topic/0@0 and topic/0@3")));
  }

  @Test
  void oneIdBeyondTheHorizonIsAnotherEvent() {
    long beyond = 60 + SmallLake.HORIZON.toSeconds() + 1;
    List<Proposal> later = new SmallLake(root).decisions(topic(0), 6, "event 1 " + beyond + " a");
    later.addAll(0, lake.records(topic(0), 6, "event 1 " + beyond + " a"));
    lake.committer().commit(later);

    assertThat(lake.audit().faults()).isEmpty();
    assertThat(lake.audit().silver()).isEqualTo(5);
  }

  @Test
  void aPositionBothInSilverAndInQuarantine() {
    force(
        lake.tables.silver(),
        contents(lake.decisions(topic(0), 2, "event 9 60 a")),
        List.of(),
        figures(0, 1, 0, 1));

    assertFaults(fault(Kind.IN_SILVER_AND_QUARANTINE, at(0, 2, "an event, and refused as well")));
  }

  @Test
  void anEventWhoseRecordBronzeLost() {
    drop(lake.tables.bronze(), 1, 1, figures(1, -1, 0, -1));

    assertFaults(fault(Kind.MISSING_FROM_BRONZE, at(1, 1, "silver has its event")));
  }

  @Test
  void aRefusedRecordThatBronzeLost() {
    drop(lake.tables.bronze(), 1, 2, figures(1, -1, 0, -1));

    assertFaults(fault(Kind.MISSING_FROM_BRONZE, at(1, 2, "it was refused")));
  }

  @Test
  void aDuplicateThatBronzeLostIsNamedAmongTheEmptyPositions() {
    drop(lake.tables.bronze(), 0, 3, figures(0, 0, 0, -1));

    String detail = "one of 2 positions without a row, 1 of which had one";
    assertFaults(
        new Fault(Kind.MISSING_FROM_BRONZE, 1, List.of(at(0, 3, detail), at(0, 4, detail))),
        fault(Kind.ROW_COUNT, figure("bronze, topic/0: counted 4, the ledger says 5")),
        fault(Kind.DUPLICATE_COUNT, figure("duplicates, topic/0: counted 0, the ledger says 1")));
  }

  @Test
  void anEventThatSilverLostAndItsCopyAreNoDuplicatesOfAnything() {
    drop(lake.tables.silver(), 0, 0, figures(0, -1, 1, -1));

    String detail =
        "event 00000000-0000-0000-0000-000000000001 of 2024-05-05T00:01:00Z is not in silver";
    assertFaults(fault(Kind.DUPLICATE_WITHOUT_ORIGINAL, at(0, 0, detail), at(0, 3, detail)));
  }

  @Test
  void aRefusedRecordThatQuarantineLost() {
    TableLog quarantine = lake.tables.quarantine();
    TableState state = quarantine.newest().orElseThrow();
    DataFile lost =
        quarantine.files(state, null).stream()
            .filter(file -> lake.tables.quarantineFiles().rows(file).get(0).partition() == 1)
            .findFirst()
            .orElseThrow();
    quarantine.commit(state, new Changes("WRITE", List.of(), List.of(lost), Map.of()));

    assertFaults(
        fault(
            Kind.DUPLICATE_WITHOUT_ORIGINAL,
            at(
                1,
                2,
                "covered as a duplicate, but no valid event: refused and not in quarantine, or"
                    + " decided under other rules")),
        fault(Kind.REJECT_COUNT, figure("quarantine, topic/1: counted 0, the ledger says 1")),
        fault(Kind.DUPLICATE_COUNT, figure("duplicates, topic/1: counted 2, the ledger says 1")));
  }

  @Test
  void rowsAtPositionsThatTheLedgersDoNotCover() {
    force(
        lake.tables.bronze(),
        contents(lake.records(topic(0), 90, "event 80 60 a")),
        List.of(),
        figures(0, 1, 0, 1));
    force(
        lake.tables.silver(),
        contents(lake.decisions(topic(0), 90, "event 80 60 a")),
        List.of(),
        figures(0, 1, 0, 1));

    assertFaults(
        fault(
            Kind.NOT_COVERED,
            at(0, 90, "a row of bronze, not covered by bronze's ledger"),
            at(0, 90, "a row of silver, not covered by silver's ledger")));
  }

  @Test
  void whatSilverDecidedAheadOfBronzeIsMissingFromBronze() {
    lake.commitAheadOfBronze(lake.decisions(topic(0), 6, "event 50 60 a", null));

    assertFaults(
        fault(
            Kind.MISSING_FROM_BRONZE,
            at(
                0,
                6,
                "silver has its event; bronze's ledger does not cover it, so the next run reads it"
                    + " again"),
            at(0, 7, "silver decided it, bronze's ledger does not cover it")));
  }

  @Test
  void manyFaultsAreCountedAllAndListedInPart() {
    String[] many = new String[50];
    for (int i = 0; i < many.length; i++) {
      many[i] = "event " + (1000 + i) + " 60 a";
    }
    lake.commitAheadOfBronze(lake.decisions(topic(0), 6, many));

    @Nullable Fault fault = lake.audit().faults().get(0);
    assertThat(fault.count()).isEqualTo(50);
    assertThat(fault.examples()).hasSize(LakeAudit.MOST_EXAMPLES);
    assertThat(fault.examples().get(19).position()).isEqualTo(new Position("topic", 0, 25));
  }

  @Test
  void aForeignChangeIsAFaultWithItsLineAndTheRecountGoesOn() {
    TableLog silver = lake.tables.silver().log();
    TableState state = silver.newest().orElseThrow();
    DataFile lost =
        silver.files(state, null).stream()
            .filter(file -> "2024-05-06".equals(file.date()))
            .findFirst()
            .orElseThrow();
    silver.commit(state, new Changes("DELETE", List.of(), List.of(lost), Map.of()));

    assertFaults(
        fault(
            Kind.CHANGED_FROM_OUTSIDE,
            figure(
                "silver/events: version 3 (DELETE) changed rows without the ledger; undo it"
                    + " (RESTORE to version 2), or reprocess into a new lake")),
        fault(
            Kind.DUPLICATE_WITHOUT_ORIGINAL,
            at(
                0,
                5,
                "event 00000000-0000-0000-0000-000000000003 of 2024-05-06T01:00:00Z is not in"
                    + " silver")),
        new Fault(
            Kind.ROW_COUNT,
            2,
            List.of(
                figure("silver, the whole table: counted 3, the ledger says 4"),
                figure("silver, topic/0: counted 2, the ledger says 3"))),
        fault(Kind.DUPLICATE_COUNT, figure("duplicates, topic/0: counted 2, the ledger says 1")));
  }

  @Test
  void aTableWithoutALedgerIsAFaultWithItsLine() {
    SmallLake foreign = new SmallLake(root.resolve("foreign"));
    foreign.tables.silver().log().create(Map.of());

    LakeBalance balance = foreign.audit();
    assertThat(balance.bronze()).isZero();
    assertThat(balance.faults())
        .containsExactly(
            fault(
                Kind.CHANGED_FROM_OUTSIDE,
                figure(
                    "silver/events: the table has no ledger (Delta domain clicklake.ledger), so it"
                        + " was not made by Clicklake; use another --lake or move the table"
                        + " away")));
  }

  @Test
  void noLakeIsNoBalance() {
    assertThatThrownBy(() -> new SmallLake(root.resolve("none")).audit())
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "there is no lake to verify: neither bronze/events nor silver/events is there; check"
                + " --lake");
  }
}
