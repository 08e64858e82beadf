package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.LogCommit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What some commits did to the rows of a table, taken together: a file that came and went again is
 * no change, nor is one that went and came back. For whoever follows a table from version to
 * version.
 *
 * <p>Commits that only rearrange rows (OPTIMIZE) change nothing here, but replace files by others:
 * after one, {@link #rearranged}, files of the version before can no longer be told by their paths.
 *
 * <p>Holds every file that the commits name, so it is for some hundreds of commits, not for a whole
 * log.
 */
public final class TableChanges {
  private final Map<String, DataFile> added = new LinkedHashMap<>();
  private final Set<String> removed = new LinkedHashSet<>();
  private boolean rearranged;

  /**
   * The commits after one version up to another.
   *
   * @return empty if the log no longer holds them all: then the table is to be read as it is now
   */
  public static Optional<TableChanges> between(TableLog log, long since, long until) {
    TableChanges changes = new TableChanges();
    boolean held =
        log.showCommits(
            since,
            until,
            commit -> {
              changes.add(commit);
              return true;
            });
    return held ? Optional.of(changes) : Optional.empty();
  }

  /** Takes in the commit that comes next. */
  public void add(LogCommit commit) {
    for (String path : commit.removes()) {
      remove(path);
    }
    for (DataFile file : commit.adds()) {
      add(file);
    }
    rearranged |= commit.rearranged();
  }

  /** Takes in the changes that come next. */
  public void add(TableChanges next) {
    next.removed.forEach(this::remove);
    next.added.values().forEach(this::add);
    rearranged |= next.rearranged;
  }

  private void remove(String path) {
    if (added.remove(path) == null) {
      removed.add(path);
    }
  }

  private void add(DataFile file) {
    if (!removed.remove(file.path())) {
      added.put(file.path(), file);
    }
  }

  /** Files that the table has gained. */
  public Collection<DataFile> added() {
    return Collections.unmodifiableCollection(added.values());
  }

  /** Paths of files that it has lost. */
  public Set<String> removed() {
    return Collections.unmodifiableSet(removed);
  }

  /** Whether some files were replaced by others with the same rows. */
  public boolean rearranged() {
    return rearranged;
  }

  /** Whether the table's rows are what they were. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }
}
