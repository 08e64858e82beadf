package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.transforms.gold.minute.EventsPerMinute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoldTableStateTest {
  private static final TableState SILVER = new TableState("silver", 9, Map.of());
  private static final DataFile FILE =
      new DataFile("event_date=2024-03-01/a", 1, 1, "2024-03-01", "{}");

  private final CommitsLog log = new CommitsLog();

  @BeforeEach
  void commitOnce() {
    commit(FILE, Set.of(SourceVersions.DOMAIN));
    names(SourceVersions.ofSilver("silver", 7, "rules", 1));
  }

  private void commit(DataFile file, Set<String> domains) {
    log.commits.add(
        new LogCommit(log.commits.size() + 1L, "WRITE", List.of(file), List.of(), false, domains));
  }

  private void names(SourceVersions sources) {
    log.newest =
        new TableState("gold", log.commits.size(), Map.of(SourceVersions.DOMAIN, sources.json()));
  }

  private GoldTableState read() {
    return GoldTableState.read(EventsPerMinute.TABLE, log, SILVER, "rules");
  }

  @Test
  void aTableIsUsableAtTheVersionOfSilverThatItNames() {
    assertThat(read().usable()).isTrue();
    assertThat(read().silverVersion()).isEqualTo(7);
    assertThat(read().version()).isEqualTo(1);
  }

  @Test
  void aTableThatIsNotThereHasNoVersions() {
    log.newest = null;

    assertThat(read()).isEqualTo(GoldTableState.absent(EventsPerMinute.TABLE));
    assertThat(read().silverVersion()).isEqualTo(-1);
    assertThat(read().version()).isEqualTo(-1);
  }

  @Test
  void aTableWithoutSourceVersionsMustBeRecomputed() {
    log.newest = new TableState("gold", 1, Map.of());

    assertThat(read().silverVersion()).isEqualTo(-1);
  }

  @Test
  void aTableOfAnotherSilverMustBeRecomputed() {
    names(SourceVersions.ofSilver("another", 7, "rules", 1));

    assertThat(read().silverVersion()).isEqualTo(-1);
  }

  @Test
  void aTableUnderOtherRulesMustBeRecomputed() {
    names(SourceVersions.ofSilver("silver", 7, "other rules", 1));

    assertThat(read().silverVersion()).isEqualTo(-1);
  }

  @Test
  void aTableAheadOfSilverMustBeRecomputed() {
    names(SourceVersions.ofSilver("silver", 10, "rules", 1));

    assertThat(read().silverVersion()).isEqualTo(-1);
  }

  @Test
  void aTableThatAnotherWriterChangedMustBeRecomputed() {
    commit(FILE, Set.of());
    names(SourceVersions.ofSilver("silver", 7, "rules", 1));

    assertThat(read().silverVersion()).isEqualTo(-1);
  }

  @Test
  void aTableWhoseLogIsCutOffMustBeRecomputed() {
    log.reachesBack = false;

    assertThat(read().silverVersion()).isEqualTo(-1);
  }
}
