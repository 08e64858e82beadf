package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.table.Backoff;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of every committer: decide on the newest version that is known, put if absent; on
 * conflict or doubt look and decide again.
 *
 * <p>A committer does not look before it puts. Decisions rest on one snapshot and are put as the
 * version right after it: that this version is absent is what says that nobody has committed since.
 * Only what a newer snapshot could decide differently without a put, a proposal that is refused or
 * has to wait, makes it look first.
 *
 * <p>Whatever else happens, nothing was changed and everything can be proposed again: positions
 * that a doubtful commit did cover are dropped by the next decision.
 */
abstract class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int STORAGE_ATTEMPTS = 5;

  private final LedgerTable table;

  private long reached = -1;

  Committer(LedgerTable table) {
    this.table = table;
  }

  LedgerTable table() {
    return table;
  }

  /**
   * What to do about a set of proposals on one base.
   *
   * @param next the next version; null if there is nothing to commit
   * @param report what it adds
   * @param refused whether a proposal was refused
   * @param deferred proposals, or what is left of them, for a later decision
   * @param rewrites files written for this plan
   */
  record Plan(
      @Nullable Next next,
      CommitReport report,
      boolean refused,
      List<Proposal> deferred,
      Rewrites rewrites) {

    /** Whether a newer snapshot might decide differently, and nothing else would tell. */
    boolean mayBeStale() {
      return refused || !deferred.isEmpty();
    }
  }

  /** A version to put, and the ledger in it. */
  record Next(Changes changes, Ledger ledger) {}

  /** Decides; writes no version. */
  abstract Plan plan(LedgerTable.Base base, List<Proposal> proposals, StorageChecks checks);

  /** Is shown the version that the next decision rests on. */
  void prepare(TableState base) {}

  /** Is told of a version that this committer put. */
  void committed(TableState state) {}

  /**
   * Looks for newer versions of all that decisions rest on.
   *
   * @return whether there is something newer than what was known
   */
  boolean look() {
    TableState before = table.log().known().orElse(null);
    return !table.newest().state().isSameVersion(before);
  }

  /** The files that a proposal's file is one of. */
  TableFiles filesOf(Proposal proposal) {
    return table.files();
  }

  /** Adds what the storage must be asked before these proposals are decided. */
  final void addQuestions(List<Proposal> proposals, StorageChecks checks) {
    table.log().known().ifPresent(state -> checks.unchanged(table.log(), state));
    for (Proposal proposal : proposals) {
      DataFile content = proposal.content();
      if (content != null) {
        checks.exists(filesOf(proposal), content.path());
      }
    }
  }

  private StorageChecks ask(List<Proposal> proposals) {
    StorageChecks checks = new StorageChecks();
    addQuestions(proposals, checks);
    return checks.ask(table.calls());
  }

  /**
   * Commits what can be committed of the proposals.
   *
   * @param deferred receives proposals that wait for a later decision
   * @throws CorruptTableException if the table is not as its ledger says
   * @throws LakeException if the storage fails again and again
   */
  public final CommitReport commit(List<Proposal> proposals, List<Proposal> deferred) {
    return commit(proposals, deferred, ask(proposals));
  }

  /**
   * Commits what can be committed of the proposals.
   *
   * @param checks what the storage has answered to the questions of this committer
   */
  final CommitReport commit(
      List<Proposal> proposals, List<Proposal> deferred, StorageChecks checks) {
    StorageChecks answers = checks;
    int storageFailures = 0;
    int conflicts = 0;
    long begun = System.nanoTime();
    boolean looked = false;
    if (answers.isReplaced(table.log())) {
      look();
      looked = true;
    }
    while (true) {
      LedgerTable.Base base = table.known();
      prepare(base.state());
      Plan plan = plan(base, proposals, answers);
      if (!looked && plan.mayBeStale()) {
        looked = true;
        if (look()) {
          plan.rewrites().delete();
          continue;
        }
      }
      Next next = plan.next();
      if (next == null) {
        deferred.addAll(plan.deferred());
        reached = base.state().version();
        return plan.report();
      }
      FailPoint.BEFORE_COMMIT.reach();
      try {
        TableState state = table.log().commit(base.state(), next.changes());
        FailPoint.AFTER_COMMIT.reach();
        reached = state.version();
        table.trust(state, next.ledger());
        committed(state);
        deferred.addAll(plan.deferred());
        logCommit(state.version(), next.changes().adds(), begun);
        return plan.report();
      } catch (CommitConflictException e) {
        LOG.info(
            "{}: another commit put version {}; deciding again",
            table.log().name(),
            base.state().version() + 1);
        // The log was read: that version is not this plan, and these names are new with the plan.
        plan.rewrites().delete();
        conflicts++;
        backOff(conflicts);
      } catch (CorruptTableException e) {
        throw e;
      } catch (LakeException e) {
        // The version may be ours all the same, with the files in it: they must stay.
        storageFailures++;
        if (storageFailures >= STORAGE_ATTEMPTS) {
          throw e;
        }
        // The last failure is thrown and told; those before it are worth no alarm.
        LOG.info("{}: commit in doubt, looking again: {}", table.log().name(), e.getMessage());
        backOff(storageFailures);
      }
      look();
      looked = true;
      answers = ask(proposals);
    }
  }

  /** The version that the last commit put, or that left nothing to put; -1 before the first. */
  final long reached() {
    return reached;
  }

  private void logCommit(long version, List<DataFile> adds, long begun) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{}: version {}, {} files, {} rows, {} ms",
          table.log().name(),
          version,
          adds.size(),
          adds.stream().mapToLong(DataFile::rows).sum(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
  }

  private void backOff(int failures) {
    try {
      Backoff.upTo(table.log().maxBackoff(failures));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommitFailures.interrupted(table.log().name(), e);
    }
  }

  /**
   * A table's next version: the one place where a ledger enters a commit.
   *
   * @throws LakeException if the ledger would be longer than a log may hold, and longer than the
   *     one before
   */
  final Next next(
      LedgerTable.Base base,
      String operation,
      List<DataFile> adds,
      List<DataFile> removes,
      Ledger ledger) {
    String text = ledger.toJson();
    if (text.length() > Ledger.MAX_CHARACTERS && text.length() > base.characters()) {
      throw CommitFailures.ledgerTooLong(table.log().name(), text.length(), ledger);
    }
    return new Next(new Changes(operation, adds, removes, Map.of(Ledger.DOMAIN, text)), ledger);
  }
}
