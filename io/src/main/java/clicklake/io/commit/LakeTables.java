package clicklake.io.commit;

import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.KnownHoles;
import clicklake.io.lookup.LandedFiles;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;

/**
 * The three tables that the protocol rests on. Handles in this class are shared by all workers of a
 * process, so that each sees a commit of the others without reading the log again.
 *
 * @param bronze records as received
 * @param silver unique events, and the ledger that decides
 * @param quarantine refused records, published from silver's outbox
 * @param quarantineFiles files of quarantine
 * @param deferred what waits for a later commit
 * @param holes where bronze is known to hold no row
 * @param landed which landing files bronze has rows of
 * @param publishing when quarantine is published
 * @param bronzeAge up to which version of silver bronze is known
 */
public record LakeTables(
    LedgerTable bronze,
    LedgerTable silver,
    TableLog quarantine,
    TableFiles quarantineFiles,
    DeferredProposals deferred,
    KnownHoles holes,
    LandedFiles landed,
    Publishing publishing,
    BronzeAge bronzeAge) {

  public LakeTables(
      LedgerTable bronze,
      LedgerTable silver,
      TableLog quarantine,
      TableFiles quarantineFiles,
      Publishing publishing) {
    this(
        bronze,
        silver,
        quarantine,
        quarantineFiles,
        new DeferredProposals(),
        new KnownHoles(),
        new LandedFiles(bronze),
        publishing,
        new BronzeAge());
  }

  /** With quarantine published by each commit. */
  public LakeTables(
      LedgerTable bronze, LedgerTable silver, TableLog quarantine, TableFiles quarantineFiles) {
    this(bronze, silver, quarantine, quarantineFiles, Publishing.withCommits());
  }
}
