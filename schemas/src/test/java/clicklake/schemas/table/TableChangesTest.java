package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.LogCommit;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TableChangesTest {

  /** The commits of versions 1 and up, of which those up to {@code gone} are no longer held. */
  private static final class CommitsLog implements TableLog {
    private final List<LogCommit> commits = new ArrayList<>();
    private long gone;
    private int shown;

    void put(List<String> adds, List<String> removes) {
      List<DataFile> files =
          adds.stream().map(path -> new DataFile(path, 1, 1, null, "statistics")).toList();
      commits.add(new LogCommit(version() + 1, "WRITE", files, removes, false, Set.of()));
    }

    void optimize() {
      commits.add(new LogCommit(version() + 1, "OPTIMIZE", List.of(), List.of(), true, Set.of()));
    }

    long version() {
      return commits.size();
    }

    @Override
    public boolean showCommits(long since, long until, CommitVisitor visitor) {
      for (long version = since + 1; version <= until; version++) {
        if (version <= gone) {
          return false;
        }
        shown++;
        if (!visitor.show(commits.get((int) version - 1))) {
          return true;
        }
      }
      return true;
    }

    @Override
    public String name() {
      return "table";
    }

    @Override
    public Optional<TableState> newest() {
      throw new AssertionError();
    }

    @Override
    public TableState create(Map<String, String> domains) {
      throw new AssertionError();
    }

    @Override
    public Optional<Instant> committedAt(long version) {
      throw new AssertionError();
    }

    @Override
    public TableState commit(TableState base, Changes changes) {
      throw new AssertionError();
    }

    @Override
    public void showFiles(
        TableState state, @Nullable Set<LocalDate> dates, Consumer<DataFile> visitor) {
      throw new AssertionError();
    }
  }

  private final CommitsLog log = new CommitsLog();

  private static String keep(DataFile file) {
    return "kept of " + file.path();
  }

  private static TableChanges<String> between(CommitsLog log, long since, long until) {
    return TableChanges.between(log, since, until, TableChangesTest::keep).orElseThrow();
  }

  @Test
  void whatCameAndWentIsNoChangeAndWhatWentAndCameBackIsNone() {
    log.put(List.of("a", "b"), List.of("old"));
    log.put(List.of("c"), List.of("a", "older"));
    log.put(List.of("old"), List.of());
    log.put(List.of("older"), List.of("b", "c"));

    TableChanges<String> changes = between(log, 0, 3);

    assertThat(changes.added())
        .containsExactly(Map.entry("b", "kept of b"), Map.entry("c", "kept of c"));
    assertThat(changes.removed()).containsExactly("older");
    assertThat(changes.rearranged()).isFalse();
    assertThat(changes.isEmpty()).isFalse();
    assertThat(between(log, 0, 4).isEmpty()).isTrue();
  }

  @Test
  void onlyTheCommitsAfterTheFirstVersionCount() {
    log.put(List.of("a"), List.of());
    log.put(List.of("b"), List.of("a"));
    log.put(List.of("c"), List.of());

    assertThat(between(log, 1, 2))
        .isEqualTo(new TableChanges<>(Map.of("b", "kept of b"), Set.of("a"), false));
    assertThat(between(log, 3, 3).isEmpty()).isTrue();
  }

  @Test
  void anOptimizeIsToldAndChangesNoRow() {
    log.optimize();

    assertThat(between(log, 0, 1)).isEqualTo(new TableChanges<>(Map.of(), Set.of(), true));
  }

  @Test
  void thereAreNoChangesIfTheLogNoLongerHoldsAllCommits() {
    log.put(List.of("a"), List.of());
    log.put(List.of("b"), List.of());
    log.gone = 1;

    assertThat(TableChanges.between(log, 0, 2, DataFile::path)).isEmpty();
    assertThat(TableChanges.betweenUnlessRearranged(log, 0, 2, DataFile::path)).isEmpty();
    assertThat(between(log, 1, 2).added()).containsOnlyKeys("b");
  }

  @Test
  void whoeverStartsOverAfterAnOptimizeReadsNoFurther() {
    log.put(List.of("a"), List.of());
    log.optimize();
    log.put(List.of("b"), List.of());

    assertThat(TableChanges.betweenUnlessRearranged(log, 0, 3, DataFile::path)).isEmpty();
    assertThat(log.shown).isEqualTo(2);
    assertThat(TableChanges.betweenUnlessRearranged(log, 0, 1, TableChangesTest::keep))
        .contains(between(log, 0, 1));
  }

  @Test
  void nothingIsKeptOfAFileThatCameBack() {
    log.put(List.of(), List.of("a"));
    log.put(List.of("a", "b"), List.of());
    List<String> kept = new ArrayList<>();

    TableChanges.between(
        log,
        0,
        2,
        file -> {
          kept.add(file.path());
          return file.path();
        });

    assertThat(kept).containsExactly("b");
  }

  /** A log of some commits, and the files of each of its versions. */
  private static CommitsLog randomLog(Random random, int length, List<Set<String>> versions) {
    CommitsLog log = new CommitsLog();
    Set<String> live = new TreeSet<>(Set.of("1", "2", "3"));
    versions.add(Set.copyOf(live));
    while (log.version() < length) {
      List<String> removes = new ArrayList<>();
      List<String> adds = new ArrayList<>();
      for (int name = 0; name < 8; name++) {
        String path = Integer.toString(name);
        if (random.nextInt(3) == 0) {
          (live.contains(path) ? removes : adds).add(path);
        }
      }
      log.put(adds, removes);
      removes.forEach(live::remove);
      live.addAll(adds);
      versions.add(Set.copyOf(live));
    }
    return log;
  }

  @Property(tries = 500)
  void theFilesOfAVersionWithTheChangesSinceItAreThoseOfTheOther(
      @ForAll long seed, @ForAll @IntRange(max = 12) int length) {
    List<Set<String>> versions = new ArrayList<>();
    CommitsLog log = randomLog(new Random(seed), length, versions);
    for (int since = 0; since <= length; since++) {
      TableChanges<String> changes = between(log, since, length);
      Set<String> before = versions.get(since);
      Set<String> now = versions.get(length);

      Set<String> gained = new TreeSet<>(now);
      gained.removeAll(before);
      Set<String> lost = new TreeSet<>(before);
      lost.removeAll(now);
      assertThat(changes.added().keySet()).isEqualTo(gained);
      assertThat(changes.removed()).isEqualTo(lost);
      changes.added().forEach((path, kept) -> assertThat(kept).isEqualTo("kept of " + path));
    }
  }

  @Property(tries = 500)
  void changesAreTheSameWhereverTheyAreCut(
      @ForAll long seed, @ForAll @IntRange(max = 12) int length, @ForAll boolean rearranged) {
    CommitsLog log = randomLog(new Random(seed), length, new ArrayList<>());
    if (rearranged) {
      log.optimize();
    }
    long newest = log.version();
    TableChanges<String> whole = between(log, 0, newest);
    for (long cut = 0; cut <= newest; cut++) {
      assertThat(between(log, 0, cut).then(between(log, cut, newest))).isEqualTo(whole);
    }
  }
}
