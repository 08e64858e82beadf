package clicklake.transforms.gold.plan;

import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.transforms.gold.table.GoldTable;
import org.jspecify.annotations.Nullable;

/**
 * A gold table as a plan finds it.
 *
 * @param state its newest version; null if there is no such table
 * @param sourceVersions the source versions that it names; null if it names none
 * @param usable whether its rows may be added to: they were computed from this silver, under these
 *     rules, and no other writer changed them
 */
public record GoldTableState(
    GoldTable table,
    @Nullable TableState state,
    @Nullable SourceVersions sourceVersions,
    boolean usable) {

  /** A table that is not there, or shall be treated so. */
  static GoldTableState absent(GoldTable table) {
    return new GoldTableState(table, null, null, false);
  }

  /**
   * Takes a table's newest version, as of the last look at it.
   *
   * @param silver the version of silver that is planned for
   * @param rules the settings that rows depend on
   */
  static GoldTableState read(GoldTable table, TableLog log, TableState silver, String rules) {
    TableState state = log.known().orElse(null);
    if (state == null) {
      return absent(table);
    }
    SourceVersions sourceVersions = SourceVersions.of(table.path(), state.domains());
    boolean usable =
        sourceVersions != null
            && sourceVersions.silverTableId().equals(silver.tableId())
            && sourceVersions.silverVersion() <= silver.version()
            && sourceVersions.rules().equals(rules)
            && !changedByOthers(log, sourceVersions.version(), state.version());
    return new GoldTableState(table, state, sourceVersions, usable);
  }

  /**
   * Whether commits without source versions changed a gold table's rows, or may have. Each commit
   * is looked at by itself: what another writer did counts even if it was undone.
   */
  public static boolean changedByOthers(TableLog log, long since, long until) {
    boolean[] changed = {false};
    boolean complete =
        log.showCommits(
            since,
            until,
            commit -> {
              changed[0] =
                  commit.changesData() && !commit.domains().contains(SourceVersions.DOMAIN);
              return !changed[0];
            });
    return changed[0] || !complete;
  }

  /** The version of silver that it was computed from; -1 if it must be recomputed. */
  long silverVersion() {
    return usable && sourceVersions != null ? sourceVersions.silverVersion() : -1;
  }

  /** Its version; -1 if there is no such table. */
  long version() {
    return state == null ? -1 : state.version();
  }
}
