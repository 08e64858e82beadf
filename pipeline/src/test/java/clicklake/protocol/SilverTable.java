package clicklake.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.gold.GoldModel;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.delta.LogPaths;
import clicklake.io.parquet.ParquetPartitionFiles;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.storage.LakeStorage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.table.GoldTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A silver table of a test, written file by file, and what gold says of it. */
public final class SilverTable {
  private final Path lake;

  /** An event as far as gold cares. */
  public record Event(String time, String action, String user) {
    private GoldModel.Event whole() {
      return new GoldModel.Event(
          UUID.randomUUID().toString(),
          micros(time),
          user,
          action,
          "x",
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          1,
          1);
    }
  }

  public SilverTable(Path lake) {
    this.lake = lake;
  }

  private TableLog log(TableSchema table) {
    return new KernelTableLog(LakeStorage.of(LakeLocation.of(lake)), lake.toString(), table);
  }

  private static long micros(String time) {
    Instant instant = Instant.parse(time);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  private List<DataFile> write(List<GoldModel.Event> events) {
    Map<LocalDate, List<GoldModel.Event>> byDate = new TreeMap<>();
    for (GoldModel.Event event : events) {
      byDate
          .computeIfAbsent(
              LocalDate.ofEpochDay(Math.floorDiv(event.eventTime(), 86_400_000_000L)),
              date -> new ArrayList<>())
          .add(event);
    }
    List<DataFile> files = new ArrayList<>();
    var writer = new ParquetPartitionFiles(LakeLocation.of(lake), Clock.systemUTC());
    byDate.forEach(
        (date, rows) ->
            files.add(
                writer.write(
                    EventTables.SILVER_EVENTS,
                    date,
                    out -> rows.forEach(event -> out.row(values(event))))));
    return files;
  }

  private static @Nullable Object[] values(GoldModel.Event event) {
    return EventTables.SILVER_EVENTS.columns().stream()
        .map(
            column ->
                switch (column.name()) {
                  case "event_id" -> event.eventId();
                  case "event_time" -> event.eventTime();
                  case "user_id" -> event.userId();
                  case "action" -> event.action();
                  case "page" -> event.page();
                  case "source" -> event.source();
                  case "device_type" -> event.deviceType();
                  case "country" -> event.country();
                  case "session_id" -> event.sessionId();
                  case "product_id" -> event.productId();
                  case "quantity" -> event.quantity();
                  case "price" ->
                      event.price() == null
                          ? null
                          : event.price().setScale(4).unscaledValue().longValueExact();
                  case "currency" -> event.currency();
                  case "_ingested_at" -> event.ingestedAt();
                  case "_processed_at" -> event.processedAt();
                  default ->
                      column.nullable()
                          ? null
                          : switch (column.type()) {
                            case INT, DATE -> 1;
                            case LONG, TIMESTAMP, PRICE -> 1L;
                            default -> "x";
                          };
                })
        .toArray();
  }

  /** Commits events, one file a date. */
  public long add(Event... events) {
    return add(Stream.of(events).map(Event::whole).toList());
  }

  /** Commits events, one file a date. */
  public long add(List<GoldModel.Event> events) {
    TableLog log = log(EventTables.SILVER_EVENTS);
    TableState state = log.create(Map.of());
    return log.commit(state, new Changes("WRITE", write(events), List.of(), Map.of())).version();
  }

  /** Removes all rows of a date. */
  public void remove(String date) {
    TableLog log = log(EventTables.SILVER_EVENTS);
    TableState state = log.newest().orElseThrow();
    log.commit(
        state,
        new Changes(
            "DELETE", List.of(), log.files(state, Set.of(LocalDate.parse(date))), Map.of()));
  }

  /**
   * Commits what another engine's OPTIMIZE does: a copy of each file in its place. Of every second
   * file it tells the number of rows, of the others nothing.
   */
  public void optimize(TableSchema table) throws IOException {
    TableLog log = log(table);
    TableState state = log.newest().orElseThrow();
    StringBuilder commit = new StringBuilder("{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n");
    boolean tells = false;
    for (DataFile file : log.files(state, null)) {
      tells = !tells;
      String copy = file.path().replace(".parquet", "-copy.parquet");
      Path folder = lake.resolve(table.path());
      Files.copy(folder.resolve(file.path()), folder.resolve(copy));
      String partition =
          "\"partitionValues\":{"
              + (file.date() == null
                  ? ""
                  : "\"" + table.partitionColumn() + "\":\"" + file.date() + "\"")
              + "}";
      commit.append(
          "{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":false,\"extendedFileMetadata\":true,%s,\"size\":%d}}\n"
              .formatted(file.path(), partition, file.sizeBytes()));
      commit.append(
          "{\"add\":{\"path\":\"%s\",%s,\"size\":%d,\"modificationTime\":1,\"dataChange\":false%s}}\n"
              .formatted(
                  copy,
                  partition,
                  file.sizeBytes(),
                  tells && file.rows() >= 0
                      ? ",\"stats\":\"{\\\"numRecords\\\":" + file.rows() + "}\""
                      : ""));
    }
    Files.writeString(
        lake.resolve(table.path()).resolve(LogPaths.commit(state.version() + 1)),
        commit.toString(),
        UTF_8);
  }

  /** Deletes the files that the newest version of a table does not name. */
  public void vacuum(TableSchema table) throws IOException {
    TableLog log = log(table);
    Set<String> named = new TreeSet<>();
    log.files(log.newest().orElseThrow(), null).forEach(file -> named.add(file.path()));
    Path folder = lake.resolve(table.path());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        if (!named.contains(folder.relativize(file).toString())) {
          Files.delete(file);
        }
      }
    }
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
    return log(EventTables.SILVER_EVENTS).newest().orElseThrow().tableId();
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
    for (DataFile file : log.files(log.newest().orElseThrow(), null)) {
      new ParquetTableReader(LakeLocation.of(lake), table.path())
          .read(
              file,
              table.columns(),
              row -> {
                boolean events = table.equals(EventsPerMinute.TABLE.schema());
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

  /**
   * All rows of a gold table, sorted: {@code column=value|…} without bytes, with the date that the
   * row is filed under if nothing else in it says that.
   */
  public List<String> rows(GoldTable table) {
    TableSchema schema = table.schema();
    TableLog log = log(schema);
    List<String> rows = new ArrayList<>();
    for (DataFile file : log.files(log.newest().orElseThrow(), null)) {
      new ParquetTableReader(LakeLocation.of(lake), schema.path())
          .read(file, schema.columns(), row -> rows.add(text(schema, row, file)));
    }
    return rows.stream().sorted().toList();
  }

  private static String text(TableSchema schema, TableReader.Row row, DataFile file) {
    StringJoiner text = new StringJoiner("|");
    boolean window = false;
    for (int i = 0; i < schema.columns().size(); i++) {
      Column column = schema.columns().get(i);
      window |= column.name().equals("window_start");
      if (column.type() != Column.Type.BINARY) {
        text.add(column.name() + "=" + (row.isNull(i) ? "null" : text(column, row, i)));
      }
    }
    if (schema.partitionColumn() != null && !window) {
      text.add(schema.partitionColumn() + "=" + file.date());
    }
    return text.toString();
  }

  private static String text(Column column, TableReader.Row row, int index) {
    return switch (column.type()) {
      case STRING, BINARY -> row.textAt(index);
      case INT -> Integer.toString(row.intAt(index));
      case DATE -> LocalDate.ofEpochDay(row.intAt(index)).toString();
      case LONG, TIMESTAMP -> Long.toString(row.longAt(index));
      case PRICE -> BigDecimal.valueOf(row.longAt(index), 4).toPlainString();
      case DOUBLE -> Double.toString(row.doubleAt(index));
      case BOOLEAN -> Boolean.toString(row.booleanAt(index));
    };
  }

  private static String time(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000).toString();
  }
}
