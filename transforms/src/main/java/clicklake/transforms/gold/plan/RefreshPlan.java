package clicklake.transforms.gold.plan;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a refresh does to bring gold tables to one version of silver.
 *
 * @param silverTableId id of the silver table
 * @param silverVersion its version
 * @param rules the settings that rows depend on
 * @param changes what is to be done with each table, by its path; tables that are up to date are
 *     absent
 * @param inputs the files to be read: silver's, and those of gold whose rows are merged
 * @param spec what workers must know
 */
public record RefreshPlan(
    String silverTableId,
    long silverVersion,
    String rules,
    Map<String, TableChange> changes,
    List<InputSplit> inputs,
    RefreshSpec spec)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What is to be done with one table.
   *
   * @param tableId id of the table that was planned for; null if there was none
   * @param sourceVersions what it was computed from; null if that is not known
   * @param tableVersion its version; -1 if there was none
   * @param everything whether all its rows are recomputed
   * @param replaced paths of the files that leave it; all there are, if everything is recomputed
   * @param days the days, since 1970, whose events changed since; empty for everything
   */
  public record TableChange(
      @Nullable String tableId,
      @Nullable SourceVersions sourceVersions,
      long tableVersion,
      boolean everything,
      Set<String> replaced,
      Set<Long> days)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    public TableChange {
      replaced = Set.copyOf(replaced);
      days = Set.copyOf(days);
    }
  }

  public RefreshPlan {
    changes = Map.copyOf(changes);
    inputs = List.copyOf(inputs);
  }

  /** Whether every table is at silver's version already. */
  public boolean upToDate() {
    return changes.isEmpty();
  }

  /** The same without its inputs: what a committer needs. */
  public RefreshPlan withoutInputs() {
    return new RefreshPlan(silverTableId, silverVersion, rules, changes, List.of(), spec);
  }

  /** The dates of events that any table receives, in order; those of all silver for a new table. */
  public Set<LocalDate> dates() {
    Set<LocalDate> all = new TreeSet<>();
    for (InputSplit input : inputs) {
      if (!input.feeds().isEmpty()) {
        input.files().forEach(file -> all.add(FileDates.of(file)));
      }
    }
    changes
        .values()
        .forEach(change -> change.days().forEach(day -> all.add(LocalDate.ofEpochDay(day))));
    return all;
  }
}
