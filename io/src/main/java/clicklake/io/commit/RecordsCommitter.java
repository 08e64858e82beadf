package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.KnownHoles;
import clicklake.io.lookup.LandedFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Appends rows by their positions alone: every position of the source is covered once, whatever the
 * rows are. Bronze's committer, and the one behind {@code DeltaIO.append}.
 */
public final class RecordsCommitter extends Committer {
  private final Clock clock;
  private final int keepFinished;
  private final Supplier<Predicate<SourcePartition>> mayRetire;
  private final LandedFiles landed;
  private final KnownHoles holes;
  private Map<SourcePartition, OffsetRanges> plannedHoles = Map.of();

  /**
   * @param keepFinished the ledger lists twice as many finished files at the most
   * @param mayRetire which finished files nobody downstream needs to see in the ledger; asked for
   *     only by a commit that may take some off the list
   * @param landed which landing files the table has rows of
   * @param holes is told which positions were committed without a row
   */
  public RecordsCommitter(
      LedgerTable table,
      Clock clock,
      int keepFinished,
      Supplier<Predicate<SourcePartition>> mayRetire,
      LandedFiles landed,
      KnownHoles holes) {
    super(table);
    this.landed = landed;
    this.clock = clock;
    this.keepFinished = keepFinished;
    this.mayRetire = mayRetire;
    this.holes = holes;
  }

  @Override
  void committed(TableState state) {
    holes.note(plannedHoles);
  }

  @Override
  Plan plan(LedgerTable.Base base, List<Proposal> proposals, StorageChecks checks) {
    LedgerDraft draft = new LedgerDraft(base.ledger());
    List<DataFile> adds = new ArrayList<>();
    Rewrites rewrites = new Rewrites(clock);
    boolean refused = false;
    Map<SourcePartition, OffsetRanges> withoutRow = new HashMap<>();
    long rows = 0;
    for (Proposal proposal : proposals) {
      if (!ProposalChecks.admits(table().files(), checks, base, proposal, clock.millis())
          || retiredMeanwhile(base, proposal)
          || !ProposalChecks.agrees(draft, proposal)) {
        refused = true;
        continue;
      }
      proposal.endOffsets().forEach(draft::end);
      Map<SourcePartition, OffsetRanges> overlap = ProposalChecks.overlap(draft, proposal);
      if (ProposalChecks.isAll(overlap, proposal)) {
        continue;
      }
      Map<SourcePartition, Long> dropped = new HashMap<>();
      DataFile content = proposal.content();
      if (content != null && !overlap.isEmpty()) {
        Set<RowFacts> covered = ProposalChecks.coveredRows(table().files().rows(content), overlap);
        dropped = ProposalChecks.countByPartition(proposal, covered);
        content = rewrites.without(table().files(), content, covered);
      }
      for (Coverage coverage : ProposalChecks.remaining(proposal, overlap, dropped)) {
        draft.cover(coverage);
        if (proposal.content() == null && KnownHoles.mayChange(coverage.partition())) {
          withoutRow.merge(coverage.partition(), coverage.runs(), OffsetRanges::union);
        }
      }
      if (content != null) {
        adds.add(content);
        rows += content.rows();
      }
    }
    plannedHoles = withoutRow;
    if (!draft.changed()) {
      return new Plan(null, CommitReport.NOTHING, refused, List.of(), rewrites);
    }
    Ledger ledger =
        draft.build(base.state().tableId(), base.state().version() + 1, keepFinished, mayRetire);
    return new Plan(
        next(base, "WRITE", adds, List.of(), ledger),
        new CommitReport(rows, 0, 0, 0, 0, 0),
        refused,
        List.of(),
        rewrites);
  }

  /**
   * Whether a file's partition was read to its end, and taken off the ledger, after the reader
   * looked: then its absence from the ledger does not mean that it is new. The table's rows tell.
   * (A landing file without a row leaves none, and may be covered a second time: with nothing.)
   */
  private boolean retiredMeanwhile(LedgerTable.Base base, Proposal proposal) {
    Ledger ledger = base.ledger();
    if (ledger.retired().version() <= proposal.asOf()) {
      return false;
    }
    List<SourcePartition> unlisted =
        proposal.partitions().stream()
            .filter(partition -> ledger.partition(partition.name()) == null)
            .filter(partition -> partition.identity().startsWith("file:"))
            .toList();
    return !unlisted.isEmpty() && landed.holdsAny(base, unlisted);
  }
}
