package clicklake.io.delta;

import clicklake.io.delta.GoldPlan.TableChange;
import clicklake.io.delta.TableLog.Changes;
import clicklake.io.delta.TableLog.LogCommit;
import clicklake.io.delta.TableLog.TableState;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.FailPoint;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.TableSchema;
import clicklake.schemas.table.Tables;
import java.io.Serializable;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The gold side of a lake: which dates silver's commits touched since a gold table was computed,
 * and the one commit that replaces a table's rows of these dates.
 *
 * <p>Totals are recomputed, never added to: a commit removes whatever files hold the dates at that
 * moment, whoever rearranged them, and adds files that were computed from one version of silver,
 * which it names in the same commit. Any number of refreshes may run at once; a table never goes
 * back to an older version of silver, and never names a version whose rows it does not hold.
 *
 * <p>A value that says where the lake lies; it may be sent to workers.
 */
public final class GoldLake implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ATTEMPTS = 100;
  private static final ConcurrentHashMap<String, TableLog> OPEN = new ConcurrentHashMap<>();

  private final String root;

  private GoldLake(String root) {
    this.root = root;
  }

  /**
   * The lake at a place.
   *
   * @param root absolute path of a local folder
   */
  public static GoldLake at(String root) {
    return new GoldLake(root);
  }

  /** What became of a table at {@link #commit}. */
  public enum Outcome {
    /** The table says now what the plan's version of silver says. */
    COMMITTED,
    /** It said so already, or says what a later version says; nothing was changed. */
    ALREADY_THERE,
    /** It is no longer the table that was planned for; nothing was changed: plan again. */
    STALE
  }

  private TableLog log(TableSchema table) {
    return OPEN.computeIfAbsent(
        root + "\n" + table.path(), key -> new KernelTableLog(LakeStorage.of(root), root, table));
  }

  /**
   * Looks at silver's newest version and at what tables rest on.
   *
   * @param tables gold tables partitioned by event_date
   * @return empty if there is no silver table yet
   * @throws LakeException if a table cannot be read or is not ours
   */
  public Optional<GoldPlan> plan(List<TableSchema> tables) {
    TableLog silverLog = log(Tables.SILVER_EVENTS);
    Optional<TableState> newest = silverLog.newest();
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    TableState silver = newest.get();
    Map<String, TableChange> changes = new HashMap<>();
    for (TableSchema table : tables) {
      change(table, silver).ifPresent(change -> changes.put(table.path(), change));
    }
    boolean everything = changes.values().stream().anyMatch(TableChange::everything);
    Set<LocalDate> dates = new HashSet<>();
    changes.values().forEach(change -> dates.addAll(change.dates()));
    List<DataFile.Content> files = List.of();
    if (everything || !dates.isEmpty()) {
      files = silverLog.files(silver, everything ? null : dates);
    }
    if (everything) {
      Set<LocalDate> all = new HashSet<>();
      for (DataFile.Content file : files) {
        all.add(date(file));
      }
      changes.replaceAll(
          (path, change) ->
              change.everything()
                  ? new TableChange(
                      change.tableId(), change.tableVersion(), change.silver(), true, all)
                  : change);
    }
    return Optional.of(new GoldPlan(silver.tableId(), silver.version(), changes, files));
  }

  private static LocalDate date(DataFile.Content file) {
    if (file.date() == null) {
      throw new CorruptTable(
          Tables.SILVER_EVENTS
              + ": "
              + file.path()
              + " has no event_date, so Clicklake did not write it; undo the commit that added it");
    }
    return LocalDate.parse(file.date());
  }

  /** What a table needs; empty if nothing. For everything, the dates are left out. */
  private Optional<TableChange> change(TableSchema table, TableState silver) {
    TableLog log = log(table);
    TableState state = log.newest().orElse(null);
    if (state == null) {
      return Optional.of(new TableChange(null, -1, null, true, Set.of()));
    }
    GoldMark mark = GoldMark.of(table.path(), state.domains());
    TableChange everything =
        new TableChange(state.tableId(), state.version(), mark, true, Set.of());
    if (mark == null
        || !mark.silverTableId().equals(silver.tableId())
        || mark.silverVersion() > silver.version()
        || changedByOthers(log, mark.version(), state.version())) {
      return Optional.of(everything);
    }
    if (mark.silverVersion() == silver.version()) {
      return Optional.empty();
    }
    Set<LocalDate> touched = touched(mark.silverVersion(), silver.version());
    return Optional.of(
        touched == null
            ? everything
            : new TableChange(state.tableId(), state.version(), mark, false, touched));
  }

  /** Dates of the files that silver's commits added or removed; null if they cannot be told. */
  private @Nullable Set<LocalDate> touched(long since, long until) {
    List<LogCommit> commits = log(Tables.SILVER_EVENTS).commitsBetween(since, until).orElse(null);
    if (commits == null) {
      return null;
    }
    Set<LocalDate> dates = new HashSet<>();
    for (LogCommit commit : commits) {
      for (DataFile.Content file : commit.adds()) {
        dates.add(date(file));
      }
      for (String path : commit.removes()) {
        LocalDate date = dateOf(path);
        if (date == null) {
          return null;
        }
        dates.add(date);
      }
    }
    return dates;
  }

  /** The date in a file's path; null if its writer names folders in another way. */
  private static @Nullable LocalDate dateOf(String path) {
    String folder = Tables.SILVER_EVENTS.partitionColumn() + "=";
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

  /** Whether a gold table's rows were changed by a commit without a mark, or may have been. */
  private static boolean changedByOthers(TableLog log, long since, long until) {
    List<LogCommit> commits = log.commitsBetween(since, until).orElse(null);
    return commits == null
        || commits.stream()
            .anyMatch(
                commit -> commit.changesData() && !commit.domains().contains(GoldMark.DOMAIN));
  }

  /** Reads silver's files. */
  public TableRows silverRows() {
    return new LakeTableRows(root, Tables.SILVER_EVENTS.path());
  }

  /**
   * Writes files of gold tables.
   *
   * @param clock for births in the files' names; must be serializable
   */
  public PartitionFiles files(Clock clock) {
    return new ParquetPartitionFiles(root, clock);
  }

  /**
   * Replaces a table's rows of the planned dates, in one commit, and creates the table if need be.
   *
   * @param files the rows of these dates; a date without a file loses its rows
   * @throws LakeException if the storage failed, in which case the commit may or may not be in the
   *     log; to call again with the same is harmless
   */
  public Outcome commit(GoldPlan plan, TableSchema table, List<DataFile.Content> files) {
    TableChange change = plan.changes().get(table.path());
    if (change == null) {
      return Outcome.ALREADY_THERE;
    }
    FailPoint.GOLD_WRITTEN.reach();
    TableLog log = log(table);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      TableState state = log.newest().orElse(null);
      if (state == null) {
        if (!change.everything()) {
          return Outcome.STALE;
        }
        state = log.create(Map.of());
      }
      GoldMark mark = GoldMark.of(table.path(), state.domains());
      if (!fits(plan, change, log, state, mark)) {
        boolean there = mark != null && mark.reaches(plan.silverTableId(), plan.silverVersion());
        return there ? Outcome.ALREADY_THERE : Outcome.STALE;
      }
      List<DataFile.Content> replaced =
          change.everything()
              ? log.files(state, null)
              : change.dates().isEmpty() ? List.of() : log.files(state, change.dates());
      GoldMark next = new GoldMark(plan.silverTableId(), plan.silverVersion(), state.version() + 1);
      try {
        log.commit(
            state, new Changes("WRITE", files, replaced, Map.of(GoldMark.DOMAIN, next.json())));
        return Outcome.COMMITTED;
      } catch (CommitConflict e) {
        // Another refresh, or an OPTIMIZE: look again.
      }
    }
    throw new LakeException(
        "cannot commit to "
            + table
            + ": somebody else did, "
            + ATTEMPTS
            + " times in a row; stop other writers of this table and start the job again");
  }

  /**
   * Whether replacing the planned dates in this version of the table makes it say what the plan's
   * version of silver says.
   */
  private static boolean fits(
      GoldPlan plan, TableChange change, TableLog log, TableState state, @Nullable GoldMark mark) {
    GoldMark planned = change.silver();
    boolean asPlanned = java.util.Objects.equals(planned, mark);
    if (change.everything()) {
      // Replacing all rows fits whatever is there, unless another refresh was quicker and knows
      // silver better.
      return asPlanned
          || (mark != null
              && mark.silverTableId().equals(plan.silverTableId())
              && mark.silverVersion() < plan.silverVersion());
    }
    return planned != null
        && mark != null
        && state.tableId().equals(change.tableId())
        && mark.silverTableId().equals(plan.silverTableId())
        // Not older than planned from: dates touched before are not in the plan.
        && mark.silverVersion() >= planned.silverVersion()
        && mark.silverVersion() < plan.silverVersion()
        && !changedByOthers(log, change.tableVersion(), state.version());
  }

  /** Whether all planned tables say what the plan's version of silver says, or a later one. */
  public boolean reached(GoldPlan plan, List<TableSchema> tables) {
    for (TableSchema table : tables) {
      TableChange change = plan.changes().get(table.path());
      GoldMark mark =
          log(table).newest().map(state -> GoldMark.of(table.path(), state.domains())).orElse(null);
      boolean there = mark != null && mark.reaches(plan.silverTableId(), plan.silverVersion());
      if (change != null && (!there || mark.equals(change.silver()))) {
        return false;
      }
    }
    return true;
  }

  /** Number of rows that a table holds, by its log; 0 if there is none. */
  public long rows(TableSchema table) {
    TableLog log = log(table);
    return log.newest()
        .map(state -> log.files(state, null).stream().mapToLong(DataFile.Content::rows).sum())
        .orElse(0L);
  }
}
