package clicklake.transforms.dedupe;

import static clicklake.transforms.dedupe.KnownEvents.Verdict.CHALLENGER;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.COPY_OF_COMMITTED;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.COPY_OF_PENDING;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.NEW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.Coverage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Duplicates;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventKeys;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.lake.SilverIds;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownEventsTest {
  private static final PartitionId TOPIC = new PartitionId("topic", 0, "kafka:c:t");
  private static final Duration HORIZON = Duration.ofHours(24);
  private static final long DAY = Duration.ofDays(1).toNanos() / 1000;

  private final Silver silver = new Silver();
  private final KnownEvents known = new KnownEvents(silver, HORIZON, 4, 1000);

  /** Silver as a list of commits, one file each. */
  private static final class Silver implements SilverIds {
    private static final long serialVersionUID = 1L;

    private record Row(long id, long micros, long digest) {}

    private final transient List<String> paths = new ArrayList<>();
    private final transient Map<String, List<Row>> files = new HashMap<>();
    private transient Runs covered = Runs.empty();
    private boolean logIsGone;
    private int filesRead;

    void commit(String path, Row... rows) {
      paths.add(path);
      files.put(path, List.of(rows));
    }

    @Override
    public String lake() {
      return "lake";
    }

    @Override
    public Version latest() {
      return paths.isEmpty() ? Version.NONE : new Version("id", paths.size() - 1L);
    }

    @Override
    public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {
      for (String path : paths.subList(0, (int) version.number() + 1)) {
        show(path, dates, visitor);
      }
    }

    private void show(String path, Set<LocalDate> dates, Visitor visitor) {
      filesRead++;
      for (Row row : files.get(path)) {
        if (dates.contains(LocalDate.ofEpochDay(Math.floorDiv(row.micros(), DAY)))) {
          visitor.event(row.id(), row.id(), row.micros(), row.digest());
        }
      }
    }

    @Override
    public Optional<List<AddedFile>> addedBetween(Version since, Version until) {
      return logIsGone
          ? Optional.empty()
          : Optional.of(
              paths.subList((int) since.number() + 1, (int) until.number() + 1).stream()
                  .map(path -> new AddedFile(path, LocalDate.ofEpochDay(0)))
                  .toList());
    }

    @Override
    public void scan(AddedFile file, Visitor visitor) {
      show(file.path(), Set.of(file.date()), visitor);
    }

    @Override
    public Map<PartitionId, Runs> covered(Set<PartitionId> partitions) {
      return Map.of(TOPIC, covered);
    }
  }

  private static EventBatch event(long id, long micros, long offset, String page) {
    EventRow row = new EventRow();
    row.clear();
    row.id(id, id);
    row.eventMicros(micros);
    row.schemaVersion(1);
    byte[] bytes = page.getBytes(UTF_8);
    row.text(TextField.PAGE, bytes, 0, bytes.length);
    return new EventBatch.Builder(64).add(row, TOPIC, offset, 0).build();
  }

  private static long digest(EventBatch batch) {
    EventBatch.Cursor event = batch.cursor();
    event.next();
    return event.digest();
  }

  private KnownEvents.Verdict decide(EventBatch batch) {
    try (KnownEvents.Decisions decisions = known.decide(batch)) {
      assertThat(decisions.next()).isTrue();
      return decisions.verdict();
    }
  }

  private static DataFile file(String path, EventKeys keys, Runs positions) {
    return new DataFile(
        DataFile.Kind.EVENTS,
        new DataFile.Content(path, 1, keys.size(), "1970-01-01", "{}"),
        0,
        List.of(new Coverage(TOPIC, positions, keys.size())),
        Map.of(),
        "id",
        0,
        keys,
        List.of(),
        Duplicates.none());
  }

  @Test
  void theFirstRecordOfAnEventIsNewAndTheSecondACopyOfIt() {
    assertThat(decide(event(1, 0, 10, "/"))).isEqualTo(NEW);
    assertThat(decide(event(1, 0, 11, "/"))).isEqualTo(COPY_OF_PENDING);
    assertThat(decide(event(1, 0, 12, "/other"))).isEqualTo(CHALLENGER);
  }

  @Test
  void aRecordThatIsReadAgainIsNotACopyOfItself() {
    assertThat(decide(event(1, 0, 10, "/"))).isEqualTo(NEW);
    assertThat(decide(event(1, 0, 10, "/"))).isEqualTo(NEW);
  }

  @Test
  void whatSilverHoldsIsFoundByContent() {
    EventBatch copy = event(1, 5, 10, "/");
    silver.commit("a", new Silver.Row(1, 5, digest(copy)));
    known.refresh();
    assertThat(decide(copy)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(event(1, 5, 11, "/other"))).isEqualTo(CHALLENGER);
  }

  @Test
  void exactlyTheHorizonAwayIsTheSameEventAndBeyondIsAnother() {
    silver.commit("a", new Silver.Row(1, 0, 77));
    known.refresh();
    assertThat(decide(event(1, DAY, 10, "/"))).isEqualTo(CHALLENGER);
    assertThat(decide(event(1, DAY + 1, 11, "/"))).isEqualTo(NEW);
  }

  @Test
  void aFileOfOursIsNotReadAgainWhenItIsCommitted() {
    EventBatch first = event(1, 0, 10, "/");
    assertThat(decide(first)).isEqualTo(NEW);
    known.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), Runs.of(10, 11)));
    silver.commit("mine", new Silver.Row(1, 0, digest(first)));
    known.refresh();
    assertThat(silver.filesRead).isZero();
    assertThat(decide(event(1, 0, 11, "/"))).isEqualTo(COPY_OF_COMMITTED);
    assertThat(known.version()).isEqualTo(new SilverIds.Version("id", 0));
  }

  @Test
  void aFileOfAnotherProcessIsReadWhenItIsCommitted() {
    assertThat(decide(event(2, 0, 10, "/"))).isEqualTo(NEW);
    EventBatch copy = event(1, 0, 11, "/");
    silver.commit("theirs", new Silver.Row(1, 0, digest(copy)));
    known.refresh();
    assertThat(silver.filesRead).isEqualTo(1);
    assertThat(decide(copy)).isEqualTo(COPY_OF_COMMITTED);
  }

  @Test
  void aProposalWhosePositionsSilverCoversOtherwiseIsGivenUp() {
    assertThat(decide(event(1, 0, 10, "/"))).isEqualTo(NEW);
    known.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), Runs.of(10, 11)));
    silver.covered = Runs.of(0, 11);
    known.refresh();
    assertThat(decide(event(1, 0, 12, "/"))).isEqualTo(NEW);
  }

  @Test
  void withoutTheLogSinceItsVersionTheCacheStartsOver() {
    EventBatch copy = event(1, 0, 10, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(copy)));
    known.refresh();
    assertThat(decide(copy)).isEqualTo(COPY_OF_COMMITTED);
    silver.commit("b", new Silver.Row(2, 0, 5));
    silver.logIsGone = true;
    known.refresh();
    assertThat(decide(copy)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(event(2, 0, 11, "/"))).isEqualTo(CHALLENGER);
  }

  @Test
  void datesAskedAboutLongestAgoAreForgottenAndReadAgainWhenNeeded() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 1);
    EventBatch old = event(1, 0, 10, "/");
    EventBatch recent = event(2, 50 * DAY, 11, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(old)));
    silver.commit("b", new Silver.Row(2, 50 * DAY, digest(recent)));
    small.refresh();
    for (EventBatch batch : List.of(old, recent, old, recent)) {
      try (KnownEvents.Decisions decisions = small.decide(batch)) {
        assertThat(decisions.next()).isTrue();
        assertThat(decisions.verdict()).isEqualTo(COPY_OF_COMMITTED);
      }
      small.refresh();
    }
  }

  @Test
  void theDatesAroundOneEventAreNeverReadAgainForWantOfRoom() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 1);
    EventBatch one = event(1, 0, 10, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(one)), new Silver.Row(2, 5, 7));
    small.refresh();
    for (int i = 0; i < 3; i++) {
      try (KnownEvents.Decisions decisions = small.decide(one)) {
        assertThat(decisions.next()).isTrue();
        assertThat(decisions.verdict()).isEqualTo(COPY_OF_COMMITTED);
      }
      small.refresh();
    }
    assertThat(silver.filesRead).isEqualTo(1);
  }

  @Test
  void aProcessKeepsNoMoreThanFitAQuarterOfItsHeap() {
    assertThat(KnownEvents.atMost(20_000_000, 640L << 20)).isEqualTo(2_542_002);
    assertThat(KnownEvents.atMost(20_000_000, 16L << 30)).isEqualTo(20_000_000);
  }
}
