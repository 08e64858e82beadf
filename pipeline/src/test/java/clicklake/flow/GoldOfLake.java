package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.gold.GoldModel;
import clicklake.schemas.table.Column;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.table.GoldTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Holds a lake's gold tables to what the model makes of its silver table. */
public final class GoldOfLake {
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final int MOST_SHOWN = 20;

  private GoldOfLake() {}

  /** Every table, row by row; estimates are those of few users in a minute. */
  public static void assertIsTheModels(Path lake) throws IOException {
    LakeReader reader = new LakeReader(lake);
    List<GoldModel.Event> events = new ArrayList<>();
    reader.forEachRow("silver/events", row -> events.add(event(row)));
    assertThat(events).isNotEmpty();
    Map<String, List<String>> model = GoldModel.tables(events, LATENESS);
    for (GoldTable table : Aggregations.ALL) {
      List<String> rows = new ArrayList<>();
      reader.forEachRow(table.path(), row -> rows.add(text(table, row)));
      List<String> expected = new ArrayList<>(model.getOrDefault(table.path(), List.of()));
      Collections.sort(rows);
      Collections.sort(expected);
      assertThat(surplus(rows, expected)).as(table.path() + ", not the model's").isEmpty();
      assertThat(surplus(expected, rows)).as(table.path() + ", only the model's").isEmpty();
    }
  }

  /** The first of the rows that {@code others} has fewer of; both are sorted. */
  private static List<String> surplus(List<String> rows, List<String> others) {
    List<String> surplus = new ArrayList<>();
    int other = 0;
    for (String row : rows) {
      while (other < others.size() && others.get(other).compareTo(row) < 0) {
        other++;
      }
      if (other < others.size() && others.get(other).equals(row)) {
        other++;
      } else if (surplus.size() < MOST_SHOWN) {
        surplus.add(row);
      }
    }
    return surplus;
  }

  private static GoldModel.Event event(Map<String, @Nullable Object> row) {
    return new GoldModel.Event(
        text(row, "event_id"),
        micros(row, "event_time"),
        text(row, "user_id"),
        text(row, "action"),
        text(row, "page"),
        (String) row.get("source"),
        (String) row.get("device_type"),
        (String) row.get("country"),
        (String) row.get("session_id"),
        (String) row.get("product_id"),
        (Integer) row.get("quantity"),
        (BigDecimal) row.get("price"),
        (String) row.get("currency"),
        micros(row, "_ingested_at"),
        micros(row, "_processed_at"));
  }

  private static String text(Map<String, @Nullable Object> row, String column) {
    return String.valueOf(row.get(column));
  }

  private static long micros(Map<String, @Nullable Object> row, String column) {
    return micros((Instant) row.get(column));
  }

  /** ChronoUnit would count nanoseconds, of which 64 bits hold 292 years. */
  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
  }

  private static String text(GoldTable table, Map<String, @Nullable Object> row) {
    StringJoiner text = new StringJoiner("|");
    for (Column column : table.schema().columns()) {
      if (column.type() != Column.Type.BINARY) {
        text.add(column.name() + "=" + text(column, row.get(column.name())));
      }
    }
    String partition = table.schema().partitionColumn();
    if (partition != null && !row.containsKey("window_start")) {
      text.add(partition + "=" + row.get(partition));
    }
    return text.toString();
  }

  private static String text(Column column, @Nullable Object value) {
    if (value instanceof Instant time) {
      return Long.toString(micros(time));
    }
    if (column.type() == Column.Type.DATE && value instanceof Integer day) {
      return LocalDate.ofEpochDay(day).toString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.setScale(4).toPlainString();
    }
    return String.valueOf(value);
  }
}
