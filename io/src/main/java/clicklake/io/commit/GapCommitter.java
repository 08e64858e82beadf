package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Covers positions whose records nobody has any more, so that reading can go on behind them.
 * Positions that are covered already stay as they are: a second time nothing happens.
 */
public final class GapCommitter extends Committer {
  private final Map<SourcePartition, OffsetRanges> gaps;
  private final boolean listed;

  /**
   * @param listed whether the ledger is to list them as lost, for ever
   */
  public GapCommitter(LedgerTable table, Map<SourcePartition, OffsetRanges> gaps, boolean listed) {
    super(table);
    this.gaps = gaps;
    this.listed = listed;
  }

  public void commit() {
    look();
    commit(List.of(), new ArrayList<>());
  }

  @Override
  Plan plan(LedgerTable.Base base, List<Proposal> proposals, StorageChecks checks) {
    Rewrites none = new Rewrites(Clock.systemUTC());
    LedgerDraft draft = new LedgerDraft(base.ledger());
    gaps.forEach(
        (partition, runs) -> {
          Ledger.Partition known = base.ledger().partition(partition.name());
          if (known != null && !known.id().equals(partition)) {
            throw CommitFailures.gapOfAnother(partition, known.id());
          }
          draft.lose(partition, runs, listed);
        });
    if (!draft.changed()) {
      return new Plan(null, CommitReport.NOTHING, false, List.of(), none);
    }
    Ledger ledger =
        draft.build(
            base.state().tableId(),
            base.state().version() + 1,
            Integer.MAX_VALUE,
            () -> partition -> false);
    return new Plan(
        next(base, "ACCEPT GAP", List.of(), List.of(), ledger),
        CommitReport.NOTHING,
        false,
        List.of(),
        none);
  }
}
