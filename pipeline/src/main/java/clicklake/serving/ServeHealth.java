package clicklake.serving;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.FileBounds;
import clicklake.schemas.table.TableChanges;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import clicklake.serving.ServingStore.Progress;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.RowVersion;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes how the lake is: what was refused and why, how long records take from arrival to a commit,
 * and the totals of the ledgers.
 *
 * <p>Lag of a stage: from the latest arrival in its newest commit to that commit. So it is a time
 * that a record took, and does not grow while nothing comes.
 */
final class ServeHealth implements Served {
  private static final String NAME = "realtime.refused_files";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final TableSchema QUARANTINE = EventTables.QUARANTINE_EVENTS;
  private static final List<Column> REFUSAL =
      List.of(QUARANTINE.column("_ingested_at"), QUARANTINE.column("reason"));
  private static final int REMEMBERED_ARRIVALS = 1_000;

  private final EventLake lake;
  private final TableStore store;
  private final List<GoldTable> live;
  private final List<GoldTable> gold;

  /** The latest arrival that silver had, by its version. */
  private final NavigableMap<Long, Long> arrivals = new TreeMap<>();

  private @Nullable Progress known;

  /**
   * @param live tables of the stage «live»
   * @param gold tables of the stage «gold»
   */
  ServeHealth(EventLake lake, TableStore store, List<GoldTable> live, List<GoldTable> gold) {
    this.lake = lake;
    this.store = store;
    this.live = live;
    this.gold = gold;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public void forget() {
    known = null;
  }

  @Override
  public void serve(ServingStore served) {
    serveRefusals(served);
    serveSamples(served);
  }

  // ---- refusals

  private void serveRefusals(ServingStore served) {
    TableLog log = store.log(QUARANTINE);
    Optional<TableState> newest = log.newestWithin(LOOK_EVERY);
    if (newest.isEmpty()) {
      return;
    }
    TableState state = newest.get();
    Progress before = known == null ? served.progress(NAME) : known;
    if (before.isOf(state.tableId()) && before.version() >= state.version()) {
      known = before;
      return;
    }
    Optional<TableChanges<DataFile>> changes =
        before.isOf(state.tableId())
            ? TableChanges.betweenUnlessRearranged(
                log, before.version(), state.version(), DataFile::withoutStats)
            : Optional.empty();
    if (changes.isPresent()) {
      write(changes.get().added().values(), changes.get().removed(), before, served);
    } else {
      List<DataFile> all = log.files(state, null);
      Set<String> paths = new HashSet<>();
      all.forEach(file -> paths.add(file.path()));
      Set<String> gone = new HashSet<>();
      shown(served).forEach(row -> gone.add(row.path("shown_file").asText()));
      gone.removeAll(paths);
      write(all, gone, before, served);
    }
    Progress after =
        new Progress(
            before.lake(),
            state.tableId(),
            state.version(),
            before.closedUntil(),
            before.generation());
    served.save(NAME, after);
    known = after;
  }

  private static List<JsonNode> shown(ServingStore served) {
    return served.rows(ServedTables.REFUSED, "toDateTime(0)", "toDateTime(4294967295)");
  }

  private void write(
      Iterable<DataFile> files, Set<String> gone, Progress before, ServingStore served) {
    TableReader reader = store.readers().of(QUARANTINE.path());
    Instant now = served.clock().instant();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (DataFile file : files) {
      Map<Refusals, Long> counts = new TreeMap<>();
      reader.read(
          file,
          REFUSAL,
          row -> {
            long micros = row.longAt(0);
            long minute = micros - Math.floorMod(micros, SilverEvent.MICROS_OF_MINUTE);
            if (LiveValues.fits(minute)) {
              counts.merge(new Refusals(minute, row.textAt(1)), 1L, Long::sum);
            }
          });
      counts.forEach(
          (refusals, count) ->
              rows.add(
                  row(
                      Instant.ofEpochSecond(refusals.minute() / 1_000_000),
                      refusals.reason(),
                      file.path(),
                      count,
                      LiveValues.endOfRow(now, -1, true, false, version(before)))));
    }
    if (!gone.isEmpty()) {
      for (JsonNode row : shown(served)) {
        if (gone.contains(row.path("shown_file").asText())) {
          rows.add(
              row(
                  Instant.ofEpochSecond(row.path("shown_window_start").asLong()),
                  row.path("shown_reason").asText(),
                  row.path("shown_file").asText(),
                  0,
                  LiveValues.endOfRow(now, -1, true, true, version(before) + 1)));
        }
      }
    }
    served.insert(ServedTables.REFUSED, rows);
  }

  /** A file's counts never change, so they need one version, and a file that is gone another. */
  private static long version(Progress progress) {
    return RowVersion.ofTable(progress.generation(), 0);
  }

  private static List<@Nullable Object> row(
      Instant minute, String reason, String file, long count, List<@Nullable Object> end) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(minute);
    row.add(reason);
    row.add(file);
    row.add(count);
    row.addAll(end);
    return row;
  }

  private record Refusals(long minute, String reason) implements Comparable<Refusals> {
    @Override
    public int compareTo(Refusals other) {
      int order = Long.compare(minute, other.minute);
      return order == 0 ? reason.compareTo(other.reason) : order;
    }
  }

  // ---- samples

  private void serveSamples(ServingStore served) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Instant now = served.clock().instant();
    lag(EventTables.BRONZE_EVENTS)
        .ifPresent(lag -> sample(rows, now, "lag_seconds", "bronze", lag));
    lag(EventTables.SILVER_EVENTS)
        .ifPresent(lag -> sample(rows, now, "lag_seconds", "silver", lag));
    lagOfGold(live).ifPresent(lag -> sample(rows, now, "lag_seconds", "live", lag));
    lagOfGold(gold).ifPresent(lag -> sample(rows, now, "lag_seconds", "gold", lag));
    LakeCounts counts = lake.counts();
    sample(rows, now, "records_total", "bronze", counts.bronze());
    sample(rows, now, "events_total", "silver", counts.silver());
    sample(rows, now, "refused_total", "quarantine", counts.rejects());
    sample(rows, now, "duplicates_total", "silver", counts.duplicates());
    sample(rows, now, "conflicts_total", "silver", counts.conflicts());
    sample(rows, now, "undecided_total", "silver", counts.bronze() - counts.decided());
    served.insert(ServedTables.SAMPLES, rows);
  }

  private static void sample(
      List<List<@Nullable Object>> rows, Instant now, String measure, String stage, double value) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(now);
    row.add(measure);
    row.add(stage);
    row.add(value);
    row.addAll(LiveValues.endOfRow(now, -1, true, false, now.toEpochMilli()));
    rows.add(row);
  }

  /** Of the newest commit that added rows, in seconds. */
  private Optional<Double> lag(TableSchema table) {
    TableLog log = store.log(table);
    Optional<TableState> newest = log.newestWithin(LOOK_EVERY);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    long version = newest.get().version();
    long[] latest = {Long.MIN_VALUE};
    log.showCommits(
        version - 1,
        version,
        commit -> {
          commit.adds().forEach(file -> latest[0] = Math.max(latest[0], arrivalMillis(file)));
          return true;
        });
    if (latest[0] == Long.MIN_VALUE) {
      return Optional.empty();
    }
    if (table.equals(EventTables.SILVER_EVENTS)) {
      arrivals.put(version, latest[0]);
      if (arrivals.size() > REMEMBERED_ARRIVALS) {
        arrivals.pollFirstEntry();
      }
    }
    return log.committedAt(version).map(at -> (at.toEpochMilli() - latest[0]) / 1000.0);
  }

  private static long arrivalMillis(DataFile file) {
    JsonNode latest = FileBounds.of(file).upper().path("_ingested_at");
    try {
      return latest.isTextual()
          ? OffsetDateTime.parse(latest.asText()).toInstant().toEpochMilli()
          : Long.MIN_VALUE;
    } catch (DateTimeException | ArithmeticException e) {
      return Long.MIN_VALUE;
    }
  }

  /** Of the table that is furthest behind; nothing if its version of silver was not seen. */
  private Optional<Double> lagOfGold(List<GoldTable> tables) {
    Double most = null;
    for (GoldTable table : tables) {
      TableLog log = store.log(table.schema());
      TableState state = log.known().orElse(null);
      SourceVersions sources =
          state == null ? null : SourceVersions.of(table.path(), state.domains());
      Long arrival = sources == null ? null : arrivals.get(sources.silverVersion());
      Optional<Instant> at =
          arrival == null || state == null ? Optional.empty() : log.committedAt(state.version());
      if (arrival == null || at.isEmpty()) {
        return Optional.empty();
      }
      double lag = (at.get().toEpochMilli() - arrival) / 1000.0;
      most = most == null ? lag : Math.max(most, lag);
    }
    return Optional.ofNullable(most);
  }
}
