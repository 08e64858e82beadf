package clicklake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.commit.CommitReport;
import clicklake.io.commit.CountingTableFiles;
import clicklake.io.commit.EventsCommitter;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a conflict reads in a silver of two thousand files, all within the dedupe horizon. */
class ConflictReadsTest {
  private static final int FILES = 2_000;
  private static final SourcePartition TOPIC = new SourcePartition("topic", 0, "kafka:c:t");
  private static final long NOON = Instant.parse("2024-05-05T12:00:00Z").getEpochSecond();

  private final MemoryTable silver = new MemoryTable("silver");
  private final MemoryTable.Handle handle = silver.handle(() -> {});
  private final CountingTableFiles files = new CountingTableFiles(handle);
  private final EventsCommitter committer =
      new EventsCommitter(
          new LedgerTable(handle, files),
          Schedule.CLOCK,
          Duration.ofHours(24),
          "rules",
          10,
          EventsCommitter.Bronze.NONE,
          () -> 0,
          handle);
  private long next;

  /** One event a file, twenty seconds apart: event 1000 is at noon. */
  @BeforeEach
  void fill() {
    for (int commit = 0; commit < 4; commit++) {
      List<Proposal> proposals = new ArrayList<>();
      for (int file = 0; file < FILES / 4; file++) {
        int event = commit * FILES / 4 + file;
        proposals.add(proposal(event, seconds(event), 0, List.of()));
      }
      commit(proposals);
    }
    files.rowsRead.clear();
  }

  private static long seconds(int event) {
    return NOON + 20L * (event - FILES / 2);
  }

  private CommitReport commit(List<Proposal> proposals) {
    return committer.commit(proposals, new ArrayList<>());
  }

  /** A file with one row, by a writer that knows silver as it is now. */
  private Proposal proposal(int event, long seconds, int content, List<Integer> conflicting) {
    long offset = next++;
    long micros = seconds * 1_000_000;
    RowFacts row = new RowFacts("topic", 0, offset, micros, 0, event, micros, content);
    String date = LocalDate.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC).toString();
    return new Proposal(
        Proposal.Kind.EVENTS,
        silver.write(List.of(row), date),
        Schedule.CLOCK.millis(),
        List.of(new Coverage(TOPIC, OffsetRanges.of(offset, offset + 1), 1)),
        Map.of(),
        "",
        silver.versionCount() - 1L,
        EventKeys.builder().add(0, event, micros).build(),
        conflicting,
        Duplicates.none());
  }

  private int readOfTheTable(Proposal... own) {
    List<String> proposed = new ArrayList<>();
    for (Proposal proposal : own) {
      proposed.add(proposal.content().path());
    }
    return (int) files.rowsRead.stream().filter(path -> !proposed.contains(path)).count();
  }

  @Test
  void otherContentAtTheTimeOfARowReadsTheFileOfThatTime() {
    Proposal other = proposal(700, seconds(700), 1, List.of(0));

    assertThat(commit(List.of(other)).conflicts()).isEqualTo(1);

    assertThat(readOfTheTable(other)).isLessThanOrEqualTo(4);
  }

  @Test
  void otherContentThanOfARowThatIsOnItsWayElsewhereReadsTheFilesOfThatTime() {
    Proposal other = proposal(5_000, seconds(700), 1, List.of(0));

    assertThat(commit(List.of(other)).events()).isEqualTo(1);

    assertThat(readOfTheTable(other)).isLessThanOrEqualTo(4);
  }

  @Test
  void anotherTimeThanThatOfARowThatCameMeanwhileReadsTheFileOfThatRow() {
    Proposal late = proposal(5_000, seconds(100), 1, List.of());
    commit(List.of(proposal(5_000, seconds(1_900), 0, List.of())));

    CommitReport report = commit(List.of(late));

    assertThat(report.events()).isZero();
    assertThat(report.conflicts()).isEqualTo(1);
    assertThat(readOfTheTable(late)).isLessThanOrEqualTo(4);
  }
}
