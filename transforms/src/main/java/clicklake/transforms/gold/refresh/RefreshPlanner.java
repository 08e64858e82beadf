package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import clicklake.schemas.table.TimeSpans;
import clicklake.transforms.gold.refresh.RefreshPlan.TableChange;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTable.Grain;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Plans a refresh: what each gold table needs.
 *
 * <p>A table names the version of silver that its rows were computed from. If silver only gained
 * files since, the refresh is incremental: it reads the new files, and those files of the table
 * that may hold rows which the new events change. Affected files are found by their minimum and
 * maximum times, or by their date.
 *
 * <ul>
 *   <li>A date is recomputed from all its files if silver lost rows of it, or if one of its new
 *       files is gone. A table that cannot be recomputed by date is recomputed as a whole.
 *   <li>A table is recomputed if it is new, was changed by another writer, was written under other
 *       rules, or names a version that silver's log no longer reaches.
 * </ul>
 */
public final class RefreshPlanner {
  /** Files of so many bytes are read together: one row of a key, not one for each file. */
  private static final long INPUT_BYTES = 32L << 20;

  /**
   * With more new files than these everything is recomputed, from the files that silver has now:
   * where files are compacted, these are fewer.
   */
  private static final int MOST_NEW_FILES = 300_000;

  /** With fewer new files than these, the size of the whole table is not looked up. */
  private static final int FILES_WORTH_A_LOOK = 5_000;

  /** Rows that one part of a table holds in memory while it is written, more or less. */
  private static final long ROWS_OF_PART = 400_000;

  /** Fewer where a part is no file: small ones cost nothing, and sessions are large rows. */
  private static final long ROWS_OF_UNWRITTEN_PART = 50_000;

  private static final int MOST_BUCKETS = 256;

  /** New events of so few dates, as a stream has them, are written to one file an hour. */
  private static final int DATES_BY_HOUR = 4;

  /** With so many rows a day, on average, there is one file an hour even for many dates. */
  private static final long ROWS_BY_HOUR = 50_000;

  /** A guess of how many new events bring one new key. */
  private static final long EVENTS_OF_KEY = 10;

  /** A guess, where statistics do not say. */
  private static final long BYTES_OF_ROW = 20;

  private final Function<TableSchema, TableLog> logs;
  private final Predicate<String> exists;
  private final TableState silver;
  private final String rules;
  private final Map<String, Boolean> known = new HashMap<>();
  private final Map<DataFile, Set<String>> feeds = new LinkedHashMap<>();
  private final List<InputSplit> takenOver = new ArrayList<>();
  private final Map<String, TableChange> changes = new HashMap<>();
  private final Map<String, Set<Long>> days = new HashMap<>();
  private final Map<String, Long> rows = new HashMap<>();
  private final Map<String, Set<String>> dates = new HashMap<>();
  private final Map<String, List<DataFile>> kept = new HashMap<>();
  private final Map<Long, Optional<News>> newsBySince = new HashMap<>();
  private @Nullable List<DataFile> silverFiles;
  private long mostBytesOfNewFiles = -1;

  /**
   * @param logs the tables' logs
   * @param exists whether a file of silver is there, by its path below silver
   * @param silver the version of silver that tables shall say
   * @param rules the settings that rows depend on
   */
  public RefreshPlanner(
      Function<TableSchema, TableLog> logs,
      Predicate<String> exists,
      TableState silver,
      String rules) {
    this.logs = logs;
    this.exists = exists;
    this.silver = silver;
    this.rules = rules;
  }

  /** A table as it is. */
  private record Found(
      GoldTable table,
      @Nullable TableState state,
      @Nullable SourceVersions sourceVersions,
      boolean usable) {

    /** The version of silver that it was computed from; -1 if it must be recomputed. */
    long since() {
      return usable && sourceVersions != null ? sourceVersions.silverVersion() : -1;
    }
  }

  /** What changed in silver since a version: new files, and dates that must be recomputed. */
  private record News(List<Added> added, Set<LocalDate> rebuilt) {
    Set<LocalDate> dates() {
      Set<LocalDate> all = new HashSet<>(rebuilt);
      added.forEach(one -> all.add(date(one.file())));
      return all;
    }
  }

  /** A new file of silver, and the time range of its events. */
  private record Added(DataFile file, TimeSpans.Span events) {}

  /** Plans for all tables; sources come before the tables that are derived from them. */
  public RefreshPlan plan(List<GoldTable> tables) {
    for (GoldTable table : tables) {
      if (table.source() == null) {
        List<Found> family = new ArrayList<>();
        family.add(find(table));
        for (GoldTable other : tables) {
          if (table.path().equals(other.source())) {
            family.add(find(other));
          }
        }
        planFamily(family);
      }
    }
    return planned();
  }

  /** Plans a full recompute, as if the tables were not there. */
  public RefreshPlan planRecompute(List<GoldTable> tables) {
    tables.forEach(table -> computeAll(new Found(table, null, null, false)));
    // What others are derived from is computed, and written only if it was asked for.
    for (GoldTable table : tables) {
      if (table.source() != null && !changes.containsKey(table.source())) {
        GoldTable source = Aggregations.table(table.source());
        silverFiles().forEach(file -> feed(file, source));
      }
    }
    return planned();
  }

  private RefreshPlan planned() {
    Map<String, Integer> buckets = new HashMap<>();
    rows.forEach(
        (table, number) ->
            buckets.put(table, (int) Math.min(MOST_BUCKETS, 1 + number / rowsOfPart(table))));
    return new RefreshPlan(
        silver.tableId(),
        silver.version(),
        rules,
        changes,
        inputs(),
        new RefreshSpec(changes.keySet(), buckets, wholeDays(), days, kept));
  }

  /**
   * Parts of a table with a file an hour are files; its buckets are those of what it is made of.
   */
  private static long rowsOfPart(String table) {
    return Aggregations.table(table).grain() == Grain.HOURS ? ROWS_OF_UNWRITTEN_PART : ROWS_OF_PART;
  }

  /** The tables with few rows a day, for many days. */
  private Set<String> wholeDays() {
    Set<String> tables = new HashSet<>();
    dates.forEach(
        (table, all) -> {
          if (all.size() > DATES_BY_HOUR
              && rows.getOrDefault(table, 0L) / all.size() < ROWS_BY_HOUR) {
            tables.add(table);
          }
        });
    return tables;
  }

  private Found find(GoldTable table) {
    TableLog log = logs.apply(table.schema());
    TableState state = log.newest().orElse(null);
    if (state == null) {
      return new Found(table, null, null, false);
    }
    SourceVersions sourceVersions = SourceVersions.of(table.path(), state.domains());
    boolean usable =
        sourceVersions != null
            && sourceVersions.silverTableId().equals(silver.tableId())
            && sourceVersions.silverVersion() <= silver.version()
            && sourceVersions.rules().equals(rules)
            && !changedByOthers(log, sourceVersions.version(), state.version());
    return new Found(table, state, sourceVersions, usable);
  }

  /** Whether a gold table's rows were changed by a commit without a mark, or may have been. */
  public static boolean changedByOthers(TableLog log, long since, long until) {
    boolean[] changed = {false};
    boolean told =
        log.showCommits(
            since,
            until,
            commit -> {
              changed[0] =
                  commit.changesData() && !commit.domains().contains(SourceVersions.DOMAIN);
              return !changed[0];
            });
    return changed[0] || !told;
  }

  /** Plans for a table and those that are derived from it. */
  private void planFamily(List<Found> family) {
    Found source = family.get(0);
    long since = family.stream().mapToLong(Found::since).min().orElseThrow();
    if (since == silver.version()) {
      return;
    }
    Optional<News> came =
        since < 0 || source.since() > silver.version() ? Optional.empty() : newsSince(since);
    boolean derivedAhead = family.stream().anyMatch(found -> found.since() > source.since());
    boolean byDate = family.size() == 1 && source.table().recomputableByDate();
    if (came.isEmpty() || derivedAhead || !came.get().rebuilt().isEmpty() && !byDate) {
      family.forEach(this::computeAll);
      return;
    }
    boolean incremental = source.table().appendOnly() && source.since() == since;
    for (Found found : family) {
      // Also a source that is up to date is read, if others are still to be derived from it.
      mergeExistingRows(found, came.get(), incremental);
      if (found.since() < silver.version()) {
        addNews(
            found, found.since() == since ? came.get() : newsSince(found.since()).orElseThrow());
      }
    }
  }

  private Optional<News> newsSince(long since) {
    // Most tables say the same version, and the log may be long.
    return newsBySince.computeIfAbsent(since, this::readNews);
  }

  private Optional<News> readNews(long since) {
    List<Added> added = new ArrayList<>();
    Set<LocalDate> rebuilt = new HashSet<>();
    boolean[] clear = {true};
    long[] bytes = {0};
    boolean told =
        logs.apply(EventTables.SILVER_EVENTS)
            .showCommits(
                since,
                silver.version(),
                commit -> {
                  for (String path : commit.removes()) {
                    LocalDate date = dateOf(path);
                    if (date == null) {
                      clear[0] = false;
                    } else {
                      rebuilt.add(date);
                    }
                  }
                  for (DataFile file : commit.adds()) {
                    added.add(new Added(toRead(file), TimeSpans.ofEvents(file)));
                    bytes[0] += file.sizeBytes();
                  }
                  clear[0] &=
                      added.size() <= MOST_NEW_FILES
                          && (added.size() <= FILES_WORTH_A_LOOK
                              || bytes[0] <= mostBytesOfNewFiles());
                  return clear[0];
                });
    if (!told || !clear[0]) {
      return Optional.empty();
    }
    for (Added one : added) {
      if (!rebuilt.contains(date(one.file())) && !exists(one.file())) {
        rebuilt.add(date(one.file()));
      }
    }
    added.removeIf(one -> rebuilt.contains(date(one.file())));
    return Optional.of(new News(added, rebuilt));
  }

  /** More bytes than these in new files were compacted since: a full recompute reads less. */
  private long mostBytesOfNewFiles() {
    if (mostBytesOfNewFiles < 0) {
      mostBytesOfNewFiles =
          INPUT_BYTES + 2 * silverFiles().stream().mapToLong(DataFile::sizeBytes).sum();
    }
    return mostBytesOfNewFiles;
  }

  private boolean exists(DataFile file) {
    return known.computeIfAbsent(file.path(), exists::test);
  }

  public static LocalDate date(DataFile file) {
    if (file.date() == null) {
      throw new CorruptTableException(
          EventTables.SILVER_EVENTS
              + ": "
              + file.path()
              + " has no event_date, so Clicklake did not write it; undo the commit that added it");
    }
    return LocalDate.parse(file.date());
  }

  /** The date in a file's path; null if its writer names folders in another way. */
  private static @Nullable LocalDate dateOf(String path) {
    String folder = EventTables.SILVER_EVENTS.partitionColumn() + "=";
    int slash = path.indexOf('/');
    if (!path.startsWith(folder) || slash < 0) {
      return null;
    }
    try {
      return LocalDate.parse(path.substring(folder.length(), slash));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private List<DataFile> silverFiles() {
    List<DataFile> files = silverFiles;
    if (files == null) {
      List<DataFile> all = new ArrayList<>();
      logs.apply(EventTables.SILVER_EVENTS).showFiles(silver, null, file -> all.add(toRead(file)));
      files = all;
      silverFiles = files;
    }
    return files;
  }

  private void computeAll(Found found) {
    GoldTable table = found.table();
    silverFiles().forEach(file -> feed(file, table));
    changes.put(
        table.path(),
        new TableChange(
            found.state() == null ? null : found.state().tableId(),
            found.sourceVersions(),
            found.state() == null ? -1 : found.state().version(),
            true,
            Set.of(),
            Set.of()));
  }

  private void feed(DataFile file, GoldTable table) {
    feeds.computeIfAbsent(toRead(file), known -> new LinkedHashSet<>()).add(table.path());
    count(table, file);
  }

  /**
   * What it takes to read a file. The statistics of all of silver's files would fill the memory.
   */
  private static DataFile toRead(DataFile file) {
    return new DataFile(file.path(), file.sizeBytes(), file.rows(), file.date(), "");
  }

  private void count(GoldTable table, DataFile file) {
    rows.merge(table.path(), rows(file), Long::sum);
    if (file.date() != null) {
      dates.computeIfAbsent(table.path(), first -> new HashSet<>()).add(file.date());
    }
  }

  private static long rows(DataFile file) {
    return file.rows() < 0 ? file.sizeBytes() / BYTES_OF_ROW : file.rows();
  }

  private void addNews(Found found, News news) {
    news.added().forEach(one -> feed(one.file(), found.table()));
    if (!news.rebuilt().isEmpty()) {
      silverFiles().stream()
          .filter(file -> news.rebuilt().contains(date(file)))
          .forEach(file -> feed(file, found.table()));
    }
  }

  /**
   * Merges the existing rows that new events may change, from the files that will be replaced.
   *
   * @param incremental whether the source is append-only and at the same version as its derived
   *     tables: these then receive only new rows, and otherwise all rows of the affected days
   */
  private void mergeExistingRows(Found found, News news, boolean incremental) {
    GoldTable table = found.table();
    TableState state = found.state();
    if (state == null) {
      throw new IllegalStateException(table + " is computed as a whole");
    }
    List<DataFile> leaving = new ArrayList<>();
    if (!news.dates().isEmpty()) {
      Predicate<DataFile> outOfDate = outOfDate(table, news);
      for (DataFile file : logs.apply(table.schema()).files(state, null)) {
        if (outOfDate.test(file)) {
          leaving.add(file);
        }
      }
    }
    if (table.appendOnly() && incremental) {
      List<DataFile> stay = largest(leaving, news);
      leaving.removeAll(stay);
      kept.put(table.path(), stay);
    }
    List<DataFile> read =
        leaving.stream()
            .filter(file -> file.date() == null || !news.rebuilt().contains(date(file)))
            .toList();
    read.forEach(file -> count(table, file));
    for (List<DataFile> part : parts(read)) {
      takenOver.add(new InputSplit(table.path(), Set.of(), part));
    }
    Set<Long> touched = new HashSet<>();
    news.dates().forEach(date -> touched.add(date.toEpochDay()));
    if (table.source() != null && !incremental) {
      boolean hasDays = Aggregations.table(table.source()).schema().partitionColumn() != null;
      days.put(table.path(), hasDays ? touched : Set.of(0L));
    }
    if (found.since() < silver.version()) {
      Set<String> paths = new HashSet<>();
      leaving.forEach(file -> paths.add(file.path()));
      changes.put(
          table.path(),
          new TableChange(
              state.tableId(), found.sourceVersions(), state.version(), false, paths, touched));
    }
  }

  /**
   * The files of an append-only table that stay untouched. Beginning with the smallest, files are
   * rewritten together with the new rows as long as they are not much larger than all smaller ones
   * together. So there are few files, and a row is seldom rewritten.
   */
  private static List<DataFile> largest(List<DataFile> files, News news) {
    List<DataFile> ascending =
        files.stream().sorted(Comparator.comparingLong(RefreshPlanner::rows)).toList();
    long together = news.added().stream().mapToLong(one -> rows(one.file())).sum() / EVENTS_OF_KEY;
    int smaller = 0;
    while (smaller < ascending.size() && rows(ascending.get(smaller)) <= 2 * together) {
      together += rows(ascending.get(smaller));
      smaller++;
    }
    return List.copyOf(ascending.subList(smaller, ascending.size()));
  }

  private static Predicate<DataFile> outOfDate(GoldTable table, News news) {
    return switch (table.grain()) {
      case ANY -> file -> true;
      case DATES -> file -> news.dates().contains(date(file));
      case EVENTS -> file -> news.rebuilt().contains(date(file));
      case HOURS -> {
        TimeSpans times = new TimeSpans();
        for (Added one : news.added()) {
          times.add(one.events().wider(table.lookback().toNanos() / 1000));
        }
        yield file ->
            news.rebuilt().contains(date(file))
                || times.overlap(
                    TimeSpans.ofRows(file, table.start(), table.end(), table.endIncluded()));
      }
    };
  }

  private List<InputSplit> inputs() {
    Map<Set<String>, List<DataFile>> together = new LinkedHashMap<>();
    feeds.forEach(
        (file, tables) -> together.computeIfAbsent(tables, known -> new ArrayList<>()).add(file));
    List<InputSplit> inputs = new ArrayList<>(takenOver);
    together.forEach(
        (tables, files) -> {
          for (List<DataFile> part : parts(files)) {
            inputs.add(new InputSplit(EventTables.SILVER_EVENTS.path(), tables, part));
          }
        });
    return inputs;
  }

  /** Files that are read together: by date, so that few parts hold rows of the same key. */
  private static List<List<DataFile>> parts(List<DataFile> files) {
    List<List<DataFile>> parts = new ArrayList<>();
    List<DataFile> part = List.of();
    long bytes = INPUT_BYTES;
    for (DataFile file :
        files.stream()
            .sorted(Comparator.comparing(content -> String.valueOf(content.date())))
            .toList()) {
      if (bytes >= INPUT_BYTES) {
        part = new ArrayList<>();
        parts.add(part);
        bytes = 0;
      }
      part.add(file);
      bytes += file.sizeBytes();
    }
    return parts;
  }
}
