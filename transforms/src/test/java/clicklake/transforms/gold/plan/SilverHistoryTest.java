package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.transforms.gold.plan.SilverChanges.AddedFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SilverHistoryTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-03-01");
  private static final LocalDate SECOND = LocalDate.parse("2024-03-02");

  private final CommitsLog log = new CommitsLog();
  private final Set<String> gone = new HashSet<>();

  private static DataFile file(LocalDate date, String name) {
    return file(date, name, 1_000);
  }

  private static DataFile file(LocalDate date, String name, long bytes) {
    return new DataFile("event_date=" + date + "/" + name, bytes, 10, date.toString(), "{}");
  }

  private void commit(List<DataFile> adds, DataFile... removes) {
    List<String> paths = new ArrayList<>();
    for (DataFile file : removes) {
      paths.add(file.path());
    }
    log.commits.add(new LogCommit(log.commits.size() + 1L, "WRITE", adds, paths, false, Set.of()));
  }

  private SilverHistory history() {
    return new SilverHistory(
        log, new TableState("silver", log.commits.size(), Map.of()), path -> !gone.contains(path));
  }

  private static List<String> paths(SilverChanges changes) {
    return changes.added().stream().map(AddedFile::file).map(DataFile::path).toList();
  }

  @Test
  void filesAddedAfterAVersionAreTheChangesSinceIt() {
    commit(List.of(file(FIRST, "a")));
    commit(List.of(file(FIRST, "b"), file(SECOND, "c")));

    SilverChanges changes = history().changesSince(1).orElseThrow();

    assertThat(paths(changes))
        .containsExactly("event_date=2024-03-01/b", "event_date=2024-03-02/c");
    assertThat(changes.recomputed()).isEmpty();
    assertThat(changes.dates()).containsExactlyInAnyOrder(FIRST, SECOND);
    assertThat(changes.days()).containsExactlyInAnyOrder(19_783L, 19_784L);
  }

  @Test
  void aDateThatLostAFileIsRecomputed() {
    commit(List.of(file(FIRST, "a"), file(SECOND, "b")));
    commit(List.of(file(FIRST, "c"), file(SECOND, "d")), file(FIRST, "a"));

    SilverChanges changes = history().changesSince(1).orElseThrow();

    assertThat(changes.recomputed()).containsExactly(FIRST);
    assertThat(paths(changes)).containsExactly("event_date=2024-03-02/d");
    assertThat(changes.recomputes(file(FIRST, "any"))).isTrue();
    assertThat(changes.recomputes(file(SECOND, "any"))).isFalse();
  }

  @Test
  void aDateWhoseFileCameAndWentSinceTheVersionIsRecomputed() {
    commit(List.of(file(FIRST, "a"), file(SECOND, "b")));
    commit(List.of(file(FIRST, "c")), file(FIRST, "a"));

    SilverChanges changes = history().changesSince(0).orElseThrow();

    assertThat(changes.recomputed()).containsExactly(FIRST);
    assertThat(paths(changes)).containsExactly("event_date=2024-03-02/b");
  }

  @Test
  void aDateWhoseNewFileIsGoneIsRecomputed() {
    commit(List.of(file(FIRST, "a"), file(SECOND, "b")));
    gone.add("event_date=2024-03-01/a");

    SilverChanges changes = history().changesSince(0).orElseThrow();

    assertThat(changes.recomputed()).containsExactly(FIRST);
    assertThat(paths(changes)).containsExactly("event_date=2024-03-02/b");
  }

  @Test
  void nothingIsKnownIfTheLogDoesNotReachBack() {
    commit(List.of(file(FIRST, "a")));
    log.reachesBack = false;

    assertThat(history().changesSince(0)).isEmpty();
  }

  @Test
  void nothingIsKnownIfAFileLeftThatSilversWritersDidNotName() {
    commit(List.of(file(FIRST, "a")), new DataFile("part-0", 1, 1, null, ""));

    assertThat(history().changesSince(0)).isEmpty();
  }

  @Test
  void aFullRecomputeIsBetterThanManyMoreBytesThanSilverHasNow() {
    List<DataFile> many = new ArrayList<>();
    for (int i = 0; i <= SilverHistory.MIN_FILES_TO_COMPARE; i++) {
      many.add(file(FIRST, "new" + i, 1 << 20));
    }
    commit(many);
    log.files.add(file(FIRST, "compacted", 100L << 20));

    assertThat(history().changesSince(0)).isEmpty();

    log.files.add(file(SECOND, "other", 4L << 30));
    assertThat(history().changesSince(0)).isPresent();
  }

  @Test
  void theLogIsReadOnceForEachVersion() {
    commit(List.of(file(FIRST, "a")));
    SilverHistory history = history();

    history.changesSince(0);
    history.changesSince(0);
    history.files();
    history.files();

    assertThat(log.reads).isEqualTo(2);
  }

  @Test
  void filesAreRememberedWithoutTheirStatistics() {
    log.files.add(file(FIRST, "a"));

    assertThat(history().files())
        .containsExactly(new DataFile("event_date=2024-03-01/a", 1_000, 10, "2024-03-01", ""));
  }
}
