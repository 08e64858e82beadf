package clicklake.serving;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.clickhouse.ClickHouseException;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.schemas.table.LakeException;
import clicklake.serving.ServedTable.ServedColumn;
import clicklake.transforms.live.RowVersion;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The databases of one ClickHouse server: makes the tables, reads and writes how far they follow
 * the lake, inserts rows.
 *
 * <p>What is made is made once and is never dropped: {@code clicklake.migrations} lists what was.
 * {@code clicklake.progress} has a row for everything that is followed.
 */
final class ServingStore {
  private static final String MIGRATIONS = "clicklake.migrations";
  private static final String PROGRESS = "clicklake.progress";
  private static final int ROWS_PER_INSERT = 50_000;

  private final ClickHouseClient client;
  private final Clock clock;

  /**
   * How far ClickHouse follows a table of the lake.
   *
   * @param lake id of silver in its log: another one is another lake
   * @param tableId id of the followed table in its log
   * @param version the version that is served
   * @param closedUntil for tables of minutes: minutes up to here are final; in microseconds
   * @param generation how often all was written again
   */
  record Progress(String lake, String tableId, long version, long closedUntil, int generation) {
    /** Nothing is served yet. */
    static final Progress NONE = new Progress("", "", -1, Long.MIN_VALUE / 2, 0);

    boolean isOf(String id) {
      return tableId.equals(id);
    }

    Progress in(int otherGeneration) {
      return new Progress(lake, tableId, version, closedUntil, otherGeneration);
    }
  }

  ServingStore(ClickHouseSettings settings, Clock clock) {
    this.client = new ClickHouseClient(settings);
    this.clock = clock;
  }

  ClickHouseSettings settings() {
    return client.settings();
  }

  Clock clock() {
    return clock;
  }

  // ---- tables

  /**
   * Makes what is missing, and checks what is there. Any number of jobs may do so at once.
   *
   * @throws ClickHouseException if the server is away or refuses
   * @throws LakeException if there is a table of a name of ours that is not ours
   */
  void prepare() {
    client.version();
    client.execute("creating the database clicklake", "CREATE DATABASE IF NOT EXISTS clicklake");
    client.execute(
        "creating " + MIGRATIONS,
        "CREATE TABLE IF NOT EXISTS "
            + MIGRATIONS
            + " (number UInt32, applied_at DateTime('UTC')) ENGINE = ReplacingMergeTree"
            + " ORDER BY number");
    int applied =
        client
            .query("reading " + MIGRATIONS, "SELECT max(number) AS number FROM " + MIGRATIONS)
            .get(0)
            .path("number")
            .asInt();
    List<List<String>> all = migrations();
    if (applied > all.size()) {
      throw new LakeException(
          "using "
              + client
              + ": its tables are those of a newer Clicklake (migration "
              + applied
              + ", this one knows "
              + all.size()
              + "); use that one, or another server");
    }
    for (int number = applied + 1; number <= all.size(); number++) {
      for (String statement : all.get(number - 1)) {
        client.execute("making the tables that are served", statement);
      }
      client.insert(
          MIGRATIONS, List.of("number", "applied_at"), List.of(List.of(number, clock.instant())));
    }
    check();
  }

  /** Each migration's statements: a released one is never changed, the next is put behind it. */
  private static List<List<String>> migrations() {
    List<String> first = new ArrayList<>();
    first.add("CREATE DATABASE IF NOT EXISTS realtime");
    first.add("CREATE DATABASE IF NOT EXISTS gold");
    for (ServedTable table : ServedTables.ALL) {
      first.add(table.createRows());
      first.add(table.createView());
    }
    first.add(
        "CREATE VIEW IF NOT EXISTS realtime.refused_per_minute AS SELECT window_start, reason,"
            + " sum(refused_count) AS refused_count FROM realtime.refused_files GROUP BY"
            + " window_start, reason");
    first.add(
        "CREATE TABLE IF NOT EXISTS "
            + PROGRESS
            + " (served String, lake String, table_id String, version Int64, closed_until Int64,"
            + " generation UInt8, written_at UInt64) ENGINE = ReplacingMergeTree(written_at) ORDER"
            + " BY served");
    return List.of(first);
  }

  /** A table of ours with other columns is somebody else's, or was changed. */
  private void check() {
    List<String> faults = new ArrayList<>();
    Map<String, Map<String, String>> there = new TreeMap<>();
    client
        .query(
            "reading the tables' columns",
            "SELECT database, table, name, type FROM system.columns WHERE database IN ('realtime',"
                + " 'gold')")
        .forEach(
            column ->
                there
                    .computeIfAbsent(
                        column.path("database").asText() + "." + column.path("table").asText(),
                        table -> new LinkedHashMap<>())
                    .put(column.path("name").asText(), column.path("type").asText()));
    for (ServedTable table : ServedTables.ALL) {
      compare(table.rows(), table.rowColumns(), there, faults);
      compare(table.view(), table.viewColumns(), there, faults);
    }
    if (!faults.isEmpty()) {
      throw new LakeException(
          "using "
              + client
              + ": it has tables of ours with other columns ("
              + String.join("; ", faults)
              + "); rename them, and they are made again: RENAME TABLE a.b TO a.c");
    }
  }

  private static void compare(
      String table,
      List<ServedColumn> wanted,
      Map<String, Map<String, String>> there,
      List<String> faults) {
    Map<String, String> has = there.getOrDefault(table, Map.of());
    for (ServedColumn column : wanted) {
      String type = has.get(column.name());
      if (type == null) {
        faults.add(table + " has no column " + column.name());
      } else if (!type.equals(column.type())) {
        faults.add(table + "." + column.name() + " is of type " + type + ", not " + column.type());
      }
    }
  }

  // ---- progress

  /** How far something is served. */
  Progress progress(String served) {
    List<JsonNode> rows =
        client.query(
            "reading " + PROGRESS,
            "SELECT argMax(lake, written_at) AS l, argMax(table_id, written_at) AS t,"
                + " toString(argMax(version, written_at)) AS v, toString(argMax(closed_until,"
                + " written_at)) AS c, argMax(generation, written_at) AS g FROM "
                + PROGRESS
                + " WHERE served = '"
                + served
                + "' GROUP BY served");
    if (rows.isEmpty()) {
      return Progress.NONE;
    }
    JsonNode row = rows.get(0);
    return new Progress(
        row.path("l").asText(),
        row.path("t").asText(),
        Long.parseLong(row.path("v").asText()),
        Long.parseLong(row.path("c").asText()),
        row.path("g").asInt());
  }

  /** Notes how far something is served, once its rows are there. */
  void save(String served, Progress progress) {
    Instant now = clock.instant();
    client.insert(
        PROGRESS,
        List.of(
            "served", "lake", "table_id", "version", "closed_until", "generation", "written_at"),
        List.of(
            List.of(
                served,
                progress.lake(),
                progress.tableId(),
                progress.version(),
                progress.closedUntil(),
                progress.generation(),
                now.getEpochSecond() * 1_000_000 + now.getNano() / 1000)));
  }

  /**
   * Refuses a server that was filled from another lake.
   *
   * @param lake id of silver
   */
  void checkLake(String served, Progress progress, String lake) {
    if (!progress.lake().isEmpty() && !progress.lake().equals(lake)) {
      throw new LakeException(
          "serving "
              + served
              + ": "
              + client
              + " was filled from another lake, whose silver has the id "
              + progress.lake()
              + "; fill it from this one with «clicklake clickhouse --rebuild», or use another"
              + " server");
    }
  }

  /**
   * Begins a new generation of everything: what is written from now on stands above all that was
   * written before.
   *
   * @return its number
   */
  int beginGeneration(List<String> allServed) {
    int newest =
        allServed.stream().mapToInt(served -> progress(served).generation()).max().orElse(0);
    if (newest >= RowVersion.MAX_GENERATION) {
      throw new LakeException(
          "writing everything again to "
              + client
              + ": that was done "
              + newest
              + " times, which is the limit; drop the databases realtime, gold and clicklake, and"
              + " start again");
    }
    allServed.forEach(served -> save(served, Progress.NONE.in(newest + 1)));
    return newest + 1;
  }

  // ---- rows

  /** Inserts rows: values in the order of {@link ServedTable#rowColumns()}. */
  void insert(ServedTable table, List<List<@Nullable Object>> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_PER_INSERT) {
      client.insert(
          table.rows(),
          table.rowColumnNames(),
          rows.subList(from, Math.min(rows.size(), from + ROWS_PER_INSERT)));
    }
  }

  /**
   * The rows that a table shows in a range of its first key.
   *
   * @param first what the range begins with, as an expression
   * @param last what it ends with
   */
  List<JsonNode> rows(ServedTable table, String first, String last) {
    String time = table.columns().get(0).name();
    String columns =
        table.viewColumns().stream()
            .map(
                column ->
                    column.type().startsWith("DateTime")
                        ? "toUnixTimestamp(" + column.name() + ") AS shown_" + column.name()
                        : "toString(" + column.name() + ") AS shown_" + column.name())
            .collect(Collectors.joining(", "));
    return client.query(
        "reading " + table,
        "SELECT "
            + columns
            + " FROM ("
            + table.select(" WHERE " + time + " >= " + first + " AND " + time + " <= " + last)
            + ")");
  }

  /** Takes out of a table what no row of this generation stands above. */
  void removeOlder(ServedTable table, int generation) {
    String keys = table.keys().stream().map(ServedColumn::name).collect(Collectors.joining(", "));
    long least = RowVersion.ofTable(generation, 0);
    client.execute(
        "removing older rows of " + table,
        "INSERT INTO "
            + table.rows()
            + " ("
            + keys
            + ", deleted, version) SELECT "
            + keys
            + ", 1, toUInt64("
            + least
            + ") FROM "
            + table.rows()
            + " GROUP BY "
            + keys
            + " HAVING max(version) < "
            + least);
  }

  /** How many rows a table shows. */
  long count(ServedTable table) {
    return client
        .query("counting " + table, "SELECT toString(count()) AS n FROM " + table.view())
        .get(0)
        .path("n")
        .asLong();
  }

  @Override
  public String toString() {
    return client.toString();
  }
}
