package clicklake.io.ledger;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.delta.LogPaths;
import clicklake.io.lake.SmallLake;
import clicklake.schemas.table.EventTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTableTest {
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path root;

  private Path commit(LedgerTable table, String text) throws IOException {
    long version = table.log().newest().orElseThrow().version() + 1;
    Path file = root.resolve(EventTables.SILVER_EVENTS.path()).resolve(LogPaths.commit(version));
    return Files.writeString(file, text);
  }

  @Test
  void theLastDecisionIsTheLastCommitWithALedgerHoweverOftenOthersRearrange() throws IOException {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    LedgerTable silver = lake.tables.silver();
    Instant decided =
        silver.log().committedAt(silver.log().newest().orElseThrow().version()).orElseThrow();
    assertThat(silver.lastDecision()).contains(decided);

    commit(
        silver,
        "{\"commitInfo\":{\"operation\":\"OPTIMIZE\",\"timestamp\":"
            + LATER.toEpochMilli()
            + "}}\n");

    assertThat(silver.log().committedAt(silver.log().newest().orElseThrow().version()))
        .contains(LATER);
    assertThat(silver.lastDecision()).contains(decided);
    assertThat(lake.lake.lastDecision()).contains(decided);
  }

  @Test
  void aCommitThatDoesNotSayItsTimeIsAsOldAsItsFile() throws IOException {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    LedgerTable silver = lake.tables.silver();
    Path file = commit(silver, "{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n");
    Files.setLastModifiedTime(file, FileTime.from(LATER));

    long version = silver.log().newest().orElseThrow().version();
    assertThat(silver.log().committedAt(version)).contains(LATER);
    assertThat(silver.log().committedAt(version + 1)).isEmpty();
  }

  @Test
  void aLakeWithoutTablesHasNoDecision() {
    assertThat(new SmallLake(root.resolve("none")).lake.lastDecision()).isEmpty();
  }
}
