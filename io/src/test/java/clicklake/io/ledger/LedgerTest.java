package clicklake.io.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.delta.CommitFile;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final SourcePartition CLICKS = new SourcePartition("clicks", 3, "kafka:c:t");
  private static final SourcePartition FILE = new SourcePartition("a/b.ndjson", 0, "file:10:99");

  private static Ledger sample() {
    LedgerDraft draft = new LedgerDraft(Ledger.empty(""));
    draft.cover(new Coverage(CLICKS, OffsetRanges.ofBounds(0, 5, 8, 10), 6));
    draft.coverDuplicate(CLICKS, 5, false);
    draft.coverRejects(new Coverage(FILE, OffsetRanges.of(0, 2), 2));
    draft.end(FILE, 2);
    draft.rules("events-1");
    draft.publish(List.of(new DataFile("d/f.parquet", 9, 2, "2024-01-01", "{}")));
    return draft.build("id", 1, 10, () -> partition -> true);
  }

  @Test
  void textOfALedgerStaysAsItIs() {
    assertThat(sample().toJson())
        .isEqualTo(
            "{\"format\":1,\"tableId\":\"id\",\"partitions\":{"
                + "\"a/b.ndjson/0\":{\"identity\":\"file:10:99\",\"next\":2,\"runs\":[],\"rows\":0,"
                + "\"duplicates\":0,\"conflicts\":0,\"rejects\":2,\"end\":2},"
                + "\"clicks/3\":{\"identity\":\"kafka:c:t\",\"next\":6,\"runs\":[[8,10]],\"rows\":6,"
                + "\"duplicates\":1,\"conflicts\":0,\"rejects\":0}},"
                + "\"rowCount\":6,\"doomedBefore\":0,\"rules\":\"events-1\","
                + "\"outbox\":[{\"seq\":1,\"files\":[{\"path\":\"d/f.parquet\",\"size\":9,\"rows\":2,"
                + "\"date\":\"2024-01-01\",\"stats\":\"{}\"}]}],\"lastSeq\":1}");
  }

  @Test
  void aLedgerComesBackFromItsText() {
    assertThat(Ledger.parse("t", sample().toJson())).isEqualTo(sample());
  }

  @Test
  void anOutboxThatNobodyEmptiesKeepsStatisticsOfItsFirstFilesAndTheRowsOfAll() {
    String stats = "{\"numRecords\":2,\"minValues\":{\"value\":\"" + "x".repeat(960) + "\"}}";
    Ledger ledger = Ledger.empty("id");
    for (int i = 1; i <= 2000; i++) {
      LedgerDraft draft = new LedgerDraft(ledger);
      draft.publish(List.of(new DataFile("d/" + i + ".parquet", 9, 2, "2024-01-01", stats)));
      ledger = draft.build("id", i, 10, () -> partition -> true);
    }
    List<DataFile> files =
        ledger.outbox().stream().flatMap(entry -> entry.files().stream()).toList();
    assertThat(files).hasSize(2000);
    assertThat(files.get(0).stats()).isEqualTo(stats);
    assertThat(files.get(1999).stats()).isEqualTo("{\"numRecords\":2}");
    assertThat(files).allSatisfy(file -> assertThat(CommitFile.rows(file.stats())).isEqualTo(2));
    assertThat(ledger.toJson().length()).isLessThan(1_000_000 + 2000 * 200);
    assertThat(Ledger.parse("t", ledger.toJson())).isEqualTo(ledger);
  }

  @Test
  void aLedgerNotesTheLowestAndTheHighestHorizonThatDecidedIt() {
    Ledger ledger = sample();
    assertThat(ledger.horizon()).isNull();
    for (int hours : new int[] {24, 72, 1, 24}) {
      LedgerDraft draft = new LedgerDraft(ledger);
      draft.decidedWithin(Duration.ofHours(hours));
      ledger = draft.build("id", 2, 10, () -> partition -> true);
    }

    assertThat(ledger.horizon())
        .isEqualTo(new Ledger.Horizon(Duration.ofHours(1), Duration.ofHours(72)));
    assertThat(ledger.toJson())
        .endsWith("\"lastSeq\":1,\"horizon\":{\"lowest\":\"PT1H\",\"highest\":\"PT72H\"}}");
    assertThat(Ledger.parse("t", ledger.toJson())).isEqualTo(ledger);
  }

  @Test
  void aConflictWithARowThatLeftTheLedgerIsCountedInTheSums() {
    LedgerDraft first = new LedgerDraft(Ledger.empty(""));
    first.cover(new Coverage(FILE, OffsetRanges.of(0, 3), 3));
    first.end(FILE, 3);
    Ledger retired = first.build("id", 1, 0, () -> partition -> true);
    assertThat(retired.retired()).isEqualTo(new Ledger.Retired(1, 3, 0, 0, 0, 1));

    LedgerDraft next = new LedgerDraft(retired);
    next.retiredRowBecomesDuplicate(true);

    assertThat(next.changed()).isTrue();
    Ledger after = next.build("id", 2, 0, () -> partition -> true);
    assertThat(after.retired()).isEqualTo(new Ledger.Retired(1, 2, 1, 1, 0, 1));
    assertThat(after.rowCount()).isEqualTo(2);
  }

  @Test
  void aNewerFormatStopsTheJob() {
    String newer = sample().toJson().replace("\"format\":1", "\"format\":2");
    assertThatThrownBy(() -> Ledger.parse("silver/events", newer))
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(
            "silver/events: the ledger has format 2, this version of Clicklake knows format 1; run"
                + " the version that wrote it, or a newer one");
  }

  @Test
  void aTableWithoutLedgerIsNotOurs() {
    assertThatThrownBy(() -> Ledger.of("bronze/events", new TableLog.TableState("id", 4, Map.of())))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("bronze/events: the table has no ledger");
  }

  @Test
  void aLedgerOfAnotherTableIsACopy() {
    TableLog.TableState state =
        new TableLog.TableState("other", 4, Map.of(Ledger.DOMAIN, sample().toJson()));
    assertThatThrownBy(() -> Ledger.of("bronze/events", state))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("belongs to table id");
  }

  @Test
  void publishedEntriesLeaveTheOutboxAndTheirNumbersAreNotGivenAgain() {
    LedgerDraft draft = new LedgerDraft(sample());
    draft.published(1);
    draft.publish(List.of(new DataFile("d/g.parquet", 9, 1, "2024-01-01", "{}")));
    Ledger next = draft.build("id", 2, 10, () -> partition -> true);
    assertThat(next.outbox()).extracting(Ledger.OutboxEntry::seq).containsExactly(2L);
  }

  @Test
  void droppingPublishedEntriesIsNoReasonToCommit() {
    LedgerDraft draft = new LedgerDraft(sample());
    draft.published(1);
    assertThat(draft.changed()).isFalse();
  }
}
