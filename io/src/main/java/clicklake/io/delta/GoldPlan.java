package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What must be done so that gold tables say what one version of silver says.
 *
 * @param silverTableId id of the silver table
 * @param silverVersion its version, from which everything is computed
 * @param changes what each table needs, by the table's path; tables that are up to date are absent
 * @param files silver's files of that version that hold rows of the dates to be computed
 */
public record GoldPlan(
    String silverTableId,
    long silverVersion,
    Map<String, TableChange> changes,
    List<DataFile.Content> files)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What one table needs.
   *
   * @param tableId id of the gold table that was looked at; null if there was none
   * @param tableVersion its version then; -1 if there was none
   * @param silver silver's table and version that it was computed from; null if that is not known
   * @param everything whether all its rows are to be replaced, not only those of the dates
   * @param dates the dates whose rows are to be replaced
   */
  public record TableChange(
      @Nullable String tableId,
      long tableVersion,
      @Nullable GoldMark silver,
      boolean everything,
      Set<LocalDate> dates)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    public TableChange {
      dates = Set.copyOf(dates);
    }
  }

  public GoldPlan {
    changes = Map.copyOf(changes);
    files = List.copyOf(files);
  }

  /** Whether every table says already what silver says. */
  public boolean upToDate() {
    return changes.isEmpty();
  }

  /** Whether a table's rows of a date are to be replaced. */
  public boolean replaces(TableSchema table, LocalDate date) {
    TableChange change = changes.get(table.path());
    return change != null && change.dates().contains(date);
  }

  /** The same without silver's files, as those need it who only commit. */
  public GoldPlan withoutFiles() {
    return new GoldPlan(silverTableId, silverVersion, changes, List.of());
  }

  /** The dates that are computed anew, in order: those of any table. */
  public Set<LocalDate> dates() {
    Set<LocalDate> all = new TreeSet<>();
    changes.values().forEach(change -> all.addAll(change.dates()));
    return all;
  }
}
