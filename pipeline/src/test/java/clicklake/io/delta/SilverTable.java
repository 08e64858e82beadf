package clicklake.io.delta;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.delta.TableLog.Changes;
import clicklake.io.delta.TableLog.TableState;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import clicklake.schemas.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A silver table of a test, written file by file, and what gold says of it. */
public final class SilverTable {
  private final Path lake;

  /** An event as far as gold cares. */
  public record Event(String time, String action, String user) {}

  public SilverTable(Path lake) {
    this.lake = lake;
  }

  private TableLog log(TableSchema table) {
    return new KernelTableLog(LakeStorage.of(lake.toString()), lake.toString(), table);
  }

  private static long micros(String time) {
    Instant instant = Instant.parse(time);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private List<DataFile.Content> write(List<Event> events) {
    Map<Long, List<Event>> byDay = new TreeMap<>();
    for (Event event : events) {
      byDay
          .computeIfAbsent(
              Math.floorDiv(micros(event.time()), 86_400_000_000L), day -> new ArrayList<>())
          .add(event);
    }
    List<DataFile.Content> files = new ArrayList<>();
    var writer = new ParquetPartitionFiles(lake.toString(), Clock.systemUTC());
    byDay.forEach(
        (day, rows) ->
            files.add(
                writer.write(
                    Tables.SILVER_EVENTS,
                    day,
                    out -> rows.forEach(event -> out.row(values(event))))));
    return files;
  }

  private static Object[] values(Event event) {
    List<Column> columns = Tables.SILVER_EVENTS.columns();
    Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      Column column = columns.get(i);
      values[i] =
          switch (column.name()) {
            case "event_time" -> micros(event.time());
            case "action" -> event.action();
            case "user_id" -> event.user();
            default ->
                column.nullable()
                    ? null
                    : switch (column.type()) {
                      case INT, DATE -> 1;
                      case LONG, TIMESTAMP, PRICE -> 1L;
                      default -> "x";
                    };
          };
    }
    return values;
  }

  /** Commits events, one file a date. */
  public long add(Event... events) {
    TableLog log = log(Tables.SILVER_EVENTS);
    TableState state = log.create(Map.of());
    return log.commit(state, new Changes("WRITE", write(List.of(events)), List.of(), Map.of()))
        .version();
  }

  /** Removes all rows of a date. */
  public void remove(String date) {
    TableLog log = log(Tables.SILVER_EVENTS);
    TableState state = log.newest().orElseThrow();
    log.commit(
        state,
        new Changes(
            "DELETE", List.of(), log.files(state, Set.of(LocalDate.parse(date))), Map.of()));
  }

  /** Commits what another engine's OPTIMIZE does: a copy of each file in its place. */
  public void optimize(TableSchema table) throws IOException {
    TableLog log = log(table);
    TableState state = log.newest().orElseThrow();
    StringBuilder commit = new StringBuilder("{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n");
    for (DataFile.Content file : log.files(state, null)) {
      String copy = file.path().replace(".parquet", "-copy.parquet");
      Path folder = lake.resolve(table.path());
      Files.copy(folder.resolve(file.path()), folder.resolve(copy));
      String partition = "\"partitionValues\":{\"event_date\":\"" + file.date() + "\"}";
      commit.append(
          "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":false,\"extendedFileMetadata\":true,%s,\"size\":%d}}\n"
              .formatted(file.path(), partition, file.sizeBytes()));
      commit.append(
          "{\"add\":{\"path\":\"%s\",%s,\"size\":%d,\"modificationTime\":1,\"dataChange\":false,\"stats\":\"{\\\"numRecords\\\":%d}\"}}\n"
              .formatted(copy, partition, file.sizeBytes(), file.rows()));
    }
    Files.writeString(
        lake.resolve(table.path()).resolve(LogPaths.commit(state.version() + 1)),
        commit.toString(),
        UTF_8);
  }

  /** The newest version of a table; -1 if there is none. */
  public long version(TableSchema table) {
    return log(table).newest().map(TableState::version).orElse(-1L);
  }

  /** Domain {@code clicklake.gold} of a table. */
  public String mark(TableSchema table) {
    return log(table).newest().orElseThrow().domains().get("clicklake.gold");
  }

  /** Id of the silver table. */
  public String id() {
    return log(Tables.SILVER_EVENTS).newest().orElseThrow().tableId();
  }

  /** Files of a table's date. */
  public Set<String> files(TableSchema table, String date) {
    TableLog log = log(table);
    Set<String> paths = new TreeSet<>();
    log.files(log.newest().orElseThrow(), Set.of(LocalDate.parse(date)))
        .forEach(file -> paths.add(file.path()));
    return paths;
  }

  /** Rows of gold: {@code start..end what number}, sorted. */
  public List<String> rows(TableSchema table) {
    TableLog log = log(table);
    List<String> rows = new ArrayList<>();
    for (DataFile.Content file : log.files(log.newest().orElseThrow(), null)) {
      new LakeTableRows(lake.toString(), table.path())
          .read(
              file,
              table.columns(),
              row -> {
                boolean events = table.equals(Tables.EVENTS_PER_MINUTE);
                rows.add(
                    time(row.longAt(0))
                        + ".."
                        + time(row.longAt(1))
                        + " "
                        + (events
                            ? row.textAt(2) + " " + row.longAt(3)
                            : "users " + row.longAt(2)));
              });
    }
    return rows.stream().sorted().toList();
  }

  private static String time(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000).toString();
  }
}
