package clicklake.transforms.gold.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.daily.UserDays;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.InputSplit;
import clicklake.transforms.gold.plan.Part;
import clicklake.transforms.gold.plan.RefreshSpec;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccumulateRowsTest {
  private static final int EVENTS = 60_000;
  private static final int MAX_KEYS = 10_000;
  private static final int ROWS_BETWEEN_LOOKS = 4_096;

  /** One file of silver in which each event is of another user. */
  private static final class OneDay implements TableReader {
    private static final long serialVersionUID = 1L;

    @Override
    public void read(DataFile file, List<Column> columns, Visitor visitor) {
      for (int i = 0; i < EVENTS; i++) {
        visitor.row(new Event(columns, i));
      }
    }
  }

  private record Event(List<Column> columns, int number) implements TableReader.Row {
    @Override
    public boolean isNull(int column) {
      return false;
    }

    @Override
    public int intAt(int column) {
      throw new AssertionError(columns.get(column));
    }

    @Override
    public long longAt(int column) {
      assertThat(columns.get(column).name()).isEqualTo("event_time");
      return LocalDate.of(2026, 5, 1).toEpochDay() * 86_400_000_000L + number;
    }

    @Override
    public double doubleAt(int column) {
      throw new AssertionError(columns.get(column));
    }

    @Override
    public boolean booleanAt(int column) {
      throw new AssertionError(columns.get(column));
    }

    @Override
    public String textAt(int column) {
      assertThat(columns.get(column).name()).isEqualTo("user_id");
      return "user-" + number;
    }

    @Override
    public byte[] bytesAt(int column) {
      return textAt(column).getBytes(UTF_8);
    }
  }

  /** Nothing of this test is append-only. */
  private static final class NoFiles implements PartitionFiles {
    private static final long serialVersionUID = 1L;

    @Override
    public OpenFile open(TableSchema table, LocalDate date) {
      throw new AssertionError(table);
    }
  }

  @Test
  void alsoWithinOneFileNoMoreKeysAreHeldThanFit() {
    String table = UserDays.TABLE.path();
    RefreshSpec spec = new RefreshSpec(Set.of(table), Map.of(), Set.of(), Map.of(), Map.of());
    AccumulateRows rows =
        new AccumulateRows(
            Aggregations.of(Duration.ofMinutes(2)),
            spec,
            path -> new OneDay(),
            new NoFiles(),
            MAX_KEYS);
    DataFile file = new DataFile("event_date=2026-05-01/a.parquet", 1, EVENTS, "2026-05-01", "{}");
    List<Integer> held = new ArrayList<>();
    Set<String> users = new HashSet<>();

    rows.read(
        new InputSplit(EventTables.SILVER_EVENTS.path(), Set.of(table), List.of(file)),
        new PartAccumulators.Output() {
          @Override
          public void rows(Part part, byte[] encoded) {
            RowBatch.read(UserDays.TABLE.schema(), encoded, row -> users.add(row.textAt(0)));
          }

          @Override
          public void accumulators(PartAccumulators accumulators) {
            held.add(accumulators.accumulators().size());
            accumulators.flush(this);
          }
        });

    assertThat(held).allMatch(keys -> keys <= MAX_KEYS + ROWS_BETWEEN_LOOKS).hasSize(5);
    assertThat(users).hasSize(EVENTS);
  }

  @Test
  void theHeapDecidesHowManyKeysAreHeld() {
    assertThat(AccumulateRows.maxKeys(1L << 30, 2)).isEqualTo(167_772);
    assertThat(AccumulateRows.maxKeys(64L << 30, 4)).isEqualTo(400_000);
    assertThat(AccumulateRows.maxKeys(64L << 20, 64)).isEqualTo(10_000);
  }
}
