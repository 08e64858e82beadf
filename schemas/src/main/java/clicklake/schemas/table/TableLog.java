package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of one Delta table: versions, each put atomically and never replaced.
 *
 * <p>Implementations are safe for use by several threads, and any number of processes may work on
 * one table: {@link #commit} succeeds for exactly one of those that build on the same version.
 */
public interface TableLog {

  /** Name of the table, for messages: its path below the lake. */
  String name();

  /**
   * The table's newest version; empty if there is no table yet. Costs one look for newer commits.
   *
   * @throws LakeException if the log cannot be read, or is no table that this version of Clicklake
   *     understands
   */
  Optional<TableState> newest();

  /**
   * The table's newest version, or one that was the newest so short a time ago: this process has
   * looked, or committed, since. Costs nothing then, and a look otherwise.
   */
  default Optional<TableState> newestWithin(Duration age) {
    return newest();
  }

  /**
   * The newest version that this process knows from its last look or its own commits, without a
   * call to the storage; empty if it knows none.
   */
  default Optional<TableState> known() {
    return newest();
  }

  /**
   * Whether the log still has a known version as it was: a log that was deleted, or replaced by
   * another, has not. At most one call to the storage.
   *
   * @throws LakeException if the storage fails
   */
  default boolean holds(TableState known) {
    return true;
  }

  /**
   * Creates the table as version 0, unless somebody else just did.
   *
   * @param domains initial domain metadata, by domain name
   * @return the table's state, whoever created it
   * @throws LakeException if there is a table here whose schema or partitioning is not ours
   */
  TableState create(Map<String, String> domains);

  /**
   * Shows the commits after {@code since} up to {@code until}, ascending, one at a time: a log may
   * hold hundreds of thousands of files, and nobody needs them all at once. What they did taken
   * together is {@link TableChanges}.
   *
   * @return whether the log still holds all that the visitor wanted to see; if not, those before
   *     the gap were shown
   */
  boolean showCommits(long since, long until, CommitVisitor visitor);

  /** Is shown commits. */
  @FunctionalInterface
  interface CommitVisitor {
    /** Looks at a commit, and says whether it wants to see the next. */
    boolean show(LogCommit commit);
  }

  /**
   * When a version was put, as its commit says, or by its file's modification time; empty if the
   * log no longer holds the commit.
   */
  Optional<Instant> committedAt(long version);

  /**
   * Puts {@code base.version() + 1} if it is absent. No retries, no rebasing: what the changes rest
   * on is exactly {@code base}.
   *
   * <p>Conflict is not what the storage says but what the log says: a put that the storage refused
   * is looked up, and is a success if the version is this very commit. So the files of a commit
   * that conflicts are in no version, and may be deleted.
   *
   * @throws CommitConflictException if that version exists already and is another commit; nothing
   *     was changed
   * @throws LakeException if the storage failed, in which case the commit may or may not be in the
   *     log: look at {@link #newest()}
   */
  TableState commit(TableState base, Changes changes);

  /**
   * The longest a committer may wait ({@link Backoff}), after so many failures in a row, before it
   * looks again: up to 20 ms after the first failure, doubling to 640 ms.
   */
  default Duration maxBackoff(int failures) {
    return Duration.ofMillis(10L << Math.min(failures, 6));
  }

  /** The files of a version, of these dates only if {@code dates} is not null. */
  default List<DataFile> files(TableState state, @Nullable Set<LocalDate> dates) {
    List<DataFile> files = new ArrayList<>();
    showFiles(state, dates, files::add);
    return files;
  }

  /** Shows the files of a version, of these dates only if {@code dates} is not null. */
  void showFiles(TableState state, @Nullable Set<LocalDate> dates, Consumer<DataFile> visitor);

  /**
   * A version of the table.
   *
   * @param tableId the id in the table's metadata: another one is another table
   * @param version number of the version
   * @param domains domain metadata, by domain name
   */
  record TableState(String tableId, long version, Map<String, String> domains) {
    public TableState {
      domains = Map.copyOf(domains);
    }

    /** Whether the other is this version of this table; null is not. */
    public boolean isSameVersion(@Nullable TableState other) {
      return other != null && version == other.version && tableId.equals(other.tableId);
    }
  }

  /**
   * What one version does.
   *
   * @param operation for the log's commit info: {@code WRITE}, {@code REWRITE}, …
   * @param adds files with rows that the table did not hold
   * @param removes files of the base version that leave the table
   * @param domains domain metadata to set, by domain name
   */
  record Changes(
      String operation, List<DataFile> adds, List<DataFile> removes, Map<String, String> domains) {
    public Changes {
      adds = List.copyOf(adds);
      removes = List.copyOf(removes);
      domains = Map.copyOf(domains);
    }
  }

  /**
   * A commit as the log holds it, whoever made it.
   *
   * @param version its version
   * @param operation what its author calls it; empty if it does not say
   * @param adds files added with {@code dataChange=true}
   * @param removes paths removed with {@code dataChange=true}
   * @param rearranged whether it adds or removes files with {@code dataChange=false}: OPTIMIZE
   * @param domains the domains that it sets
   */
  record LogCommit(
      long version,
      String operation,
      List<DataFile> adds,
      List<String> removes,
      boolean rearranged,
      Set<String> domains) {
    public LogCommit {
      adds = List.copyOf(adds);
      removes = List.copyOf(removes);
      domains = Set.copyOf(domains);
    }

    /** Whether the commit changed what the table's rows are. */
    public boolean changesData() {
      return !adds.isEmpty() || !removes.isEmpty();
    }
  }
}
