package clicklake.io.commit;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of every committer: look, decide, put if absent; on conflict or doubt look again.
 *
 * <p>Decisions rest on one snapshot and are put as the version right after it, so they hold when
 * the put succeeds. Whatever else happens, nothing was changed and everything can be proposed
 * again: positions that a doubtful commit did cover are dropped by the next look.
 */
abstract class Committer {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
  private static final int STORAGE_ATTEMPTS = 5;

  private final LedgerTable table;
  // Not the default generator: its module is not to be seen from every class loader.
  private final RandomGenerator random = new SplittableRandom();

  Committer(LedgerTable table) {
    this.table = table;
  }

  LedgerTable table() {
    return table;
  }

  /**
   * What to do about a set of proposals on one base.
   *
   * @param changes the next version; null if there is nothing to commit
   * @param report what it adds
   * @param deferred proposals, or what is left of them, for a later look
   * @param written files written for this plan under names never used before: to be deleted if the
   *     log shows that the plan was not committed, and kept whenever that is in doubt
   */
  record Plan(
      @Nullable Changes changes,
      CommitReport report,
      List<Proposal> deferred,
      List<Written> written) {}

  /** A file written for a plan, and the place to delete it from. */
  record Written(TableFiles place, String path) {}

  /** Decides; writes no version. */
  abstract Plan plan(LedgerTable.Base base, List<Proposal> proposals);

  /** Is told of a version that this committer put. */
  void committed(TableState state, List<Proposal> proposals) {}

  /**
   * Commits what can be committed of the proposals.
   *
   * @param deferred receives proposals that wait for a later look
   * @throws CorruptTableException if the table is not as its ledger says
   * @throws LakeException if the storage fails again and again
   */
  public final CommitReport commit(List<Proposal> proposals, List<Proposal> deferred) {
    int storageFailures = 0;
    int conflicts = 0;
    long begun = System.nanoTime();
    while (true) {
      LedgerTable.Base base = table.newest();
      Plan plan = plan(base, proposals);
      if (plan.changes() == null) {
        deferred.addAll(plan.deferred());
        return plan.report();
      }
      FailPoint.BEFORE_COMMIT.reach();
      try {
        TableState state = table.log().commit(base.state(), plan.changes());
        FailPoint.AFTER_COMMIT.reach();
        table.trust(state);
        committed(state, proposals);
        deferred.addAll(plan.deferred());
        logCommit(state.version(), plan.changes().adds(), begun);
        return plan.report();
      } catch (CommitConflictException e) {
        LOG.info(
            "{}: another commit put version {}; deciding again",
            table.log().name(),
            base.state().version() + 1);
        // The log was read: that version is not this plan, and these names are new with the plan.
        plan.written().forEach(file -> file.place().delete(file.path()));
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
    }
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

  /**
   * Waits a little, at random, so that two committers do not collide for ever. The other one may be
   * another process, and nothing tells when it is done ({@link TableLog#maxBackoff}): there is only
   * time to wait for.
   */
  private void backOff(int failures) {
    long most = table.log().maxBackoff(failures).toMillis();
    if (most == 0) {
      return;
    }
    try {
      Thread.sleep(random.nextLong(most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException(table.log().name() + ": interrupted while waiting to commit", e);
    }
  }

  /**
   * The domains of a table's next version: the one place where a ledger enters a commit.
   *
   * @throws LakeException if it would be longer than a log may hold, and longer than the one before
   */
  final Map<String, String> domains(LedgerTable.Base base, Ledger ledger) {
    String text = ledger.toJson();
    if (text.length() > Ledger.MOST_CHARACTERS && text.length() > base.characters()) {
      throw new LakeException(
          "cannot commit to "
              + table.log().name()
              + ": its ledger would be "
              + text.length()
              + " characters long, for "
              + ledger.partitions().size()
              + " partitions or files and "
              + ledger.outbox().size()
              + " commits whose rejects are not in quarantine yet, and a log holds up to "
              + Ledger.MOST_CHARACTERS
              + "; nothing was committed: offer fewer landing files at a time, or larger ones, and if"
              + " quarantine cannot be written, mend that first");
    }
    return Map.of(Ledger.DOMAIN, text);
  }
}
