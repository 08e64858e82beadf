package clicklake.io.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import clicklake.io.lake.DeltaTables;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.lake.SmallLake;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdersTest {
  private static final SourcePartition TOPIC = SmallLake.topic(0);
  private static final long NOON = 1_700_049_600_000L;

  @TempDir private Path root;

  /** A batch of records; null is a hole of the source. */
  private static RawBatch batch(long from, @Nullable String... texts) {
    RawBatch.Builder batch = new RawBatch.Builder(TOPIC, from);
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text != null) {
        batch.add(from + i, NOON, null, "[]", UTF_8.encode(text));
      }
    }
    return batch.build(from + texts.length, RawBatch.Seen.NOTHING);
  }

  /** The rows of a table, by these columns. */
  private List<String> rows(TableSchema table, String... names) {
    DeltaTables tables = DeltaTables.at(LakeLocation.of(root));
    TableLog log = tables.log(table);
    List<Column> columns = Stream.of(names).map(table::column).toList();
    List<String> rows = new ArrayList<>();
    for (DataFile file : log.files(log.newest().orElseThrow(), null)) {
      tables
          .readers()
          .of(table.path())
          .read(
              file,
              columns,
              row -> {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                  values.add(
                      columns.get(i).type() == Column.Type.LONG
                          ? Long.toString(row.longAt(i))
                          : row.textAt(i));
                }
                rows.add(String.join(" ", values));
              });
    }
    return rows.stream().sorted().toList();
  }

  @Test
  void recordsGoThroughTheTablesOfTheirFeedOnce() {
    Orders orders = new Orders(LakeLocation.of(root));
    for (int attempt = 0; attempt < 2; attempt++) {
      orders.land(batch(0, "a 100", "no order", "b 250"));
      orders.refresh(TOPIC);
    }
    orders.land(batch(2, "b 250", null, "c 5"));
    orders.refresh(TOPIC);

    assertThat(rows(Orders.FEED.bronze(), "_offset", "value"))
        .containsExactly("0 a 100", "1 no order", "2 b 250", "4 c 5");
    assertThat(rows(Orders.FEED.silver(), "_offset", "order_id", "amount"))
        .containsExactly("0 a 100", "2 b 250", "4 c 5");
    assertThat(rows(Orders.FEED.quarantine(), "_offset", "value")).containsExactly("1 no order");
    assertThat(orders.lake().coverage().read().covered(TOPIC)).isEqualTo(OffsetRanges.of(0, 5));
  }

  @Test
  void anotherFeedOfTheLakeKnowsNothingOfThem() {
    Orders orders = new Orders(LakeLocation.of(root));
    orders.land(batch(0, "a 100", "no order"));
    SmallLake events = new SmallLake(root);

    assertThat(EventLake.at(LakeLocation.of(root)).counts()).isEqualTo(LakeCounts.NOTHING);
    events.take(TOPIC, 0, "event 1 0 a");

    assertThat(events.audit().balanced()).isTrue();
    assertThat(orders.lake().counts().bronze()).isEqualTo(2);
  }

  @Test
  void whatKnowsTheIdsOfEventsRefusesAnotherFeed() {
    EventLake lake = new Orders(LakeLocation.of(root)).lake();

    assertThatIllegalArgumentException().isThrownBy(lake::silverIds);
    assertThatIllegalArgumentException().isThrownBy(() -> lake.writers("orders-1").openEvents());
  }
}
