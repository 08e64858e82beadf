package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.EventSearch;
import clicklake.io.lookup.RecentKeys;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Silver's committer: the one place where an event is decided to be a row, a copy, or refused.
 *
 * <p>A writer knew silver at some version and says of each record «row» or «duplicate». Against the
 * snapshot that it commits on, the committer drops positions that are covered, checks every row's
 * event against the commits since the writer's version and against the rows of its own commit, and
 * covers a duplicate only when its original is in the table or in this very commit. What is the
 * same event, and which of two records stays, is {@link SameEvent}'s to say. Everything else waits,
 * uncovered, and is offered again.
 */
public final class EventsCommitter extends Committer {
  private final Clock clock;
  private final Duration horizon;
  private final SameEvent sameEvent;
  private final String rules;
  private final int keepFinished;
  private final Bronze bronze;
  private final LongSupplier quarantineApplied;
  private final TableFiles rejectFiles;
  private final RecentKeys recent;
  private final EventSearch search;
  private @Nullable EventKeyIndex lastOwn;
  private List<DataFile> lastRemoves = List.of();

  /** What silver's decisions ask of bronze. */
  public interface Bronze {
    /** No bronze: silver covers what is proposed. */
    Bronze NONE =
        new Bronze() {
          @Override
          public Optional<Ledger> known() {
            return Optional.empty();
          }

          @Override
          public boolean look() {
            return false;
          }

          @Override
          public void bringTo(TableState silver) {}

          @Override
          public void decided(TableState silver) {}

          @Override
          public Map<SourcePartition, OffsetRanges> rowsAt(
              Map<SourcePartition, OffsetRanges> positions) {
            return Map.of();
          }
        };

    /** Its newest ledger that is known; empty where there is no bronze. */
    Optional<Ledger> known();

    /** Looks for a newer one, and says whether there is one. */
    boolean look();

    /**
     * Makes sure that the known ledger is not older than the one that decided this version of
     * silver. Both tables take finished files off their lists, bronze first: with an older ledger
     * of bronze, a file that silver no longer lists would look like a new one.
     */
    void bringTo(TableState silver);

    /** Notes that this process has put a version of silver, with bronze as it is known. */
    void decided(TableState silver);

    /** Given positions where a reader found no record, those at which bronze has a row. */
    Map<SourcePartition, OffsetRanges> rowsAt(Map<SourcePartition, OffsetRanges> positions);
  }

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for the ledger
   * @param bronze silver covers only what bronze covers
   * @param quarantineApplied the last outbox entry that quarantine is known to hold
   * @param rejectFiles quarantine's files: rejects are written where they will stay
   */
  public EventsCommitter(
      LedgerTable table,
      Clock clock,
      Duration horizon,
      String rules,
      int keepFinished,
      Bronze bronze,
      LongSupplier quarantineApplied,
      TableFiles rejectFiles) {
    super(table);
    this.clock = clock;
    this.horizon = horizon;
    this.sameEvent = SameEvent.within(horizon);
    this.rules = rules;
    this.keepFinished = keepFinished;
    this.bronze = bronze;
    this.quarantineApplied = quarantineApplied;
    this.rejectFiles = rejectFiles;
    this.recent = new RecentKeys(table);
    this.search = new EventSearch(table, sameEvent.horizonMicros());
  }

  @Override
  boolean look() {
    AtomicBoolean newer = new AtomicBoolean();
    AtomicBoolean newerBronze = new AtomicBoolean();
    table()
        .calls()
        .makeAll(List.of(() -> newer.set(super.look()), () -> newerBronze.set(bronze.look())));
    return newer.get() || newerBronze.get();
  }

  @Override
  void prepare(TableState base) {
    bronze.bringTo(base);
  }

  @Override
  TableFiles filesOf(Proposal proposal) {
    return proposal.kind() == Proposal.Kind.REJECTS ? rejectFiles : table().files();
  }

  @Override
  void committed(TableState state) {
    bronze.decided(state);
    if (lastOwn != null) {
      recent.put(state.tableId(), state.version(), lastOwn);
      lastOwn = null;
    }
    search.committed(state, lastRemoves);
  }

  @Override
  Plan plan(LedgerTable.Base base, List<Proposal> proposals, StorageChecks checks) {
    LedgerDraft draft = new LedgerDraft(base.ledger());
    BronzeCover records = new BronzeCover(bronze.known(), base.ledger());
    Rewrites rewrites = new Rewrites(clock);
    EventsSince since = new EventsSince(recent, base.state(), sameEvent.horizonMicros());

    Admitted admitted = admit(base, proposals, records, checks);
    long rejects =
        new RejectDecisions(draft, rejectFiles, rewrites, bronze::rowsAt)
            .decide(admitted.of(Proposal.Kind.REJECTS));
    RowDecisions.Result rows =
        new RowDecisions(
                draft,
                table().files(),
                rewrites,
                sameEvent,
                since,
                (atTheirTime, within) -> search.rows(base.state(), atTheirTime, within))
            .decide(admitted.of(Proposal.Kind.EVENTS));
    DuplicateDecisions.Result duplicates =
        new DuplicateDecisions(draft, since, rows.events(), sameEvent.horizonMicros())
            .decide(admitted.of(Proposal.Kind.EVENTS));

    List<Proposal> deferred = new ArrayList<>(admitted.deferred());
    deferred.addAll(duplicates.deferred());
    CommitReport report =
        new CommitReport(
            0,
            rows.rows(),
            rejects,
            rows.duplicates() + duplicates.duplicates(),
            rows.conflicts() + duplicates.conflicts(),
            duplicates.waiting());
    Next next = draft.changed() ? next(base, draft, rows, records) : null;
    lastOwn = next == null ? null : rows.events();
    lastRemoves = rows.removes();
    return new Plan(next, report, admitted.refused(), deferred, rewrites);
  }

  private Next next(
      LedgerTable.Base base, LedgerDraft draft, RowDecisions.Result rows, BronzeCover records) {
    draft.rules(rules);
    draft.decidedWithin(horizon);
    draft.published(quarantineApplied.getAsLong());
    Ledger ledger =
        draft.build(
            base.state().tableId(), base.state().version() + 1, keepFinished, records::retired);
    return next(
        base, rows.removes().isEmpty() ? "WRITE" : "REWRITE", rows.adds(), rows.removes(), ledger);
  }

  /**
   * Proposals that may be decided on a base, and what becomes of the others.
   *
   * @param refused whether there are some that never may
   * @param deferred those that wait for bronze
   */
  private record Admitted(List<Proposal> proposals, boolean refused, List<Proposal> deferred) {
    List<Proposal> of(Proposal.Kind kind) {
      return proposals.stream().filter(proposal -> proposal.kind() == kind).toList();
    }
  }

  private Admitted admit(
      LedgerTable.Base base, List<Proposal> proposals, BronzeCover records, StorageChecks checks) {
    List<Proposal> admitted = new ArrayList<>();
    List<Proposal> deferred = new ArrayList<>();
    boolean refused = false;
    for (Proposal proposal : proposals) {
      if (!ProposalChecks.admits(filesOf(proposal), checks, base, proposal, clock.millis())) {
        refused = true;
      } else if (records.holds(proposal)) {
        admitted.add(proposal);
      } else if (ProposalChecks.contradicts(records.bronze(), proposal)) {
        refused = true;
      } else {
        deferred.add(proposal);
      }
    }
    return new Admitted(admitted, refused, deferred);
  }
}
