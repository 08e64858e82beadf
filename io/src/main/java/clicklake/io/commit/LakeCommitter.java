package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.BronzeRows;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a set of proposals to the lake: bronze first, then silver; quarantine follows silver's
 * outbox. What the storage must be asked before is asked at once for both. What has to wait is kept
 * for the next call, of whichever instance in this process. Not safe for use by several threads;
 * several instances on one lake are.
 */
public final class LakeCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(LakeCommitter.class);

  /** With more commits in silver's outbox than these, a commit waits for quarantine. */
  private static final int MAX_UNPUBLISHED = 50;

  private final RecordsCommitter bronze;
  private final EventsCommitter silver;
  private final QuarantinePublisher quarantine;
  private final LakeTables tables;
  private final Clock clock;

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for silver's ledger
   * @param keepFinished the ledgers list twice as many finished landing files at the most
   * @param beforeQuarantine is shown reject files before quarantine has them; null for nobody
   */
  public LakeCommitter(
      LakeTables tables,
      Clock clock,
      Duration horizon,
      String rules,
      int keepFinished,
      @Nullable Consumer<List<DataFile>> beforeQuarantine) {
    this.tables = tables;
    this.clock = clock;
    this.bronze =
        new RecordsCommitter(
            tables.bronze(),
            clock,
            keepFinished,
            this::finishedInSilver,
            tables.landed(),
            tables.holes());
    this.silver =
        new EventsCommitter(
            tables.silver(),
            clock,
            horizon,
            rules,
            keepFinished,
            new BronzeTable(),
            () -> QuarantinePublisher.knownApplied(tables),
            tables.quarantineFiles());
    this.quarantine = new QuarantinePublisher(tables, beforeQuarantine);
  }

  private Optional<Ledger> silverLedger() {
    return tables.silver().knownIfAny().map(LedgerTable.Base::ledger);
  }

  /** Bronze as silver's decisions see it. */
  private final class BronzeTable implements EventsCommitter.Bronze {
    @Override
    public Optional<Ledger> known() {
      return tables.bronze().knownIfAny().map(LedgerTable.Base::ledger);
    }

    @Override
    public boolean look() {
      TableState before = tables.bronze().log().known().orElse(null);
      return tables
          .bronze()
          .newestIfAny()
          .filter(now -> !now.state().isSameVersion(before))
          .isPresent();
    }

    @Override
    public void bringTo(TableState silver) {
      if (!tables.bronzeAge().reaches(silver)) {
        look();
        tables.bronzeAge().note(silver);
      }
    }

    @Override
    public void decided(TableState silver) {
      tables.bronzeAge().note(silver);
    }

    @Override
    public Map<SourcePartition, OffsetRanges> rowsAt(Map<SourcePartition, OffsetRanges> positions) {
      return rowsInBronze(positions);
    }
  }

  private Predicate<SourcePartition> finishedInSilver() {
    Optional<Ledger> ledger = silverLedger();
    return partition ->
        ledger
            .map(decided -> decided.partition(partition.name()))
            .map(Ledger.Partition::finished)
            .orElse(false);
  }

  /** The positions among these at which bronze holds a row; reads bronze only where it must. */
  private Map<SourcePartition, OffsetRanges> rowsInBronze(
      Map<SourcePartition, OffsetRanges> positions) {
    Map<SourcePartition, OffsetRanges> unknown = new HashMap<>();
    positions.forEach(
        (partition, runs) -> {
          OffsetRanges asked = tables.holes().unknown(partition, runs);
          if (!asked.isEmpty()) {
            unknown.put(partition, asked);
          }
        });
    Optional<LedgerTable.Base> base =
        unknown.isEmpty() ? Optional.empty() : tables.bronze().newestIfAny();
    if (base.isEmpty()) {
      return Map.of();
    }
    Map<SourcePartition, OffsetRanges> rows =
        new BronzeRows(tables.bronze()).positions(base.get().state(), unknown);
    rows.forEach(
        (partition, runs) ->
            LOG.warn(
                "{}: bronze holds records at {} that the source no longer has; they are read again"
                    + " from bronze",
                partition,
                runs));
    Map<SourcePartition, OffsetRanges> holes = new HashMap<>();
    unknown.forEach(
        (partition, runs) ->
            holes.put(partition, runs.minus(rows.getOrDefault(partition, OffsetRanges.empty()))));
    tables.holes().note(holes);
    return rows;
  }

  /**
   * Commits what can be committed of these proposals and of those deferred before.
   *
   * @throws LakeException if a table is not as its ledger says, or the storage fails
   */
  public CommitReport commit(Iterable<Proposal> proposals) {
    tables.publishing().check();
    CommitReport report;
    synchronized (tables.deferred()) {
      List<Proposal> taken = tables.deferred().takeAll();
      List<Proposal> waiting = new ArrayList<>();
      try {
        List<Proposal> records = new ArrayList<>();
        List<Proposal> decisions = new ArrayList<>(taken);
        for (Proposal proposal : proposals) {
          (proposal.kind() == Proposal.Kind.RECORDS ? records : decisions).add(proposal);
        }
        StorageChecks checks = new StorageChecks();
        bronze.addQuestions(records, checks);
        silver.addQuestions(decisions, checks);
        checks.ask(tables.bronze().calls());
        report =
            bronze
                .commit(records, waiting, checks)
                .plus(silver.commit(decisions, waiting, checks))
                .in(bronze.reached(), silver.reached());
      } catch (RuntimeException | Error e) {
        // These proposals come again with the runner's next attempt; those taken would not.
        tables.deferred().keep(taken, clock.millis());
        throw e;
      }
      tables.deferred().keep(waiting, clock.millis());
      if (!tables.holes().isEmpty()) {
        silverLedger().ifPresent(tables.holes()::forgetCoveredBy);
      }
    }
    publishRejects();
    return report;
  }

  /** Has quarantine take what silver's outbox holds, and waits for it if that is too much. */
  private void publishRejects() {
    int waiting = silverLedger().map(ledger -> ledger.outbox().size()).orElse(0);
    if (waiting == 0) {
      return;
    }
    tables.publishing().publish(quarantine);
    if (waiting > MAX_UNPUBLISHED) {
      tables.publishing().await();
    }
  }

  /** How many proposals were given up since this was last asked, for having waited too long. */
  public long givenUp() {
    return tables.deferred().givenUp();
  }
}
