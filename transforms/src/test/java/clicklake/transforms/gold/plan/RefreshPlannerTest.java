package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.transforms.gold.daily.DailyActiveUsers;
import clicklake.transforms.gold.daily.EventsPerSource;
import clicklake.transforms.gold.daily.UserDays;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.plan.RefreshPlan.TableChange;
import clicklake.transforms.gold.table.GoldTable;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RefreshPlannerTest {
  private static final String SILVER = EventTables.SILVER_EVENTS.path();
  private static final GoldTable MINUTES = EventsPerMinute.TABLE;
  private static final GoldTable SOURCES = EventsPerSource.TABLE;
  private static final GoldTable USERS = UserDays.TABLE;
  private static final GoldTable USER_COUNTS = DailyActiveUsers.TABLE;
  private static final String DATE = "2024-03-01";
  private static final long DAY = LocalDate.parse(DATE).toEpochDay();
  private static final DataFile OLD = file("old");
  private static final DataFile NEW = file("new");

  private final Map<String, CommitsLog> logs = new HashMap<>();

  private static DataFile file(String name) {
    return new DataFile("event_date=" + DATE + "/" + name, 1_000, 100, DATE, "");
  }

  private CommitsLog log(String path) {
    return logs.computeIfAbsent(path, table -> new CommitsLog());
  }

  /** A version of silver, in which {@code added} came and {@code removed} went. */
  private void silver(DataFile added, DataFile... removed) {
    CommitsLog log = log(SILVER);
    List<String> paths = List.of(removed).stream().map(DataFile::path).toList();
    log.commits.add(
        new LogCommit(log.commits.size() + 1L, "WRITE", List.of(added), paths, false, Set.of()));
    log.files.removeAll(List.of(removed));
    log.files.add(added);
  }

  /** A gold table of one file that was computed from a version of silver. */
  private void gold(GoldTable table, long silverVersion, DataFile file) {
    CommitsLog log = log(table.path());
    log.files.add(file);
    log.newest =
        new TableState(
            table.path(),
            1,
            Map.of(
                SourceVersions.DOMAIN,
                SourceVersions.ofSilver("silver", silverVersion, "rules", 1).json()));
  }

  private RefreshPlan plan(GoldTable... tables) {
    long version = log(SILVER).commits.size();
    return new RefreshPlanner(
            schema -> log(schema.path()),
            path -> true,
            new TableState("silver", version, Map.of()),
            "rules")
        .plan(List.of(tables));
  }

  private static InputSplit events(DataFile file, GoldTable... tables) {
    return new InputSplit(
        SILVER, Set.copyOf(List.of(tables).stream().map(GoldTable::path).toList()), List.of(file));
  }

  private static InputSplit rows(GoldTable table, DataFile file) {
    return new InputSplit(table.path(), Set.of(), List.of(file));
  }

  @Test
  void aTableAtSilversVersionIsLeftAlone() {
    silver(OLD);
    gold(MINUTES, 1, file("minutes"));

    RefreshPlan plan = plan(MINUTES);

    assertThat(plan.upToDate()).isTrue();
    assertThat(plan.inputs()).isEmpty();
  }

  @Test
  void aNewTableIsComputedFromAllOfSilver() {
    silver(OLD);
    silver(NEW);

    RefreshPlan plan = plan(MINUTES);

    assertThat(plan.changes())
        .isEqualTo(
            Map.of(MINUTES.path(), new TableChange(null, null, -1, true, Set.of(), Set.of())));
    assertThat(plan.inputs())
        .containsExactly(new InputSplit(SILVER, Set.of(MINUTES.path()), List.of(OLD, NEW)));
  }

  @Test
  void newEventsAreMergedWithTheRowsThatTheyMayChange() {
    silver(OLD);
    gold(MINUTES, 1, file("minutes"));
    silver(NEW);

    RefreshPlan plan = plan(MINUTES);

    assertThat(plan.changes())
        .isEqualTo(
            Map.of(
                MINUTES.path(),
                new TableChange(
                    MINUTES.path(),
                    SourceVersions.ofSilver("silver", 1, "rules", 1),
                    1,
                    false,
                    Set.of(file("minutes").path()),
                    Set.of(DAY))));
    assertThat(plan.inputs()).containsExactly(rows(MINUTES, file("minutes")), events(NEW, MINUTES));
  }

  @Test
  void aDateThatLostRowsIsRecomputedWhereDatesStandAlone() {
    silver(OLD);
    gold(MINUTES, 1, file("minutes"));
    silver(NEW, OLD);

    RefreshPlan plan = plan(MINUTES);

    assertThat(plan.changes().get(MINUTES.path()).everything()).isFalse();
    assertThat(plan.changes().get(MINUTES.path()).replaced())
        .containsExactly(file("minutes").path());
    assertThat(plan.inputs()).containsExactly(events(NEW, MINUTES));
  }

  @Test
  void aTableOfAllDatesIsRecomputedIfSilverLostRows() {
    silver(OLD);
    gold(SOURCES, 1, new DataFile("sources", 10, 1, null, ""));
    silver(NEW, OLD);

    RefreshPlan plan = plan(SOURCES);

    assertThat(plan.changes().get(SOURCES.path()).everything()).isTrue();
    assertThat(plan.inputs()).containsExactly(events(NEW, SOURCES));
  }

  @Test
  void aDerivedTableAtItsSourcesVersionReceivesNewKeysOnly() {
    silver(OLD);
    gold(USERS, 1, file("users"));
    gold(USER_COUNTS, 1, new DataFile("counts", 10, 1, null, ""));
    silver(NEW);

    RefreshPlan plan = plan(USERS, USER_COUNTS);

    assertThat(plan.spec().incremental(USERS.path())).isTrue();
    assertThat(plan.spec().days()).isEmpty();
    assertThat(plan.changes().get(USERS.path()).everything()).isFalse();
    assertThat(plan.changes().get(USER_COUNTS.path()).everything()).isFalse();
  }

  @Test
  void aDerivedTableBehindItsSourceReceivesAllKeysOfTheChangedDays() {
    silver(OLD);
    gold(USER_COUNTS, 1, new DataFile("counts", 10, 1, null, ""));
    silver(NEW);
    gold(USERS, 2, file("users"));

    RefreshPlan plan = plan(USERS, USER_COUNTS);

    assertThat(plan.changes()).containsOnlyKeys(USER_COUNTS.path());
    assertThat(plan.spec().incremental(USERS.path())).isFalse();
    assertThat(plan.spec().days()).isEqualTo(Map.of(USER_COUNTS.path(), Set.of(DAY)));
    assertThat(plan.inputs()).contains(rows(USERS, file("users")));
  }

  @Test
  void aDerivedTableAheadOfItsSourceIsRecomputedWithIt() {
    silver(OLD);
    gold(USERS, 1, file("users"));
    silver(NEW);
    gold(USER_COUNTS, 2, new DataFile("counts", 10, 1, null, ""));

    RefreshPlan plan = plan(USERS, USER_COUNTS);

    assertThat(plan.changes().get(USERS.path()).everything()).isTrue();
    assertThat(plan.changes().get(USER_COUNTS.path()).everything()).isTrue();
  }

  @Test
  void aFullRecomputeOfADerivedTableReadsItsSourceAndDoesNotWriteIt() {
    silver(OLD);

    RefreshPlan plan =
        new RefreshPlanner(
                schema -> log(schema.path()),
                path -> true,
                new TableState("silver", 1, Map.of()),
                "rules")
            .planRecompute(List.of(USER_COUNTS));

    assertThat(plan.changes()).containsOnlyKeys(USER_COUNTS.path());
    assertThat(plan.inputs()).containsExactly(events(OLD, USER_COUNTS, USERS));
  }
}
