package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commits a set of proposals to the lake: bronze first, then silver, then quarantine from silver's
 * outbox. What has to wait is kept for the next call, of whichever instance in this process. Not
 * safe for use by several threads; several instances on one lake are.
 */
final class LakeCommitter {
  private final RecordsCommitter bronze;
  private final EventsCommitter silver;
  private final QuarantinePublisher quarantine;
  private final LakeTables tables;

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for silver's ledger
   * @param keepFinished the ledgers list twice as many finished landing files at the most
   * @param beforeQuarantine is shown reject files before quarantine has them
   */
  LakeCommitter(
      LakeTables tables,
      Clock clock,
      Duration horizon,
      String rules,
      int keepFinished,
      Consumer<List<DataFile.Content>> beforeQuarantine) {
    this.tables = tables;
    this.bronze =
        new RecordsCommitter(
            tables.bronze(),
            clock,
            keepFinished,
            partition ->
                silverLedger()
                    .map(ledger -> ledger.partition(partition.name()))
                    .map(Ledger.Partition::finished)
                    .orElse(false),
            tables.landed());
    this.silver =
        new EventsCommitter(
            tables.silver(),
            clock,
            horizon,
            rules,
            keepFinished,
            () -> tables.bronze().newestIfAny().map(LedgerTable.Base::ledger),
            () -> QuarantinePublisher.applied(tables),
            tables.quarantineFiles());
    this.quarantine = new QuarantinePublisher(tables, beforeQuarantine);
  }

  private Optional<Ledger> silverLedger() {
    return tables.silver().newestIfAny().map(LedgerTable.Base::ledger);
  }

  /**
   * Commits what can be committed of these proposals and of those held before.
   *
   * @throws LakeException if a table is not as its ledger says, or the storage fails
   */
  CommitReport commit(Iterable<DataFile> proposals) {
    CommitReport report;
    synchronized (tables.held()) {
      List<DataFile> records = new ArrayList<>();
      List<DataFile> decisions = tables.held().takeAll();
      for (DataFile file : proposals) {
        (file.kind() == DataFile.Kind.RECORDS ? records : decisions).add(file);
      }
      List<DataFile> waiting = new ArrayList<>();
      report = bronze.commit(records, waiting).plus(silver.commit(decisions, waiting));
      tables.held().keep(waiting);
    }
    quarantine.publish();
    return report;
  }

  /** Forgets what waits; it is uncovered and will be read again. */
  void giveUpHeld() {
    tables.held().takeAll();
  }
}
