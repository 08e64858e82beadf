package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.plan.RefreshPlan.TableChange;
import clicklake.transforms.gold.table.GoldTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Plans a refresh: what each gold table needs.
 *
 * <p>A table names the version of silver that its rows were computed from. If silver only gained
 * files since, the refresh is incremental: it reads the new files, and those files of the table
 * that may hold rows which the new events change ({@link AffectedFiles}).
 *
 * <ul>
 *   <li>A date is recomputed from all its files if silver lost rows of it, or if one of its new
 *       files is gone. A table that cannot be recomputed by date is recomputed as a whole.
 *   <li>A table is recomputed if it is new, was changed by another writer, was written under other
 *       rules, or names a version that silver's log no longer reaches.
 * </ul>
 *
 * <p>One planner makes one plan.
 */
public final class RefreshPlanner {
  private final Function<TableSchema, TableLog> logs;
  private final TableState silver;
  private final SilverHistory history;
  private final String rules;
  private final InputSplits inputs = new InputSplits();
  private final PartSizes sizes = new PartSizes();
  private final Map<String, TableChange> changes = new HashMap<>();
  private final Map<String, Set<Long>> days = new HashMap<>();
  private final Map<String, List<DataFile>> kept = new HashMap<>();

  /**
   * @param logs the tables' logs
   * @param exists whether a file of silver is there, by its path below silver
   * @param silver the version of silver that tables shall name
   * @param rules the settings that rows depend on
   */
  public RefreshPlanner(
      Function<TableSchema, TableLog> logs,
      Predicate<String> exists,
      TableState silver,
      String rules) {
    this.logs = logs;
    this.silver = silver;
    this.history = new SilverHistory(logs.apply(EventTables.SILVER_EVENTS), silver, exists);
    this.rules = rules;
  }

  /** Plans for all tables; sources come before the tables that are derived from them. */
  public RefreshPlan plan(List<GoldTable> tables) {
    for (GoldTable table : tables) {
      if (table.source() == null) {
        List<GoldTableState> family = new ArrayList<>();
        family.add(read(table));
        for (GoldTable other : tables) {
          if (table.path().equals(other.source())) {
            family.add(read(other));
          }
        }
        planFamily(family);
      }
    }
    return planned();
  }

  /** Plans a full recompute, as if the tables were not there. */
  public RefreshPlan planRecompute(List<GoldTable> tables) {
    tables.forEach(table -> recompute(GoldTableState.absent(table)));
    // What others are derived from is computed, and written only if it was asked for.
    for (GoldTable table : tables) {
      if (table.source() != null && !changes.containsKey(table.source())) {
        GoldTable source = Aggregations.table(table.source());
        history.files().forEach(file -> feed(file, source));
      }
    }
    return planned();
  }

  private RefreshPlan planned() {
    return new RefreshPlan(
        silver.tableId(),
        silver.version(),
        rules,
        changes,
        inputs.build(),
        new RefreshSpec(changes.keySet(), sizes.buckets(), sizes.wholeDays(), days, kept));
  }

  private GoldTableState read(GoldTable table) {
    return GoldTableState.read(table, logs.apply(table.schema()), silver, rules);
  }

  /**
   * Plans for a table and those that are derived from it.
   *
   * @param family the table first
   */
  private void planFamily(List<GoldTableState> family) {
    long since = family.stream().mapToLong(GoldTableState::silverVersion).min().orElseThrow();
    if (since == silver.version()) {
      return;
    }
    Optional<SilverChanges> incremental = incremental(family, since);
    if (incremental.isEmpty()) {
      family.forEach(this::recompute);
      return;
    }
    GoldTableState source = family.get(0);
    boolean newKeysOnly = source.table().appendOnly() && source.silverVersion() == since;
    for (GoldTableState table : family) {
      // Also a source that is up to date is read, if others are still to be derived from it.
      mergeExistingRows(table, incremental.get(), newKeysOnly);
      if (table.silverVersion() < silver.version()) {
        feedChanges(
            table.table(),
            table.silverVersion() == since
                ? incremental.get()
                : history.changesSince(table.silverVersion()).orElseThrow());
      }
    }
  }

  /**
   * What changed in silver, if the family can be refreshed by that alone; empty if it must be
   * recomputed as a whole.
   *
   * @param since the lowest version of silver that one of the family was computed from
   */
  private Optional<SilverChanges> incremental(List<GoldTableState> family, long since) {
    GoldTableState source = family.get(0);
    boolean derivedAhead =
        family.stream().anyMatch(table -> table.silverVersion() > source.silverVersion());
    if (since < 0 || derivedAhead) {
      return Optional.empty();
    }
    boolean byDate = family.size() == 1 && source.table().recomputableByDate();
    return history.changesSince(since).filter(changed -> byDate || changed.recomputed().isEmpty());
  }

  private void recompute(GoldTableState table) {
    history.files().forEach(file -> feed(file, table.table()));
    changes.put(
        table.table().path(),
        new TableChange(
            table.state() == null ? null : table.state().tableId(),
            table.sourceVersions(),
            table.version(),
            true,
            Set.of(),
            Set.of()));
  }

  private void feed(DataFile file, GoldTable table) {
    inputs.feed(file, table);
    sizes.add(table, file);
  }

  /** Has a table receive new events, and all events of dates that are recomputed. */
  private void feedChanges(GoldTable table, SilverChanges changed) {
    changed.added().forEach(one -> feed(one.file(), table));
    if (!changed.recomputed().isEmpty()) {
      history.files().stream().filter(changed::recomputes).forEach(file -> feed(file, table));
    }
  }

  /**
   * Merges the existing rows that new events may change, from the files that will be replaced.
   *
   * @param newKeysOnly whether the source is append-only and at the same version as its derived
   *     tables: these then receive only new keys, and otherwise all rows of the affected days
   */
  private void mergeExistingRows(
      GoldTableState existing, SilverChanges changed, boolean newKeysOnly) {
    GoldTable table = existing.table();
    TableState state = existing.state();
    if (state == null) {
      throw new IllegalStateException(table + " is recomputed as a whole");
    }
    List<DataFile> replaced = new ArrayList<>();
    if (!changed.dates().isEmpty()) {
      Predicate<DataFile> affected = AffectedFiles.of(table, changed);
      for (DataFile file : logs.apply(table.schema()).files(state, null)) {
        if (affected.test(file)) {
          replaced.add(file);
        }
      }
    }
    if (table.appendOnly() && newKeysOnly) {
      List<DataFile> untouched = AffectedFiles.untouched(replaced, changed);
      replaced.removeAll(untouched);
      kept.put(table.path(), untouched);
    }
    List<DataFile> merged =
        replaced.stream().filter(file -> file.date() == null || !changed.recomputes(file)).toList();
    merged.forEach(file -> sizes.add(table, file));
    inputs.merge(table, merged);
    if (table.source() != null && !newKeysOnly) {
      boolean sourceHasDays = Aggregations.table(table.source()).schema().partitionColumn() != null;
      days.put(table.path(), sourceHasDays ? changed.days() : Set.of(0L));
    }
    if (existing.silverVersion() < silver.version()) {
      Set<String> paths = new HashSet<>();
      replaced.forEach(file -> paths.add(file.path()));
      changes.put(
          table.path(),
          new TableChange(
              state.tableId(),
              existing.sourceVersions(),
              state.version(),
              false,
              paths,
              changed.days()));
    }
  }
}
