package clicklake.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.serving.ServedTable.ServedColumn;
import clicklake.serving.ServedTables.OfGold;
import clicklake.serving.ServingStore.Progress;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.live.RowVersion;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the daily tables of ClickHouse to what gold says.
 *
 * <p>These tables of gold are small and written whole. A date is written again if one of its rows
 * is another: all its rows, with gold's version, and what it no longer has as deleted. Then the
 * version is noted. A kill between the two has the dates written again, with the same effect.
 */
final class ServeGold implements Served {
  private static final Logger LOG = LoggerFactory.getLogger(ServeGold.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** The last day that ClickHouse's Date holds in all its versions. */
  private static final LocalDate LAST_DAY = LocalDate.of(2105, 12, 31);

  private static final LocalDate FIRST_DAY = LocalDate.EPOCH;

  private final TableStore store;
  private final Map<String, Digests> digests = new HashMap<>();

  /** What was served last of a table, a number for each date. */
  private record Digests(String tableId, long version, Map<LocalDate, Integer> byDate) {}

  /** A table of gold at a version, by date. */
  private record Dates(
      TableState state, long silverVersion, Map<LocalDate, List<List<Object>>> rows) {
    Map<LocalDate, Integer> digests() {
      Map<LocalDate, Integer> numbers = new TreeMap<>();
      rows.forEach((date, all) -> numbers.put(date, Set.copyOf(all).hashCode()));
      return numbers;
    }
  }

  ServeGold(TableStore store) {
    this.store = store;
  }

  @Override
  public List<String> names() {
    return ServedTables.DAILY.stream().map(daily -> daily.table().view()).toList();
  }

  @Override
  public void serve(ServingStore served) {
    for (OfGold daily : ServedTables.DAILY) {
      serve(daily, served);
    }
  }

  private void serve(OfGold daily, ServingStore served) {
    GoldState gold = newest(daily).orElse(null);
    Digests known = digests.get(daily.table().view());
    if (gold == null
        || known != null
            && known.tableId().equals(gold.state().tableId())
            && known.version() >= gold.state().version()) {
      return;
    }
    String view = daily.table().view();
    Progress progress = served.progress(view);
    served.checkLake(view, progress, gold.sources().silverTableId());
    Dates dates = read(daily, gold);
    boolean newer =
        !progress.isOf(gold.state().tableId()) || progress.version() < gold.state().version();
    if (newer) {
      Set<LocalDate> changed = changed(dates, known);
      write(daily, dates, changed, progress, served);
      served.save(
          view,
          new Progress(
              gold.sources().silverTableId(),
              gold.state().tableId(),
              gold.state().version(),
              progress.closedUntil(),
              progress.generation()));
    }
    digests.put(view, new Digests(gold.state().tableId(), gold.state().version(), dates.digests()));
  }

  private record GoldState(TableState state, SourceVersions sources) {}

  private Optional<GoldState> newest(OfGold daily) {
    TableLog log = store.log(daily.source().schema());
    return log.newestWithin(LOOK_EVERY)
        .flatMap(
            state ->
                Optional.ofNullable(SourceVersions.of(daily.source().path(), state.domains()))
                    .map(sources -> new GoldState(state, sources)));
  }

  private static Set<LocalDate> changed(Dates dates, @Nullable Digests known) {
    Map<LocalDate, Integer> now = dates.digests();
    if (known == null || !known.tableId().equals(dates.state().tableId())) {
      return now.keySet();
    }
    Set<LocalDate> changed = new LinkedHashSet<>(now.keySet());
    changed.addAll(known.byDate().keySet());
    changed.removeIf(
        date -> now.containsKey(date) && now.get(date).equals(known.byDate().get(date)));
    return changed;
  }

  private Dates read(OfGold daily, GoldState gold) {
    List<Column> columns =
        daily.columns().stream().map(name -> daily.source().schema().column(name)).toList();
    Map<LocalDate, List<List<Object>>> rows = new TreeMap<>();
    TableReader reader = store.readers().of(daily.source().path());
    long[] passedOver = {0};
    for (var file : store.log(daily.source().schema()).files(gold.state(), null)) {
      reader.read(
          file,
          columns,
          row -> {
            LocalDate date = LocalDate.ofEpochDay(row.intAt(0));
            if (date.isBefore(FIRST_DAY) || date.isAfter(LAST_DAY)) {
              passedOver[0]++;
              return;
            }
            rows.computeIfAbsent(date, day -> new ArrayList<>()).add(values(row, columns));
          });
    }
    if (passedOver[0] > 0) {
      LOG.warn(
          "{} rows of {} are not served: ClickHouse holds dates up to {}",
          passedOver[0],
          daily.source(),
          LAST_DAY);
    }
    return new Dates(gold.state(), gold.sources().silverVersion(), rows);
  }

  private static List<Object> values(TableReader.Row row, List<Column> columns) {
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.isNull(i) ? Optional.empty() : value(row, i, columns.get(i));
    }
    return Arrays.asList(values);
  }

  private static Object value(TableReader.Row row, int i, Column column) {
    return switch (column.type()) {
      case DATE -> LocalDate.ofEpochDay(row.intAt(i));
      case INT -> row.intAt(i);
      case LONG -> row.longAt(i);
      case DOUBLE -> row.doubleAt(i);
      case PRICE -> BigDecimal.valueOf(row.longAt(i), 4);
      case STRING -> new String(row.bytesAt(i), UTF_8);
      case BOOLEAN, BINARY, TIMESTAMP ->
          throw new IllegalStateException("no daily table has a column like " + column);
    };
  }

  private static void write(
      OfGold daily, Dates dates, Set<LocalDate> changed, Progress progress, ServingStore served) {
    if (changed.isEmpty()) {
      return;
    }
    ServedTable table = daily.table();
    Instant now = served.clock().instant();
    long version = RowVersion.ofTable(progress.generation(), dates.state().version());
    List<@Nullable Object> end =
        LiveValues.endOfRow(now, dates.silverVersion(), true, false, version);
    List<@Nullable Object> gone =
        LiveValues.endOfRow(now, dates.silverVersion(), true, true, version);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Set<List<String>> keys = new LinkedHashSet<>();
    for (LocalDate date : changed) {
      for (List<Object> values : dates.rows().getOrDefault(date, List.of())) {
        rows.add(row(table, values, end));
        keys.add(keyTexts(table, values));
      }
    }
    LocalDate first = changed.stream().min(LocalDate::compareTo).orElseThrow();
    LocalDate last = changed.stream().max(LocalDate::compareTo).orElseThrow();
    for (JsonNode shown : served.rows(table, dateText(first), dateText(last))) {
      List<String> key = new ArrayList<>();
      table.keys().forEach(column -> key.add(shown.path("shown_" + column.name()).asText()));
      if (changed.contains(LocalDate.parse(key.get(0))) && !keys.contains(key)) {
        rows.add(row(table, gone(table, key), gone));
      }
    }
    served.insert(table, rows);
  }

  private static String dateText(LocalDate date) {
    return "toDate('" + date + "')";
  }

  private static List<@Nullable Object> row(
      ServedTable table, List<Object> values, List<@Nullable Object> end) {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      boolean known = !(values.get(i) instanceof Optional<?>);
      row.add(known ? values.get(i) : 0);
      if (table.columns().get(i).isNullable()) {
        row.add(known);
      }
    }
    row.addAll(end);
    return row;
  }

  private static List<String> keyTexts(ServedTable table, List<Object> values) {
    List<String> key = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (table.columns().get(i).key()) {
        key.add(values.get(i).toString());
      }
    }
    return key;
  }

  /** A row of a key and nothing else. */
  private static List<Object> gone(ServedTable table, List<String> key) {
    List<Object> values = new ArrayList<>();
    int next = 0;
    for (ServedColumn column : table.columns()) {
      if (!column.key()) {
        values.add(column.type().equals("String") ? "" : 0);
      } else {
        String text = key.get(next++);
        values.add(
            switch (column.type()) {
              case "Date" -> LocalDate.parse(text);
              case "UInt16" -> Integer.parseInt(text);
              default -> text;
            });
      }
    }
    return values;
  }
}
