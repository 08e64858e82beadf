package clicklake.transforms.dedupe;

import static clicklake.transforms.dedupe.KnownEvents.Verdict.CONFLICTING;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.CONFLICT_WITH_COMMITTED;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.CONFLICT_WITH_PENDING;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.COPY_OF_COMMITTED;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.COPY_OF_PENDING;
import static clicklake.transforms.dedupe.KnownEvents.Verdict.NEW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KnownEventsTest {
  private static final SourcePartition TOPIC = new SourcePartition("topic", 0, "kafka:c:t");
  private static final Duration HORIZON = Duration.ofHours(24);
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1000;
  private static final long DAY = Duration.ofDays(1).toNanos() / 1000;

  private final Silver silver = new Silver();
  private final KnownEvents known = new KnownEvents(silver, HORIZON, 4, 1000);

  /** Silver as a list of commits, one file each. */
  private static final class Silver implements SilverIds {
    private static final long serialVersionUID = 1L;

    private record Row(long id, long micros, long digest) {}

    private final transient List<String> paths = new ArrayList<>();
    private final transient Map<String, List<Row>> files = new HashMap<>();
    private transient OffsetRanges covered = OffsetRanges.empty();
    private String tableId = "id";
    private boolean logIsGone;
    private int filesRead;
    private int readsUntilFailure = Integer.MAX_VALUE;
    private int commitsRead;

    void commit(String path, Row... rows) {
      paths.add(path);
      files.put(path, List.of(rows));
    }

    @Override
    public LakeLocation lake() {
      return LakeLocation.of("lake");
    }

    @Override
    public Version latest() {
      return paths.isEmpty() ? Version.NONE : new Version(tableId, paths.size() - 1L);
    }

    @Override
    public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {
      for (String path : paths.subList(0, (int) version.number() + 1)) {
        show(path, dates, visitor);
      }
    }

    private void show(String path, Set<LocalDate> dates, Visitor visitor) {
      filesRead++;
      if (readsUntilFailure-- == 0) {
        throw new IllegalStateException("the storage does not answer");
      }
      for (Row row : files.get(path)) {
        if (dates.contains(LocalDate.ofEpochDay(Math.floorDiv(row.micros(), DAY)))) {
          visitor.event(row.id(), row.id(), row.micros(), row.digest());
        }
      }
    }

    @Override
    public boolean showAdded(Version since, Version until, Consumer<AddedFile> visitor) {
      if (logIsGone) {
        return false;
      }
      for (String path : paths.subList((int) since.number() + 1, (int) until.number() + 1)) {
        commitsRead++;
        visitor.accept(new AddedFile(path, date(path), 1));
      }
      return true;
    }

    private LocalDate date(String path) {
      return LocalDate.ofEpochDay(Math.floorDiv(files.get(path).get(0).micros(), DAY));
    }

    @Override
    public void scan(List<AddedFile> files, Visitor visitor) {
      files.forEach(file -> show(file.path(), Set.of(file.date()), visitor));
    }

    @Override
    public Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions) {
      return Map.of(TOPIC, covered);
    }
  }

  @Test
  void aDateThatCouldNotBeReadToItsEndIsReadAgain() {
    EventBatch event = event(1, 5 * DAY, 10, "page");
    silver.commit("a", new Silver.Row(2, 5 * DAY, 0));
    silver.commit("b", new Silver.Row(1, 5 * DAY, digest(event)));
    known.refresh();
    silver.readsUntilFailure = 1;

    assertThatThrownBy(() -> known.decide(event)).hasMessage("the storage does not answer");
    assertThat(decide(event)).isEqualTo(COPY_OF_COMMITTED);
  }

  @Test
  void eventsOfManyDatesInAnyOrderAreHeldAgainstAllOfTheirDates() {
    EventBatch.Builder batch = new EventBatch.Builder(64);
    for (int i = 0; i < 300; i++) {
      long day = i * 37 % 100;
      EventBatch one = event(i, day * DAY + 1, i, "page");
      silver.commit("file " + i, new Silver.Row(i, day * DAY + 1, digest(one)));
      batch.add(row(i, day * DAY + 1, "page"), TOPIC, i, 0);
    }
    known.refresh();

    try (KnownEvents.Decisions decisions = known.decide(batch.build())) {
      while (decisions.next()) {
        assertThat(decisions.verdict()).isEqualTo(COPY_OF_COMMITTED);
      }
    }
    assertThat(silver.filesRead).as("each file once").isEqualTo(300);
  }

  private static EventBatch event(long id, long micros, long offset, String page) {
    return new EventBatch.Builder(64).add(row(id, micros, page), TOPIC, offset, 0).build();
  }

  private static EventRow row(long id, long micros, String page) {
    EventRow row = new EventRow();
    row.clear();
    row.id(id, id);
    row.eventMicros(micros);
    row.schemaVersion(1);
    byte[] bytes = page.getBytes(UTF_8);
    row.text(TextField.PAGE, bytes, 0, bytes.length);
    return row;
  }

  private static long digest(EventBatch batch) {
    EventBatch.Cursor event = batch.cursor();
    event.next();
    return event.digest();
  }

  private KnownEvents.Verdict decide(EventBatch batch) {
    return decide(known, batch);
  }

  private static Proposal file(String path, EventKeys keys, OffsetRanges positions) {
    return new Proposal(
        Proposal.Kind.EVENTS,
        new DataFile(path, 1, keys.size(), "1970-01-01", "{}"),
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
    assertThat(decide(event(1, 0, 12, "/other"))).isEqualTo(CONFLICTING);
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
    assertThat(decide(event(1, 5, 11, "/other"))).isEqualTo(CONFLICTING);
  }

  @Test
  void exactlyTheHorizonAwayIsTheSameEventAndBeyondIsAnother() {
    silver.commit("a", new Silver.Row(1, 0, 77));
    known.refresh();
    assertThat(decide(event(1, DAY, 10, "/"))).isEqualTo(CONFLICT_WITH_COMMITTED);
    assertThat(decide(event(1, DAY + 1, 11, "/"))).isEqualTo(NEW);
  }

  @Test
  void aRecordOfAnotherTimeIsADuplicateAtOnceAndOneOfTheSameTimeAChallenger() {
    silver.commit("a", new Silver.Row(1, 0, 77));
    known.refresh();
    assertThat(decide(event(1, 5, 10, "/"))).isEqualTo(CONFLICT_WITH_COMMITTED);
    assertThat(decide(event(1, 0, 11, "/"))).isEqualTo(CONFLICTING);
    assertThat(decide(event(2, 0, 12, "/"))).isEqualTo(NEW);
    assertThat(decide(event(2, 5, 13, "/"))).isEqualTo(CONFLICT_WITH_PENDING);
  }

  @Test
  void betweenARowAndAProposalOfOneIdTheRowCounts() {
    assertThat(decide(event(1, 20 * HOUR, 10, "/"))).isEqualTo(NEW);
    silver.commit("a", new Silver.Row(1, -20 * HOUR, 77));
    known.refresh();
    assertThat(decide(event(1, 0, 11, "/"))).isEqualTo(CONFLICT_WITH_COMMITTED);
    assertThat(decide(event(1, 20 * HOUR, 12, "/"))).isEqualTo(COPY_OF_PENDING);
  }

  @Test
  void nothingWithinTheHorizonOfARowIsOnItsWayAnyLonger() {
    EventBatch early = event(1, -20 * HOUR, 10, "/");
    EventBatch late = event(1, 20 * HOUR, 11, "/");
    assertThat(decide(early)).isEqualTo(NEW);
    assertThat(decide(late)).isEqualTo(NEW);
    silver.commit("theirs", new Silver.Row(1, 0, 77));
    known.refresh();
    assertThat(decide(early)).isEqualTo(CONFLICT_WITH_COMMITTED);
    assertThat(decide(late)).isEqualTo(CONFLICT_WITH_COMMITTED);
    assertThat(decide(event(1, 40 * HOUR, 12, "/"))).isEqualTo(NEW);
  }

  @Test
  void rowsThatAnotherHorizonLetInAreAllKnown() {
    EventBatch one = event(1, 0, 10, "/");
    EventBatch other = event(1, 10 * HOUR, 11, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(one)));
    silver.commit("b", new Silver.Row(1, 10 * HOUR, digest(other)));
    known.refresh();
    assertThat(decide(one)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(other)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(event(1, -20 * HOUR, 12, "/"))).isEqualTo(CONFLICT_WITH_COMMITTED);
  }

  @Test
  void aFileOfOursIsNotReadAgainWhenItIsCommitted() {
    EventBatch first = event(1, 0, 10, "/");
    assertThat(decide(first)).isEqualTo(NEW);
    known.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), OffsetRanges.of(10, 11)));
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
    known.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), OffsetRanges.of(10, 11)));
    silver.covered = OffsetRanges.of(0, 11);
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
    assertThat(decide(event(2, 0, 11, "/"))).isEqualTo(CONFLICTING);
  }

  @Test
  void anEventThatSilverHoldsIsNoLongerOnItsWayWhoeverCommittedIt() {
    EventBatch ours = event(1, 0, 10, "/");
    assertThat(decide(ours)).isEqualTo(NEW);
    silver.commit("theirs", new Silver.Row(1, 0, digest(ours)));
    known.refresh();
    silver.tableId = "another";
    silver.paths.clear();
    silver.commit("a", new Silver.Row(2, 0, 5));
    known.refresh();
    assertThat(decide(event(1, 0, 11, "/"))).isEqualTo(NEW);
  }

  private static KnownEvents.Verdict decide(KnownEvents cache, EventBatch batch) {
    try (KnownEvents.Decisions decisions = cache.decide(batch)) {
      assertThat(decisions.next()).isTrue();
      return decisions.verdict();
    }
  }

  @Test
  void aDateThatNobodyAsksAboutIsForgottenAndReadAgainWhenNeeded() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 2);
    EventBatch old = event(1, 0, 10, "/");
    EventBatch recent = event(2, 50 * DAY, 11, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(old)));
    silver.commit("b", new Silver.Row(2, 50 * DAY, digest(recent)));
    small.refresh();
    assertThat(decide(small, old)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(small, recent)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(silver.filesRead).isEqualTo(4);

    // Above the limit: the first look only begins to note who is asked about.
    silver.commit("c", new Silver.Row(3, 50 * DAY, 7));
    small.refresh();
    assertThat(decide(small, recent)).isEqualTo(COPY_OF_COMMITTED);
    silver.commit("d", new Silver.Row(4, 50 * DAY, 7));
    small.refresh();
    assertThat(silver.filesRead).isEqualTo(6);

    assertThat(decide(small, recent)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(silver.filesRead).isEqualTo(6);
    assertThat(decide(small, old)).isEqualTo(COPY_OF_COMMITTED);
    assertThat(silver.filesRead).isEqualTo(10);
  }

  @Test
  void idsReadFromSilverAndForgottenIdsAreCountedOnce() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 2);
    EventBatch old = event(1, 0, 10, "/");
    EventBatch recent = event(2, 50 * DAY, 11, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(old)));
    silver.commit("b", new Silver.Row(2, 50 * DAY, digest(recent)));
    small.refresh();
    assertThat(small.takeLoadedIds()).isZero();
    decide(small, old);
    decide(small, recent);
    assertThat(small.takeLoadedIds()).isEqualTo(2);
    assertThat(small.takeLoadedIds()).isZero();

    silver.commit("c", new Silver.Row(3, 50 * DAY, 7));
    small.refresh();
    decide(small, recent);
    silver.commit("d", new Silver.Row(4, 50 * DAY, 7));
    small.refresh();

    assertThat(small.takeLoadedIds()).isEqualTo(2);
    assertThat(small.takeForgottenIds()).isEqualTo(1);
    assertThat(small.takeForgottenIds()).isZero();
  }

  @Test
  void whatIsOnItsWayIsNeitherForgottenWithItsDateNorWithTheTable() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 1);
    assertThat(decide(small, event(1, 0, 10, "/"))).isEqualTo(NEW);
    for (int i = 0; i < 5; i++) {
      silver.commit("c" + i, new Silver.Row(10 + i, 50 * DAY, 7));
      small.refresh();
      decide(small, event(10 + i, 50 * DAY, 20 + i, "/"));
    }
    assertThat(decide(small, event(1, 0, 11, "/"))).isEqualTo(COPY_OF_PENDING);
    silver.tableId = "another";
    silver.paths.clear();
    silver.commit("a", new Silver.Row(2, 0, 5));
    small.refresh();
    assertThat(decide(small, event(1, 0, 11, "/"))).isEqualTo(COPY_OF_PENDING);
    assertThat(decide(small, event(1, 0, 10, "/"))).isEqualTo(NEW);
  }

  @Test
  void datesThatAreAskedAboutAreNeverReadAgainForWantOfRoom() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 1);
    EventBatch one = event(1, 0, 10, "/");
    EventBatch other = event(2, 50 * DAY, 11, "/");
    silver.commit("a", new Silver.Row(1, 0, digest(one)), new Silver.Row(3, 5, 7));
    silver.commit("b", new Silver.Row(2, 50 * DAY, digest(other)));
    small.refresh();
    for (int i = 0; i < 5; i++) {
      assertThat(decide(small, one)).isEqualTo(COPY_OF_COMMITTED);
      assertThat(decide(small, other)).isEqualTo(COPY_OF_COMMITTED);
      silver.commit("c" + i, new Silver.Row(10 + i, 50 * DAY, 7));
      small.refresh();
    }
    assertThat(silver.filesRead).isEqualTo(4 + 5);
  }

  @Test
  void aProcessThatStartsDoesNotReadTheLog() {
    EventBatch copy = event(1, 0, 10, "/");
    for (int i = 0; i < 1000; i++) {
      silver.commit("c" + i, new Silver.Row(10 + i, 50 * DAY, 7));
    }
    silver.commit("a", new Silver.Row(1, 0, digest(copy)));
    known.refresh();
    assertThat(silver.commitsRead).isZero();
    assertThat(known.version()).isEqualTo(new SilverIds.Version("id", 1000));

    assertThat(decide(copy)).isEqualTo(COPY_OF_COMMITTED);
    silver.commit("b", new Silver.Row(2, 0, 7));
    known.refresh();
    assertThat(silver.commitsRead).isEqualTo(1);
    assertThat(decide(event(2, 0, 11, "/"))).isEqualTo(CONFLICTING);
  }

  @Test
  void anotherTableIsNoticedAlsoWhenNoDateIsLoaded() {
    KnownEvents small = new KnownEvents(silver, HORIZON, 1, 1);
    silver.commit("a", new Silver.Row(5, 50 * DAY, 7));
    EventBatch ours = event(1, 0, 10, "/");
    assertThat(decide(small, ours)).isEqualTo(NEW);
    small.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), OffsetRanges.of(10, 11)));
    small.refresh();
    silver.commit("mine", new Silver.Row(1, 0, digest(ours)));
    small.refresh();
    silver.tableId = "another";
    small.refresh();
    assertThat(silver.commitsRead).isEqualTo(2);
    silver.paths.clear();
    silver.commit("b", new Silver.Row(5, 50 * DAY, 7));
    small.refresh();
    assertThat(decide(small, event(1, 0, 11, "/"))).isEqualTo(NEW);
  }

  /** A clock that a test moves. */
  private static final class Hands extends Clock {
    private Instant now = Instant.parse("2024-05-05T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void anEventWhoseRecordNeverComesBackIsGivenUp() {
    Hands clock = new Hands();
    KnownEvents cache = new KnownEvents(silver, HORIZON, 1, 1000, clock);
    assertThat(decide(cache, event(1, 0, 10, "/"))).isEqualTo(NEW);
    assertThat(decide(cache, event(2, 0, 11, "/"))).isEqualTo(NEW);
    cache.proposed(file("lost", EventKeys.builder().add(1, 1, 0).build(), OffsetRanges.of(10, 11)));
    for (int minutes = 10; minutes < 40; minutes += 10) {
      clock.now = clock.now.plus(Duration.ofMinutes(10));
      cache.refresh();
      assertThat(decide(cache, event(1, 0, 12, "/"))).isEqualTo(COPY_OF_PENDING);
      // This one is read again now and then, as what was not committed is.
      assertThat(decide(cache, event(2, 0, 11, "/"))).isEqualTo(NEW);
    }
    clock.now = clock.now.plus(Duration.ofMinutes(10));
    cache.refresh();
    assertThat(decide(cache, event(1, 0, 12, "/"))).isEqualTo(NEW);
    assertThat(decide(cache, event(2, 0, 13, "/"))).isEqualTo(COPY_OF_PENDING);

    // The proposal that was given up is committed after all.
    silver.commit("lost", new Silver.Row(1, 0, digest(event(1, 0, 10, "/"))));
    cache.refresh();
    assertThat(decide(cache, event(1, 0, 12, "/"))).isEqualTo(COPY_OF_COMMITTED);
  }

  @Test
  void aClockThatIsPutBackGivesNothingUp() {
    Hands clock = new Hands();
    KnownEvents cache = new KnownEvents(silver, HORIZON, 1, 1000, clock);
    clock.now = clock.now.plus(Duration.ofMinutes(30));
    cache.refresh();
    assertThat(decide(cache, event(1, 0, 10, "/"))).isEqualTo(NEW);
    cache.proposed(file("mine", EventKeys.builder().add(1, 1, 0).build(), OffsetRanges.of(10, 11)));
    clock.now = clock.now.minus(Duration.ofMinutes(10));
    cache.refresh();

    assertThat(decide(cache, event(1, 0, 11, "/"))).isEqualTo(COPY_OF_PENDING);
    silver.commit("mine", new Silver.Row(1, 0, digest(event(1, 0, 10, "/"))));
    cache.refresh();
    assertThat(silver.filesRead).isZero();
    assertThat(decide(cache, event(1, 0, 11, "/"))).isEqualTo(COPY_OF_COMMITTED);
  }

  @Test
  void nothingThatIsCommittedIsGivenUp() {
    Hands clock = new Hands();
    KnownEvents cache = new KnownEvents(silver, HORIZON, 1, 1000, clock);
    EventBatch first = event(1, 0, 10, "/");
    assertThat(decide(cache, first)).isEqualTo(NEW);
    assertThat(decide(cache, event(2, 0, 11, "/"))).isEqualTo(NEW);
    silver.commit("theirs", new Silver.Row(1, 0, digest(first)));
    cache.refresh();
    // No refresh for so long that steps are counted from the beginning again.
    clock.now = clock.now.plus(Duration.ofMinutes(10).multipliedBy(0x10000 + 4));
    cache.refresh();
    assertThat(decide(cache, event(1, 0, 12, "/"))).isEqualTo(COPY_OF_COMMITTED);
    assertThat(decide(cache, event(2, 0, 13, "/"))).isEqualTo(NEW);
    assertThat(silver.filesRead).isEqualTo(1);
  }

  /** What a copy waits for, however pending ids are seen, committed and given up in turn. */
  @Property(tries = 100)
  void aPendingEventIsGivenUpBetweenThirtyAndFiftyMinutesAfterItWasLastSeen(@ForAll long seed) {
    Random random = new Random(seed);
    Silver lake = new Silver();
    Hands clock = new Hands();
    KnownEvents cache = new KnownEvents(lake, HORIZON, 2, 1000, clock);
    Map<Long, Instant> seen = new HashMap<>();
    Set<Long> committed = new HashSet<>();
    for (int step = 0; step < 300; step++) {
      clock.now = clock.now.plus(Duration.ofMinutes(random.nextInt(9)));
      long id = random.nextInt(12);
      if (random.nextInt(10) == 0 && committed.add(id)) {
        lake.commit("c" + id, new Silver.Row(id, 0, digest(event(id, 0, id, "/"))));
        seen.remove(id);
      }
      cache.refresh();
      if (random.nextBoolean()) {
        assertThat(decide(cache, event(id, 0, id, "/")))
            .isEqualTo(committed.contains(id) ? COPY_OF_COMMITTED : NEW);
        seen.put(id, clock.now);
      }
      for (long other = 0; other < 12; other++) {
        Instant last = seen.get(other);
        if (committed.contains(other)) {
          assertThat(decide(cache, event(other, 0, 100, "/"))).isEqualTo(COPY_OF_COMMITTED);
        } else if (last != null) {
          Duration age = Duration.between(last, clock.now);
          if (age.compareTo(Duration.ofMinutes(30)) <= 0) {
            assertThat(decide(cache, event(other, 0, 100, "/"))).isEqualTo(COPY_OF_PENDING);
          } else if (age.compareTo(Duration.ofMinutes(50)) > 0) {
            assertThat(decide(cache, event(other, 0, other, "/"))).isEqualTo(NEW);
            seen.put(other, clock.now);
          }
        }
      }
    }
  }

  /** Commits of others, refreshes and decisions in any order, over dates that come and go. */
  @Property(tries = 100)
  void aCacheWithoutRoomDecidesLikeOneWithRoomForAll(
      @ForAll long seed, @ForAll @IntRange(max = 100) int maxOnHeap) {
    Random random = new Random(seed);
    Silver lake = new Silver();
    KnownEvents spacious = new KnownEvents(lake, HORIZON, 2, 1_000_000);
    KnownEvents cramped = new KnownEvents(lake, HORIZON, 2, maxOnHeap);
    Set<Long> committed = new HashSet<>();
    for (int step = 0; step < 300; step++) {
      // An id has one event, 100 ids a date; what comes moves on by a date every 30 steps.
      long day = step / 30;
      List<Silver.Row> rows = new ArrayList<>();
      for (int left = random.nextInt(3) == 0 ? 20 : 0; left > 0; left--) {
        long id = 100 * day + random.nextInt(100);
        if (committed.add(id)) {
          rows.add(new Silver.Row(id, day * DAY + id, digest(event(id, day * DAY + id, 0, "/"))));
        }
      }
      if (!rows.isEmpty()) {
        lake.commit("file " + step, rows.toArray(Silver.Row[]::new));
      }
      if (random.nextBoolean()) {
        spacious.refresh();
        cramped.refresh();
        assertThat(cramped.version()).isEqualTo(spacious.version());
      }
      long askedDay = Math.max(0, day - (random.nextInt(5) == 0 ? random.nextInt(8) : 0));
      long id = 100 * askedDay + random.nextInt(100);
      String page = random.nextInt(9) == 0 ? "/x" : "/";
      EventBatch batch = event(id, askedDay * DAY + id, step, page);
      assertThat(decide(cramped, batch)).isEqualTo(decide(spacious, batch));
    }
  }

  @Test
  void aProcessKeepsNoMoreThanFitAQuarterOfItsHeap() {
    assertThat(KnownEvents.atMost(20_000_000, 640L << 20)).isEqualTo(2_046_001);
    assertThat(KnownEvents.atMost(20_000_000, 16L << 30)).isEqualTo(20_000_000);
  }
}
