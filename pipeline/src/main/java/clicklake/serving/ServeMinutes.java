package clicklake.serving;

import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.TableChanges;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TimeSpans.Span;
import clicklake.serving.ServingStore.Progress;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.LiveFiles;
import clicklake.transforms.live.LiveRow;
import clicklake.transforms.live.LiveSettings;
import clicklake.transforms.live.LiveTable;
import clicklake.transforms.live.LiveTable.LiveFigure;
import clicklake.transforms.live.MinuteFigures;
import clicklake.transforms.live.SilverMinutes;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of closed minutes as silver has them: final.
 *
 * <p>A minute is written when it closes, and again when silver has more of it. What is to be
 * written is what ClickHouse shows otherwise: the minutes that changed since the version noted
 * there, and those that have closed since. Nothing is kept but a note of what was counted last.
 */
final class ServeMinutes implements Served {
  private static final Logger LOG = LoggerFactory.getLogger(ServeMinutes.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final long MINUTE = SilverEvent.MICROS_OF_MINUTE;
  private static final long HOUR = 60 * MINUTE;
  private static final int HOURS_AT_ONCE = 6;
  private static final long SESSION = (LiveTable.SESSION_MINUTES - 1) * MINUTE;
  private static final String NAME = "realtime.minutes";

  private final TableStore store;
  private final LiveSettings settings;
  private boolean toldOfUnfit;

  /** The minutes of the live tables' files, as far as this process has seen them: by path. */
  private final Map<String, Span> spans = new HashMap<>();

  /** What was estimated last, so that sketches that did not change are not added up again. */
  private final Estimates estimates = new Estimates();

  /** How far this process knows ClickHouse to be, table by table; null until it has asked. */
  private @Nullable Map<String, Progress> known;

  ServeMinutes(TableStore store, LiveSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  @Override
  public List<String> names() {
    return LiveFiles.TABLES.stream().map(ServeMinutes::name).toList();
  }

  private static String name(GoldTable table) {
    return NAME + "/" + table.path();
  }

  /** A live table now, and how far it is served. */
  private record Live(GoldTable table, TableState state, SourceVersions sources, Progress before) {}

  @Override
  public void serve(ServingStore served) {
    List<Live> tables = new ArrayList<>();
    for (GoldTable table : LiveFiles.TABLES) {
      Optional<TableState> state = store.log(table.schema()).newestWithin(LOOK_EVERY);
      SourceVersions sources =
          state.map(newest -> SourceVersions.of(table.path(), newest.domains())).orElse(null);
      if (state.isEmpty() || sources == null) {
        return;
      }
      Progress before = progress(table, served);
      served.checkLake(NAME, before, sources.silverTableId());
      tables.add(new Live(table, state.get(), sources, before));
    }
    long closedUntil = settings.closedUntil();
    TreeSet<Long> hours = hoursToWrite(tables, closedUntil);
    if (!hours.isEmpty()) {
      LiveFiles files =
          LiveFiles.of(store, new Span(hours.first() - SESSION, hours.last() + HOUR - 1));
      for (Span range : ranges(hours)) {
        write(new Span(range.from(), Math.min(range.to(), closedUntil)), files, tables, served);
      }
    }
    if (!hours.isEmpty() || tables.stream().anyMatch(live -> isNewer(live))) {
      Map<String, Progress> now = new HashMap<>();
      for (Live live : tables) {
        Progress after =
            new Progress(
                live.sources().silverTableId(),
                live.state().tableId(),
                live.state().version(),
                closedUntil,
                live.before().generation());
        served.save(name(live.table()), after);
        now.put(live.table().path(), after);
      }
      known = now;
    }
  }

  private static boolean isNewer(Live live) {
    return !live.before().isOf(live.state().tableId())
        || live.before().version() < live.state().version();
  }

  private Progress progress(GoldTable table, ServingStore served) {
    Map<String, Progress> asked = known;
    return asked != null && asked.containsKey(table.path())
        ? asked.get(table.path())
        : served.progress(name(table));
  }

  /** Begins anew from what ClickHouse says. */
  @Override
  public void forget() {
    known = null;
  }

  /** Starts of the hours with minutes to write. */
  private TreeSet<Long> hoursToWrite(List<Live> tables, long closedUntil) {
    TreeSet<Long> hours = new TreeSet<>();
    for (Live live : tables) {
      TableLog log = store.log(live.table().schema());
      Optional<TableChanges<Span>> changes =
          live.before().isOf(live.state().tableId())
              ? TableChanges.betweenUnlessRearranged(
                  log,
                  live.before().version(),
                  live.state().version(),
                  file -> LiveFiles.rows(live.table(), file))
              : Optional.empty();
      // Sessions of the half hour after a minute change with it.
      if (changes.isPresent()) {
        changes.get().removed().forEach(path -> addRemoved(hours, path, closedUntil));
        changes.get().added().forEach((path, span) -> addFile(hours, path, span, closedUntil));
      } else {
        spans.clear();
        log.showFiles(
            live.state(),
            null,
            file -> addFile(hours, file.path(), LiveFiles.rows(live.table(), file), closedUntil));
      }
      long closedSince = live.before().closedUntil();
      if (closedSince >= 0
          && Math.floorDiv(closedSince, MINUTE) < Math.floorDiv(closedUntil, MINUTE)) {
        addHours(hours, new Span(closedSince, closedUntil), closedUntil);
      }
    }
    return hours;
  }

  private void addHours(TreeSet<Long> hours, Span span, long closedUntil) {
    if (span.from() < 0 || span.to() > LiveValues.LAST_MICROS) {
      tellOfUnfit();
    }
    long from = Math.max(0, span.from());
    long to = Math.min(Math.min(span.to() + SESSION, closedUntil), LiveValues.LAST_MICROS - MINUTE);
    for (long hour = from - Math.floorMod(from, HOUR); hour <= to; hour += HOUR) {
      hours.add(hour);
    }
  }

  private void addFile(TreeSet<Long> hours, String path, Span span, long closedUntil) {
    spans.put(path, span);
    addHours(hours, span, closedUntil);
  }

  /** A file that left: of one that came before this process did, all of its date is looked at. */
  private void addRemoved(TreeSet<Long> hours, String path, long closedUntil) {
    Span seen = spans.remove(path);
    if (seen != null) {
      addHours(hours, seen, closedUntil);
      return;
    }
    int at = path.indexOf("event_date=");
    if (at >= 0) {
      LocalDate date = LocalDate.parse(path.substring(at + 11, path.indexOf('/', at)));
      long start = date.toEpochDay() * SilverEvent.MICROS_OF_DAY;
      addHours(hours, new Span(start, start + SilverEvent.MICROS_OF_DAY - 1), closedUntil);
    }
  }

  private void tellOfUnfit() {
    if (!toldOfUnfit) {
      toldOfUnfit = true;
      LOG.warn("minutes from 2106 on are not served: ClickHouse's DateTime ends there");
    }
  }

  /** Neighbouring hours together, but few enough for their users to fit the heap. */
  private static List<Span> ranges(TreeSet<Long> hours) {
    List<Span> ranges = new ArrayList<>();
    for (long hour : hours) {
      Span last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null
          && last.to() + 1 == hour
          && hour + HOUR - last.from() <= HOURS_AT_ONCE * HOUR) {
        ranges.set(ranges.size() - 1, new Span(last.from(), hour + HOUR - 1));
      } else {
        ranges.add(new Span(hour, hour + HOUR - 1));
      }
    }
    return ranges;
  }

  private void write(Span range, LiveFiles files, List<Live> tables, ServingStore served) {
    if (range.to() < range.from()) {
      return;
    }
    SilverMinutes minutes = files.minutes(new Span(range.from() - SESSION, range.to()));
    int generation = tables.get(0).before().generation();
    // What is written for the first time, or again, stands above all that is there: no need to
    // look.
    boolean everything = tables.stream().noneMatch(live -> live.before().version() >= 0);
    long silver = Math.max(0, minutes.silverVersion());
    Map<LiveTable, Map<String, LiveRow>> wanted = rows(minutes, range, generation, silver);
    wanted.forEach(
        (table, rows) -> {
          if (!everything) {
            compare(table, rows, range, generation, silver, served);
          }
          List<List<@Nullable Object>> values = new ArrayList<>();
          rows.values().forEach(row -> values.add(LiveValues.of(row, served.clock())));
          served.insert(ServedTables.LIVE.get(table), values);
        });
  }

  private Map<LiveTable, Map<String, LiveRow>> rows(
      SilverMinutes minutes, Span range, int generation, long silver) {
    Map<LiveTable, Map<String, LiveRow>> rows = new TreeMap<>();
    for (LiveTable table : LiveTable.values()) {
      rows.put(table, new LinkedHashMap<>());
    }
    NavigableMap<Long, MinuteFigures> inRange =
        minutes.all().subMap(range.from(), true, range.to(), true);
    inRange.forEach(
        (start, minute) -> {
          LiveTable.counts(minute, figure -> add(rows, figure, start, generation, silver));
          add(rows, estimates.users(minutes, start), start, generation, silver);
        });
    // Sessions are open in minutes without events, too.
    for (long start = range.from(); start <= range.to(); start += MINUTE) {
      LiveFigure sessions = estimates.sessions(minutes, start);
      if (sessions.figure() > 0) {
        add(rows, sessions, start, generation, silver);
      }
    }
    return rows;
  }

  private static void add(
      Map<LiveTable, Map<String, LiveRow>> rows,
      LiveFigure figure,
      long minute,
      int generation,
      long silver) {
    LiveRow row = LiveRow.ofFinal(figure, minute, generation, silver);
    rows.get(figure.table()).put(key(minute, figure.key()), row);
  }

  private static String key(long minute, String key) {
    return minute / 1_000_000 + "/" + key;
  }

  /**
   * Drops rows that ClickHouse shows already, as final, and adds what it shows and silver lacks, as
   * zero.
   */
  private static void compare(
      LiveTable table,
      Map<String, LiveRow> wanted,
      Span range,
      int generation,
      long silver,
      ServingStore served) {
    ServedTable target = ServedTables.LIVE.get(table);
    String figure = "shown_" + target.columns().get(table.key().isEmpty() ? 2 : 3).name();
    for (JsonNode shown :
        served.rows(
            target,
            "toDateTime(" + range.from() / 1_000_000 + ")",
            "toDateTime(" + range.to() / 1_000_000 + ")")) {
      long second = shown.path("shown_window_start").asLong();
      String key = table.key().isEmpty() ? "" : shown.path("shown_" + table.key()).asText();
      LiveRow row = wanted.get(second + "/" + key);
      if (row == null) {
        wanted.put(
            second + "/" + key,
            LiveRow.ofFinal(
                new LiveFigure(table, key, 0, 0), second * 1_000_000, generation, silver));
      } else if (shown.path("shown_is_final").asInt() == 1
          && shown.path(figure).asLong() == row.figure().figure()
          && (shown.path("shown_silver_version").asLong() >= silver
              || shown.path("shown_too_late").asLong(row.figure().late()) == row.figure().late())) {
        wanted.remove(second + "/" + key);
      }
    }
  }
}
