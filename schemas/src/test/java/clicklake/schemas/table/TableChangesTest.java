package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.LogCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TableChangesTest {
  private static DataFile file(String path) {
    return new DataFile(path, 1, 1, null, "");
  }

  private static LogCommit commit(long version, List<String> adds, List<String> removes) {
    return new LogCommit(
        version,
        "WRITE",
        adds.stream().map(TableChangesTest::file).toList(),
        removes,
        false,
        Set.of());
  }

  private static TableChanges of(List<LogCommit> commits) {
    TableChanges changes = new TableChanges();
    commits.forEach(changes::add);
    return changes;
  }

  private static List<String> added(TableChanges changes) {
    return changes.added().stream().map(DataFile::path).sorted().toList();
  }

  @Test
  void whatCameAndWentIsNoChangeAndWhatWentAndCameBackIsNone() {
    TableChanges changes =
        of(
            List.of(
                commit(1, List.of("a", "b"), List.of("old")),
                commit(2, List.of("c"), List.of("a", "older")),
                commit(3, List.of("old"), List.of())));

    assertThat(added(changes)).containsExactly("b", "c");
    assertThat(changes.removed()).containsExactly("older");
    assertThat(changes.rearranged()).isFalse();
    assertThat(changes.isEmpty()).isFalse();
    changes.add(commit(4, List.of("older"), List.of("b", "c")));
    assertThat(changes.isEmpty()).isTrue();
  }

  @Test
  void anOptimizeIsToldAndChangesNoRow() {
    TableChanges changes =
        of(List.of(new LogCommit(1, "OPTIMIZE", List.of(), List.of(), true, Set.of())));

    assertThat(changes.rearranged()).isTrue();
    assertThat(changes.isEmpty()).isTrue();
  }

  /** Against the files that a table has, version by version; and cut anywhere it is the same. */
  @Property(tries = 300)
  void changesAreTheDifferenceOfTwoVersionsHoweverTheyAreCut(
      @ForAll long seed,
      @ForAll @IntRange(max = 12) int length,
      @ForAll @IntRange(max = 12) int cut) {
    Random random = new Random(seed);
    Set<String> before = new TreeSet<>(Set.of("1", "2", "3"));
    Set<String> live = new TreeSet<>(before);
    List<LogCommit> commits = new ArrayList<>();
    for (int version = 0; version < length; version++) {
      List<String> removes = new ArrayList<>();
      List<String> adds = new ArrayList<>();
      for (int name = 0; name < 8; name++) {
        String path = Integer.toString(name);
        if (random.nextInt(3) == 0) {
          (live.contains(path) ? removes : adds).add(path);
        }
      }
      live.removeAll(removes);
      live.addAll(adds);
      commits.add(commit(version, adds, removes));
    }
    Set<String> gained = new TreeSet<>(live);
    gained.removeAll(before);
    Set<String> lost = new TreeSet<>(before);
    lost.removeAll(live);

    TableChanges whole = of(commits);
    int at = Math.min(cut, commits.size());
    TableChanges parts = of(commits.subList(0, at));
    parts.add(of(commits.subList(at, commits.size())));

    for (TableChanges changes : List.of(whole, parts)) {
      assertThat(added(changes)).containsExactlyElementsOf(gained);
      assertThat(changes.removed()).containsExactlyInAnyOrderElementsOf(lost);
    }
  }
}
