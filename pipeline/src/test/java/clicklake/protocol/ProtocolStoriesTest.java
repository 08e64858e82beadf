package clicklake.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.commit.LakeCommitter;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.protocol.Schedule.Instance;
import clicklake.protocol.Schedule.Record;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The stories at the end of the protocol's text, which broke earlier drafts of it, each told step
 * by step to the real committers and the real cache.
 */
class ProtocolStoriesTest {

  /** Which tests tell which story, so that none goes missing unseen. */
  @ParameterizedTest(name = "story {0}: {1}.{2}")
  @CsvSource({
    "1, clicklake.protocol.ProtocolStoriesTest, aDuplicateIsNotCoveredBeforeItsOriginal",
    "2, clicklake.protocol.ProtocolStoriesTest, aCacheFromBeforeTheDecisionDoesNoHarm",
    "3, clicklake.protocol.ProtocolStoriesTest, twoCopiesThatBothSawAnEventFirstMakeOneRow",
    "4, clicklake.protocol.ProtocolStoriesTest, aRejectStaysARejectWhenTheRulesChange",
    "5, clicklake.protocol.ProtocolStoriesTest, aRestoredSilverStopsEveryCopy",
    "5, clicklake.protocol.CommitterSchedulesTest, restoreOfSilverStopsTheJobAndAnotherRestoreUndoesIt",
    "6, clicklake.protocol.ProtocolStoriesTest, aHoleIsCoveredByTheBundleThatReadItAlone",
    "6, clicklake.io.kafka.KafkaSourceTest, rangesCoverAbortedRecordsAndMarkersAlsoAtTheEnd",
    "7, clicklake.protocol.ProtocolStoriesTest, aReaderGoesBackForAFileThatWasRefused",
    "7, clicklake.io.kafka.KafkaSourceTest, whenTheLakeStandsStillTheReaderGoesBack",
    "8, clicklake.protocol.ProtocolStoriesTest, aFileFromBeforeTheCleaningIsRefused",
    "9, clicklake.jobs.GoldJobTest, anOptimizeOfSilverOrGoldChangesNoTotal",
    "10, clicklake.protocol.ProtocolStoriesTest, aRetryWeeksLaterIsADuplicate",
    "11, clicklake.protocol.ProtocolStoriesTest, aReplacedLandingFileIsAnotherPartition",
    "11, clicklake.io.landing.LandingSourceTest, aLateFileOfAnEarlierTimeIsRead",
    "13, clicklake.io.kafka.KafkaReaderFaultsTest, whicheverCallTimesOutNothingIsLostAndNothingComesTwice",
    "14, clicklake.io.delta.RefusedPutTest, aRewriteThatWasPutKeepsItsRows",
    "15, clicklake.io.audit.HolesOverRowsTest, aHoleIsNotCoveredWhereBronzeHoldsARecord",
    "16, clicklake.protocol.ProtocolStoriesTest, aRowDoesNotGiveWayToARecordOfAnotherTime",
    "16, clicklake.protocol.ProtocolStoriesTest, aRecordBetweenTwoRowsIsADuplicateOfBoth",
    "17, clicklake.protocol.ProtocolStoriesTest, aConflictWithARowOfASummedUpFileStopsNothing",
    "18, clicklake.io.ledger.LongLedgerTest, aLedgerThatWouldBeTooLongIsRefusedBeforeTheCommit"
  })
  void everyStoryHasATest(int story, String test, String method) throws ClassNotFoundException {
    assertThat(Class.forName(test).getDeclaredMethods())
        .as("story %s", story)
        .anyMatch(declared -> declared.getName().equals(method));
  }

  @Test
  void aDuplicateIsNotCoveredBeforeItsOriginal() {
    Schedule story = sameEventOnTwoPartitions();
    Instance job = story.start(0);
    List<Proposal> ofA = job.propose(0, 1, true);
    List<Proposal> ofB = job.propose(1, 1, true);
    assertThat(ofA).hasSize(2);

    job.committer.commit(ofB);
    assertThat(silver(story, 1)).isEqualTo(OffsetRanges.empty());
    job.crash(false);
    job.committer.commit(job.propose(1, 1, true));
    job.committer.commit(job.propose(0, 1, true));

    finish(story);
    assertThat(positions(story.silver)).containsExactly("topic/1@0");
    assertThat(duplicates(story, 0)).isEqualTo(1);
  }

  @Test
  void aCacheFromBeforeTheDecisionDoesNoHarm() {
    Schedule story = new Schedule(List.of(records(event(1, 0), event(1, 5)), records(event(1, 0))));
    Instance stale = story.start(0);
    Instance job = story.start(0);
    List<Proposal> late = new ArrayList<>(stale.propose(1, 1, false));
    late.addAll(stale.propose(0, 1, false));
    job.committer.commit(job.propose(0, 1, true));
    job.committer.commit(job.propose(1, 1, true));

    stale.committer.commit(late);
    stale.committer.commit(stale.propose(0, 2, false));

    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(0, 2));
    finish(story);
    assertThat(positions(story.silver)).containsExactly("topic/0@0");
    assertThat(duplicates(story, 0)).isEqualTo(1);
    assertThat(duplicates(story, 1)).isEqualTo(1);
  }

  @Test
  void twoCopiesThatBothSawAnEventFirstMakeOneRow() {
    Schedule story = sameEventOnTwoPartitions();
    Instance one = story.start(0);
    Instance other = story.start(0);
    List<Proposal> ofOne = one.propose(0, 1, true);
    List<Proposal> ofOther = other.propose(1, 1, true);

    one.committer.commit(ofOne);
    other.committer.commit(ofOther);

    assertThat(silver(story, 1)).isEqualTo(OffsetRanges.of(0, 1));
    assertThat(positions(story.silver)).containsExactly("topic/0@0");
    assertThat(duplicates(story, 1)).isEqualTo(1);
    finish(story);
  }

  @Test
  void aRejectStaysARejectWhenTheRulesChange() {
    Record refusedAtFirst = new Record(1, 0, Schedule.BASE, 0, new boolean[] {false, true});
    Schedule story = new Schedule(List.of(records(refusedAtFirst)));
    Instance first = story.start(0);
    Instance second = story.start(1);
    List<Proposal> asRow = second.propose(0, 1, true);
    LakeCommitter killed =
        new LakeCommitter(
            first.tables,
            Schedule.CLOCK,
            Schedule.HORIZON,
            "rules0",
            10,
            files -> {
              throw new IllegalStateException("killed before quarantine");
            });
    List<Proposal> asReject = first.propose(0, 1, true);
    assertThatThrownBy(() -> killed.commit(asReject)).hasMessage("killed before quarantine");
    assertThat(story.quarantine.liveRows()).isEmpty();

    second.committer.commit(asRow);

    assertThat(positions(story.quarantine)).containsExactly("topic/0@0");
    assertThat(story.silver.liveRows()).isEmpty();
    story.finish();
    CommitterSchedulesTest.check(story, true);
  }

  @Test
  void aRestoredSilverStopsEveryCopy() {
    Schedule story = new Schedule(List.of(records(event(1, 0), event(2, 0))));
    Instance job = story.start(0);
    job.committer.commit(job.propose(0, 1, true));
    List<Proposal> next = job.propose(0, 2, true);
    story.silver.restore(0);

    assertThatThrownBy(() -> job.committer.commit(next))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("(RESTORE) changed rows without the ledger");
    assertThatThrownBy(() -> story.start(0)).isInstanceOf(CorruptTableException.class);
    assertThat(story.silver.liveRows()).isEmpty();
  }

  @Test
  void aHoleIsCoveredByTheBundleThatReadItAlone() {
    Schedule story = new Schedule(List.of(records(event(1, 0), null, event(2, 0))));
    Instance job = story.start(0);
    List<Proposal> lost = job.propose(0, 2, true);
    assertThat(lost).isNotEmpty();
    job.committer.commit(job.propose(0, 3, true));

    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(2, 3));
    job.crash(false);
    job.committer.commit(job.propose(0, 3, true));

    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(0, 3));
    assertThat(positions(story.silver)).containsExactlyInAnyOrder("topic/0@0", "topic/0@2");
    finish(story);
  }

  @Test
  void rowsThatWaitForBronzeAreCommittedByWhicheverCommitterBringsIt() {
    Schedule story = new Schedule(List.of(records(event(1, 0), event(2, 0))));
    Instance job = story.start(0);
    LakeCommitter other =
        new LakeCommitter(job.tables, Schedule.CLOCK, Schedule.HORIZON, "rules0", 10, files -> {});
    List<Proposal> proposals = job.propose(0, 2, true);
    List<Proposal> records = ofKind(proposals, true);

    job.committer.commit(ofKind(proposals, false));
    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.empty());
    other.commit(records);

    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(0, 2));
    finish(story);
  }

  private static List<Proposal> ofKind(List<Proposal> proposals, boolean records) {
    return proposals.stream()
        .filter(file -> (file.kind() == Proposal.Kind.RECORDS) == records)
        .toList();
  }

  @Test
  void aReaderGoesBackForAFileThatWasRefused() {
    Schedule story = new Schedule(List.of(records(event(1, 0), event(2, 0))));
    Instance job = story.start(0);
    List<Proposal> refused = job.propose(0, 1, true);
    for (Proposal file : refused) {
      if (file.kind() == Proposal.Kind.EVENTS && file.content() != null) {
        job.silverHandle.delete(file.content().path());
      }
    }
    job.committer.commit(refused);
    job.committer.commit(job.propose(0, 2, true));
    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(1, 2));
    assertThat(job.canRead(0)).isFalse();

    job.rewind();

    assertThat(job.position[0]).isZero();
    job.committer.commit(job.propose(0, 2, true));
    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(0, 2));
    finish(story);
  }

  @Test
  void aFileFromBeforeTheCleaningIsRefused() {
    Schedule story = new Schedule(List.of(records(event(1, 0), event(2, 0))));
    Instance job = story.start(0);
    job.committer.commit(job.propose(0, 1, true));
    List<Proposal> slow =
        job.propose(0, 2, true).stream()
            .filter(file -> file.kind() == Proposal.Kind.EVENTS)
            .map(ProtocolStoriesTest::bornAMinuteEarlier)
            .toList();
    LedgerTable.Base base = job.tables.silver().newest();
    Ledger ledger = base.ledger();
    Ledger cleaning =
        new Ledger(
            ledger.tableId(),
            ledger.partitions(),
            ledger.rowCount(),
            Schedule.CLOCK.millis(),
            ledger.retired(),
            ledger.rules(),
            ledger.outbox(),
            ledger.lastSeq(),
            ledger.horizon());
    job.silverHandle.commit(
        base.state(),
        new TableLog.Changes(
            "CLEAN", List.of(), List.of(), Map.of(Ledger.DOMAIN, cleaning.toJson())));

    // The cleaner has not come to the file yet: it is still there, and must not be added.
    job.committer.commit(slow);

    assertThat(positions(story.silver)).containsExactly("topic/0@0");
    assertThat(silver(story, 0)).isEqualTo(OffsetRanges.of(0, 1));
    finish(story);
    assertThat(Schedule.ledger(story.silver).vacuumedBefore()).isEqualTo(Schedule.CLOCK.millis());
  }

  @Test
  void aRetryWeeksLaterIsADuplicate() {
    long weeks = Duration.ofDays(40).toMillis();
    Record original = event(1, 0);
    Record retry = event(1, weeks);
    Record anotherEvent =
        new Record(1, 0, Schedule.BASE + Schedule.DAY + 1, weeks, new boolean[] {true, true});
    Schedule story =
        new Schedule(List.of(records(original), records(retry), records(anotherEvent)));
    Instance job = story.start(0);
    job.committer.commit(job.propose(0, 1, true));
    Instance weeksLater = story.start(0);
    weeksLater.committer.commit(weeksLater.propose(1, 1, true));
    weeksLater.committer.commit(weeksLater.propose(2, 1, true));

    assertThat(positions(story.silver)).containsExactlyInAnyOrder("topic/0@0", "topic/2@0");
    assertThat(duplicates(story, 1)).isEqualTo(1);
    finish(story);
  }

  @Test
  void aReplacedLandingFileIsAnotherPartition() {
    Schedule story = new Schedule(List.of());
    Instance job = story.start(0);
    SourcePartition first = new SourcePartition("a.ndjson", 0, "file:100:1");
    SourcePartition replaced = new SourcePartition("a.ndjson", 1, "file:100:2");
    SourcePartition impostor = new SourcePartition("a.ndjson", 0, "file:100:3");

    job.committer.commit(List.of(lines(story, first, 2)));
    job.committer.commit(List.of(lines(story, replaced, 3)));
    job.committer.commit(List.of(lines(story, impostor, 9)));
    job.committer.commit(List.of(lines(story, replaced, 3)));

    assertThat(positions(story.bronze))
        .containsExactlyInAnyOrder(
            "a.ndjson/0@0", "a.ndjson/0@1", "a.ndjson/1@0", "a.ndjson/1@1", "a.ndjson/1@2");
    Ledger ledger = Schedule.ledger(story.bronze);
    assertThat(ledger.covered(first)).isEqualTo(OffsetRanges.of(0, 2));
    assertThat(ledger.covered(replaced)).isEqualTo(OffsetRanges.of(0, 3));
    assertThat(ledger.partition("a.ndjson/0").id()).isEqualTo(first);
  }

  @Test
  void aFileThatIsReplacedBeforeItsFirstCommitIsNotMixedWithItsSuccessor() {
    Schedule story = new Schedule(List.of());
    Instance job = story.start(0);
    SourcePartition first = new SourcePartition("a.ndjson", 0, "file:100:1");
    SourcePartition replaced = new SourcePartition("a.ndjson", 0, "file:100:2");

    job.committer.commit(List.of(lines(story, first, 2), lines(story, replaced, 3)));

    assertThat(positions(story.bronze)).containsExactlyInAnyOrder("a.ndjson/0@0", "a.ndjson/0@1");
    Ledger ledger = Schedule.ledger(story.bronze);
    assertThat(ledger.partition("a.ndjson/0").id()).isEqualTo(first);
    assertThat(ledger.partition("a.ndjson/0").rows()).isEqualTo(2);
    assertThat(ledger.rowCount()).isEqualTo(2);
  }

  @ParameterizedTest(name = "by a cache that knows of the row: {0}")
  @ValueSource(booleans = {true, false})
  void aRowDoesNotGiveWayToARecordOfAnotherTime(boolean known) {
    Record row = at(0, 12);
    Record late = at(20, 13);
    Record earlier = at(-20, 11);
    Schedule story = new Schedule(List.of(records(row), records(late), records(earlier)));
    Instance job = story.start(0);
    Instance unaware = story.start(0);
    List<Proposal> blind = unaware.propose(2, 1, false);
    job.committer.commit(job.propose(0, 1, true));
    job.committer.commit(job.propose(1, 1, true));
    assertThat(duplicates(story, 1)).isEqualTo(1);

    job.committer.commit(known ? job.propose(2, 1, true) : blind);

    assertThat(positions(story.silver)).containsExactly("topic/0@0");
    assertThat(duplicates(story, 2)).isEqualTo(1);
    assertThat(conflicts(story, 2)).isEqualTo(1);
    finish(story);
  }

  @ParameterizedTest(name = "by a cache that knows of the rows: {0}")
  @ValueSource(booleans = {true, false})
  void aRecordBetweenTwoRowsIsADuplicateOfBoth(boolean known) {
    Record one = at(0, 12);
    Record other = at(40, 14);
    Record between = at(20, 13);
    Schedule story = new Schedule(List.of(records(one), records(other), records(between)));
    Instance job = story.start(0);
    Instance unaware = story.start(0);
    List<Proposal> blind = unaware.propose(2, 1, false);
    job.committer.commit(job.propose(0, 1, true));
    job.committer.commit(job.propose(1, 1, true));

    job.committer.commit(known ? job.propose(2, 1, true) : blind);

    assertThat(positions(story.silver)).containsExactlyInAnyOrder("topic/0@0", "topic/1@0");
    assertThat(conflicts(story, 2)).isEqualTo(1);
    finish(story);
  }

  @Test
  void aConflictWithARowOfASummedUpFileStopsNothing() {
    Record row = new Record(1, 0, Schedule.BASE, 12, new boolean[] {true, true});
    Record lowerRank = new Record(1, 1, Schedule.BASE, 11, new boolean[] {true, true});
    Schedule story =
        Schedule.ofFiles(
            List.of(records(row, event(2, 12)), records(event(3, 12)), records(lowerRank)));
    Instance job = story.start(0);
    job.committer.commit(job.propose(0, 2, true));
    job.committer.commit(job.propose(1, 1, true));
    Ledger.Retired before = Schedule.ledger(story.silver).retired();
    assertThat(before.rows()).isEqualTo(2);
    assertThat(Schedule.ledger(story.silver).partition("topic/0")).isNull();
    // A new file is read by the newest view, or it might have been finished and have left
    // meanwhile.
    job.crash(true);

    job.committer.commit(job.propose(2, 1, true));

    assertThat(positions(story.silver))
        .containsExactlyInAnyOrder("topic/0@1", "topic/1@0", "topic/2@0");
    finish(story);
    Ledger.Retired after = Schedule.ledger(story.silver).retired();
    assertThat(after.duplicates()).isEqualTo(1);
    assertThat(after.conflicts()).isEqualTo(1);
    assertThat(story.audit(false)).isEmpty();
  }

  // ---- words of the stories

  /** An event of the one id that some client sends for days. */
  private static Record at(int hour, long arrival) {
    return new Record(
        1, 0, Schedule.BASE + hour * Schedule.HOUR, arrival, new boolean[] {true, true});
  }

  private static long conflicts(Schedule story, int partition) {
    return Schedule.ledger(story.silver).partition("topic/" + partition).conflicts();
  }

  /** A on partition 0 and B on partition 1 carry the same id. */
  private static Schedule sameEventOnTwoPartitions() {
    return new Schedule(List.of(records(event(1, 0)), records(event(1, 0))));
  }

  private static List<@Nullable Record> records(@Nullable Record... records) {
    return Arrays.asList(records);
  }

  private static Record event(int id, long arrival) {
    return new Record(id, 0, Schedule.BASE, arrival, new boolean[] {true, true});
  }

  private static void finish(Schedule story) {
    story.finish();
    CommitterSchedulesTest.check(story, false);
  }

  private static OffsetRanges silver(Schedule story, int partition) {
    return Schedule.ledger(story.silver).covered(story.partition(partition));
  }

  private static long duplicates(Schedule story, int partition) {
    return Schedule.ledger(story.silver).partition("topic/" + partition).duplicates();
  }

  private static List<String> positions(MemoryTable table) {
    return table.liveRows().stream().map(row -> row.partitionName() + "@" + row.offset()).toList();
  }

  private static Proposal bornAMinuteEarlier(Proposal file) {
    return new Proposal(
        file.kind(),
        file.content(),
        file.createdAtMillis() - 60_000,
        file.coverage(),
        file.endOffsets(),
        file.tableId(),
        file.asOf(),
        file.keys(),
        file.conflicting(),
        file.duplicates());
  }

  /** A landing file read to its end. */
  private static Proposal lines(Schedule story, SourcePartition file, int count) {
    List<RowFacts> rows = new ArrayList<>();
    for (int line = 0; line < count; line++) {
      rows.add(new RowFacts(file.source(), file.number(), line, 0, 0, 0, 0, 0));
    }
    return Proposal.of(
        Proposal.Kind.RECORDS,
        story.bronze.write(rows, "2024-05-05"),
        Schedule.CLOCK.millis(),
        List.of(new Coverage(file, OffsetRanges.of(0, count), count)),
        Map.of(file, (long) count),
        "",
        -1);
  }
}
