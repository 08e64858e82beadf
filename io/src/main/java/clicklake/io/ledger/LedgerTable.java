package clicklake.io.ledger;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.StorageCalls;
import clicklake.schemas.table.TableChanges;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A table with a ledger; detects commits that changed rows without updating the ledger.
 *
 * <p>Commits that only rearrange files (OPTIMIZE) pass. A DELETE, a RESTORE or a foreign append
 * stops the job, unless its net effect is nil, as after a RESTORE that undoes another.
 */
public final class LedgerTable {
  private final TableLog log;
  private final TableFiles files;
  private final StorageCalls calls;

  /** The version up to which the table is known to be as its ledger says. */
  private long trusted = -1;

  private String trustedTable = "";

  /** The last version that was checked, so that looking twice costs nothing. */
  private @Nullable Base last;

  /** A table whose storage is asked in turn. */
  public LedgerTable(TableLog log, TableFiles files) {
    this(log, files, StorageCalls.IN_TURN);
  }

  /**
   * @param calls how independent calls to its storage are made
   */
  public LedgerTable(TableLog log, TableFiles files, StorageCalls calls) {
    this.log = log;
    this.files = files;
    this.calls = calls;
  }

  public TableLog log() {
    return log;
  }

  public TableFiles files() {
    return files;
  }

  /** How independent calls to the table's storage are made. */
  public StorageCalls calls() {
    return calls;
  }

  /**
   * A version and the ledger committed with its rows.
   *
   * @param state the version
   * @param ledger its ledger
   */
  public record Base(TableState state, Ledger ledger) {

    /** How long the ledger's text is. */
    public int characters() {
      return state.domains().getOrDefault(Ledger.DOMAIN, "").length();
    }
  }

  /**
   * The newest version, checked; created if there is no table yet.
   *
   * @throws CorruptTableException if rows changed without the ledger, or the ledger is not ours to
   *     use
   */
  public Base newest() {
    TableState state =
        log.newest().orElseGet(() -> log.create(Map.of(Ledger.DOMAIN, Ledger.empty("").toJson())));
    return check(state);
  }

  /** The newest version, checked; empty if there is no table yet. */
  public Optional<Base> newestIfAny() {
    return log.newest().map(this::check);
  }

  /**
   * The newest version that this process knows, without a call to the storage; looks for it if none
   * is known. A newer one may be there: only a commit on it tells.
   */
  public Base known() {
    return log.known().map(this::check).orElseGet(this::newest);
  }

  /** As {@link #known}; empty if there is no table yet. */
  public Optional<Base> knownIfAny() {
    return log.known().map(this::check).or(this::newestIfAny);
  }

  /** Shows the rows of files, in the order of the files. */
  public void showRows(List<DataFile> all, Consumer<RowFacts> visitor) {
    files.readEach(all, file -> files.rows(file).forEach(visitor));
  }

  /**
   * When a commit last wrote the ledger; if the log no longer holds that commit, the time of the
   * oldest it holds. Empty if there is no table.
   */
  public Optional<Instant> lastDecision() {
    long held = -1;
    boolean[] ledgered = {false};
    for (long version = log.newest().map(TableState::version).orElse(-1L);
        version >= 0
            && !ledgered[0]
            && log.showCommits(
                version - 1,
                version,
                commit -> {
                  ledgered[0] = commit.domains().contains(Ledger.DOMAIN);
                  return true;
                });
        version--) {
      held = version;
    }
    return held < 0 ? Optional.empty() : log.committedAt(held);
  }

  private synchronized Base check(TableState state) {
    Base known = last;
    if (known != null
        && known.state().version() == state.version()
        && known.state().tableId().equals(state.tableId())) {
      return known;
    }
    Ledger ledger = Ledger.of(log.name(), state);
    if (!trustedTable.equals(state.tableId())) {
      trustFromScratch(state, ledger);
    } else if (state.version() > trusted && !isLedgered(trusted, state)) {
      countRows(state, ledger);
    }
    trustedTable = state.tableId();
    trusted = Math.max(trusted, state.version());
    last = new Base(state, ledger);
    return last;
  }

  /**
   * Marks the caller's own commit as verified.
   *
   * @param ledger the ledger that was committed with it
   */
  public synchronized void trust(TableState committed, Ledger ledger) {
    if (trusted == committed.version() - 1 && trustedTable.equals(committed.tableId())) {
      trusted = committed.version();
      last = new Base(committed, ledger);
    }
  }

  private void trustFromScratch(TableState state, Ledger ledger) {
    trusted = -1;
    long from = state.version();
    boolean[] ledgered = {false};
    while (from >= 0
        && log.showCommits(
            from - 1,
            from,
            commit -> {
              ledgered[0] = commit.domains().contains(Ledger.DOMAIN);
              return true;
            })) {
      if (ledgered[0]) {
        isLedgered(from, state);
        break;
      }
      from--;
    }
    countRows(state, ledger);
  }

  private void countRows(TableState state, Ledger ledger) {
    long[] rows = {0};
    log.showFiles(state, null, file -> rows[0] += files.countRows(file));
    if (rows[0] != ledger.rowCount()) {
      throw new CorruptTableException(
          log.name()
              + ": version "
              + state.version()
              + " has "
              + rows[0]
              + " rows, its ledger says "
              + ledger.rowCount()
              + ": rows were changed from outside (RESTORE, DELETE, a foreign append); undo that"
              + " change, or reprocess into a new lake");
    }
  }

  /**
   * Refuses commits that changed rows without writing the ledger, unless they undid each other.
   *
   * @return false if the log does not tell, because it no longer holds all commits since then
   */
  private boolean isLedgered(long since, TableState state) {
    Unledgered rows = new Unledgered();
    if (!log.showCommits(since, state.version(), rows::add)) {
      return false;
    }
    rows.requireNone(log.name(), since);
    return true;
  }

  /** What commits without the ledger did to the rows, taken together. */
  private static final class Unledgered {
    private final TableChanges.Fold<String> rows = new TableChanges.Fold<>(DataFile::path);
    private long version = -1;
    private String operation = "";

    boolean add(LogCommit commit) {
      if (commit.domains().contains(Ledger.DOMAIN) || !commit.changesData()) {
        return true;
      }
      if (version < 0) {
        version = commit.version();
        operation = commit.operation();
      }
      return rows.show(commit);
    }

    void requireNone(String table, long since) {
      if (rows.changes().isEmpty()) {
        return;
      }
      throw new CorruptTableException(
          table
              + ": version "
              + version
              + (operation.isEmpty() ? "" : " (" + operation + ")")
              + " changed rows without the ledger; undo it (RESTORE to version "
              + Math.max(since, version - 1)
              + "), or reprocess into a new lake");
    }
  }
}
