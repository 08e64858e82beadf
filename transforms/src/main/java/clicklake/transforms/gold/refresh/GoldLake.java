package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.plan.GoldTableState;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.plan.RefreshPlan.TableChange;
import clicklake.transforms.gold.plan.RefreshPlanner;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.gold.table.GoldFailures;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.verify.CompareRows;
import clicklake.transforms.gold.verify.GoldComparison;
import java.io.Serializable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gold tables of a lake: plans a refresh to silver's newest version, and commits each table
 * once.
 *
 * <p>A commit names the version of silver that the table's rows were computed from. It succeeds
 * only on the version of the table that was planned for, so every increment is added once. Any
 * number of refreshes may run at once. A table never goes back to an older version of silver, and
 * never names a version whose rows it does not hold.
 *
 * <p>A value that holds the lake's location; it may be sent to workers.
 */
public final class GoldLake implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int ATTEMPTS = 100;

  private final TableStore store;

  private GoldLake(TableStore store) {
    this.store = store;
  }

  /** The gold tables of a lake. */
  public static GoldLake of(TableStore store) {
    return new GoldLake(store);
  }

  /** What became of a table at {@link #commit}. */
  public enum Outcome {
    /** The table is now at the plan's version of silver. */
    COMMITTED,
    /** It was at this version or a later one already; nothing was changed. */
    ALREADY_THERE,
    /** It is no longer at the version that was planned for; nothing was changed: plan again. */
    STALE
  }

  private TableLog log(TableSchema table) {
    return store.log(table);
  }

  /**
   * Plans a refresh of tables to silver's newest version.
   *
   * @param tables gold tables, each after the one that it is derived from
   * @param rules the settings that their rows depend on, as text
   * @return empty if there is no silver table yet
   * @throws LakeException if a table cannot be read or is not ours
   */
  public Optional<RefreshPlan> plan(List<GoldTable> tables, String rules) {
    TableFiles files = store.files(EventTables.SILVER_EVENTS);
    List<Runnable> looks = new ArrayList<>();
    looks.add(() -> log(EventTables.SILVER_EVENTS).newest());
    tables.forEach(table -> looks.add(() -> log(table.schema()).newest()));
    store.calls().makeAll(looks);
    return log(EventTables.SILVER_EVENTS)
        .known()
        .map(silver -> new RefreshPlanner(this::log, files::exists, silver, rules).plan(tables));
  }

  /**
   * The source versions that a table names; empty if there is no such table, or it names none.
   *
   * @throws LakeException if the table cannot be read or is not ours
   */
  public Optional<SourceVersions> sourceVersions(GoldTable table) {
    return log(table.schema())
        .newest()
        .flatMap(state -> Optional.ofNullable(SourceVersions.of(table.path(), state.domains())));
  }

  /**
   * Plans a full recompute of tables from a version of silver.
   *
   * @param tables each after the one that it is derived from
   */
  public RefreshPlan planRecompute(
      List<GoldTable> tables, String silverTableId, long silverVersion, String rules) {
    TableState silver = new TableState(silverTableId, silverVersion, Map.of());
    return new RefreshPlanner(this::log, path -> true, silver, rules).planRecompute(tables);
  }

  /**
   * Compares a table's rows, as they are now, with those of another lake's.
   *
   * @param recomputed the other lake, where the table was recomputed
   */
  public GoldComparison compare(GoldTable table, GoldLake recomputed) {
    TableLog log = log(table.schema());
    TableState state = log.newest().orElseThrow(() -> GoldFailures.gone(table));
    SourceVersions sourceVersions = SourceVersions.of(table.path(), state.domains());
    TableLog other = recomputed.log(table.schema());
    List<DataFile> expected =
        other.newest().map(there -> other.files(there, null)).orElse(List.of());
    return new CompareRows(table.schema())
        .compare(
            sourceVersions == null ? -1 : sourceVersions.silverVersion(),
            new CompareRows.Side(store.readers().of(table.path()), log.files(state, null)),
            new CompareRows.Side(recomputed.store.readers().of(table.path()), expected));
  }

  /** Deletes the lake; see {@link TableStore#delete}. */
  public void delete() {
    store.delete();
  }

  /** Readers of the rows of the lake's tables. */
  public TableReaders tableRows() {
    return store.readers();
  }

  /**
   * Writes files of gold tables.
   *
   * @param clock for the time of creation in the files' names; must be serializable
   */
  public PartitionFiles files(Clock clock) {
    return store.writer(clock);
  }

  /**
   * Commits tables one after the other, as {@link #commit(RefreshPlan, TableSchema, List)} does.
   *
   * @param tables each after the one that it is derived from
   * @param files all new files by the path of their table; a table may have none
   * @return how many dates of the tables that were committed have new files, table by table
   */
  public long commit(RefreshPlan plan, List<GoldTable> tables, Map<String, List<DataFile>> files) {
    long dates = 0;
    for (GoldTable table : tables) {
      List<DataFile> written = files.getOrDefault(table.path(), List.of());
      if (commit(plan, table.schema(), written) == Outcome.COMMITTED) {
        dates += written.stream().map(DataFile::date).filter(Objects::nonNull).distinct().count();
      }
    }
    return dates;
  }

  /**
   * Replaces files of a table by new ones in one commit, and creates the table if there is none. It
   * looks at the table only if what this process knows of it does not do, or is refused.
   *
   * @param files hold all rows of the replaced files and of the plan's new events
   * @throws LakeException if the storage failed, in which case the commit may or may not be in the
   *     log; to call again with the same is harmless
   */
  public Outcome commit(RefreshPlan plan, TableSchema table, List<DataFile> files) {
    TableChange change = plan.changes().get(table.path());
    if (change == null) {
      return Outcome.ALREADY_THERE;
    }
    FailPoint.GOLD_WRITTEN.reach();
    TableLog log = log(table);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      boolean looked = attempt > 0;
      TableState state = (looked ? log.newest() : log.known().or(log::newest)).orElse(null);
      if (state == null) {
        if (!change.everything()) {
          return Outcome.STALE;
        }
        state = log.create(Map.of());
      }
      SourceVersions sourceVersions = SourceVersions.of(table.path(), state.domains());
      List<DataFile> replaced = replaced(change, log, state, sourceVersions);
      if (replaced == null && !looked) {
        continue;
      }
      if (replaced == null) {
        boolean there =
            sourceVersions != null
                && sourceVersions.reaches(plan.silverTableId(), plan.silverVersion(), plan.rules());
        return there ? Outcome.ALREADY_THERE : Outcome.STALE;
      }
      SourceVersions next =
          SourceVersions.ofSilver(
              plan.silverTableId(), plan.silverVersion(), plan.rules(), state.version() + 1);
      try {
        log.commit(
            state,
            new Changes("WRITE", files, replaced, Map.of(SourceVersions.DOMAIN, next.json())));
        return Outcome.COMMITTED;
      } catch (CommitConflictException e) {
        // Another refresh, or an OPTIMIZE: decide again on the new version.
      }
    }
    throw GoldFailures.neverCommitted(table.path(), ATTEMPTS);
  }

  /**
   * The files that this commit replaces; null if the table is not what was planned for, because
   * another refresh was quicker, or another writer changed or rearranged these files.
   */
  private static @Nullable List<DataFile> replaced(
      TableChange change, TableLog log, TableState state, @Nullable SourceVersions sourceVersions) {
    if (!Objects.equals(change.sourceVersions(), sourceVersions)) {
      return null;
    }
    if (change.everything()) {
      return log.files(state, null);
    }
    if (!state.tableId().equals(change.tableId())
        || GoldTableState.changedByOthers(log, change.tableVersion(), state.version())) {
      return null;
    }
    if (change.replaced().isEmpty()) {
      return List.of();
    }
    List<DataFile> replaced =
        log.files(state, null).stream()
            .filter(file -> change.replaced().contains(file.path()))
            .toList();
    return replaced.size() == change.replaced().size() ? replaced : null;
  }

  /** Whether all tables are at the plan's version of silver, or a later one. */
  public boolean reached(RefreshPlan plan, List<GoldTable> tables) {
    List<Runnable> looks = new ArrayList<>();
    tables.forEach(table -> looks.add(() -> log(table.schema()).newest()));
    store.calls().makeAll(looks);
    for (GoldTable table : tables) {
      SourceVersions sourceVersions =
          log(table.schema())
              .known()
              .map(state -> SourceVersions.of(table.path(), state.domains()))
              .orElse(null);
      if (sourceVersions == null
          || !sourceVersions.reaches(plan.silverTableId(), plan.silverVersion(), plan.rules())) {
        return false;
      }
    }
    return true;
  }

  /** Number of rows that a table holds, by its log; 0 if there is none. */
  public long rows(TableSchema table) {
    TableLog log = log(table);
    TableFiles files = store.files(table);
    long[] rows = {0};
    log.newest()
        .ifPresent(state -> log.showFiles(state, null, file -> rows[0] += files.countRows(file)));
    return rows[0];
  }

  /** Where the lake lies. */
  @Override
  public String toString() {
    return store.toString();
  }
}
