package clicklake.io.examples;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.DeltaTables;
import clicklake.io.lake.SmallLake;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowCountsTest {
  private static final SourcePartition TOPIC = SmallLake.topic(0);

  @TempDir private Path folder;
  private Path root;
  private Path output;
  private SmallLake lake;

  @BeforeEach
  void open() {
    root = folder.resolve("lake");
    output = folder.resolve("rows.txt");
    lake = new SmallLake(root);
  }

  /** A sink as a process has it that starts now: it knows nothing but the file. */
  private RowCounts started() {
    DeltaTables tables = DeltaTables.at(LakeLocation.of(root));
    return new RowCounts(
        tables.log(Feed.EVENTS.silver()), tables.files(Feed.EVENTS.silver()), output);
  }

  private List<String> lines() throws Exception {
    String table = lake.tables.silver().log().newest().orElseThrow().tableId();
    return Files.readAllLines(output).stream()
        .map(line -> line.replace(table + ":", "silver:"))
        .toList();
  }

  @Test
  void everyVersionIsCountedOnceOverRestarts() throws Exception {
    started().refresh();
    assertThat(output).doesNotExist();

    lake.take(TOPIC, 0, "event 1 0 a", "event 2 0 a", "no event");
    started().refresh();
    started().refresh();
    assertThat(lines()).containsExactly("silver:0 0", "silver:1 2");

    lake.take(TOPIC, 3, "event 3 0 a");
    lake.take(TOPIC, 4, "event 4 0 a", "event 3 0 a");
    started().refresh();
    assertThat(lines()).containsExactly("silver:0 0", "silver:1 2", "silver:2 3", "silver:3 4");
  }

  @Test
  void aSinkThatWasKilledAtAnyByteGoesOnWithTheSameLines() throws Exception {
    lake.take(TOPIC, 0, "event 1 0 a");
    lake.take(TOPIC, 1, "event 2 0 a", "event 3 0 a");
    started().refresh();
    String whole = Files.readString(output);

    for (int length = 0; length <= whole.length(); length++) {
      Files.writeString(output, whole.substring(0, length));
      started().refresh();
      assertThat(output).hasContent(whole);
    }
  }

  @Test
  void filesThatAreRearrangedOrRewrittenAreNotCountedTwice() throws Exception {
    lake.take(TOPIC, 0, "event 1 0 a", "event 2 0 a");
    started().refresh();
    SmallLake.optimize(root, EventTables.SILVER_EVENTS);
    SmallLake.drop(lake.tables.silver(), 0, 1, ledger -> ledger);
    started().refresh();

    assertThat(lines()).containsExactly("silver:0 0", "silver:1 2", "silver:2 2", "silver:3 1");
  }
}
