package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog.CommitVisitor;
import clicklake.schemas.table.TableLog.LogCommit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What commits did to the rows of a table, taken together: a file that came and went again is no
 * change, nor is one that went and came back. For whoever follows a table from version to version,
 * and does not care which commit did what. As in Delta, a path is the name of one file for ever.
 *
 * <p>Of an added file only its path is held, and what the follower keeps of it, which should be
 * little: a file's statistics are much longer than its path. While the log is read, one commit is
 * in memory, and the changes up to it. What was removed are files of the first version, what was
 * added are files of the last one read: so there are never more changes than these two versions
 * have files, however many commits lie between, and however many files came and went.
 *
 * <p>A commit that only rearranges rows (OPTIMIZE) replaces files, and changes no row. After one
 * ({@link #rearranged}) the files of the first version, with these changes, are no longer those of
 * the last.
 *
 * @param added what is kept of each file that the table has gained, by its path, in the order of
 *     the log
 * @param removed paths of files that it has lost, in the order of the log
 * @param rearranged whether some files were replaced by others with the same rows, which are
 *     neither among {@code added} nor among {@code removed}
 * @param <F> what is kept of an added file
 */
public record TableChanges<F>(Map<String, F> added, Set<String> removed, boolean rearranged) {
  public TableChanges {
    added = Collections.unmodifiableMap(new LinkedHashMap<>(added));
    removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
  }

  /**
   * What the commits after one version up to another did.
   *
   * @param keep what is kept of an added file
   * @return empty if the log no longer holds them all: then the table is to be read as it is now
   */
  public static <F> Optional<TableChanges<F>> between(
      TableLog log, long since, long until, Function<DataFile, F> keep) {
    Fold<F> fold = new Fold<>(keep);
    return log.showCommits(since, until, fold) ? Optional.of(fold.changes()) : Optional.empty();
  }

  /**
   * The same for those who know files by their paths. Reads no further than the first commit that
   * rearranged any.
   *
   * @return empty if the log no longer holds the commits, or one of them rearranged files: then the
   *     table is to be read as it is now
   */
  public static <F> Optional<TableChanges<F>> betweenUnlessRearranged(
      TableLog log, long since, long until, Function<DataFile, F> keep) {
    Fold<F> fold = new Fold<>(keep);
    boolean held = log.showCommits(since, until, commit -> fold.show(commit) && !fold.rearranged);
    return held && !fold.rearranged ? Optional.of(fold.changes()) : Optional.empty();
  }

  /** These changes, and then others. */
  public TableChanges<F> then(TableChanges<F> next) {
    Map<String, F> nowAdded = new LinkedHashMap<>(added);
    Set<String> nowRemoved = new LinkedHashSet<>(removed);
    next.removed.forEach(path -> remove(path, nowAdded, nowRemoved));
    next.added.forEach(
        (path, kept) -> {
          if (!nowRemoved.remove(path)) {
            nowAdded.put(path, kept);
          }
        });
    return new TableChanges<>(nowAdded, nowRemoved, rearranged || next.rearranged);
  }

  /** Whether the table's rows are what they were. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }

  private static <F> void remove(String path, Map<String, F> added, Set<String> removed) {
    if (added.remove(path) == null) {
      removed.add(path);
    }
  }

  /** Takes commits together while it is shown them; for those who leave out some. */
  public static final class Fold<F> implements CommitVisitor {
    private final Function<DataFile, F> keep;
    private final Map<String, F> added = new LinkedHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private boolean rearranged;

    /**
     * @param keep what is kept of an added file
     */
    public Fold(Function<DataFile, F> keep) {
      this.keep = keep;
    }

    /** Takes in a commit, and wants to see the next. */
    @Override
    public boolean show(LogCommit commit) {
      for (String path : commit.removes()) {
        remove(path, added, removed);
      }
      for (DataFile file : commit.adds()) {
        if (!removed.remove(file.path())) {
          added.put(file.path(), keep.apply(file));
        }
      }
      rearranged |= commit.rearranged();
      return true;
    }

    /** What the commits shown so far did. */
    public TableChanges<F> changes() {
      return new TableChanges<>(added, removed, rearranged);
    }
  }
}
