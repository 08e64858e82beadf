package clicklake.io.commit;

import clicklake.io.ledger.LedgerDraft;
import clicklake.io.lookup.KnownHoles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Decides refused records, by their positions alone: each is covered once, and its file goes to the
 * outbox.
 */
final class RejectDecisions {
  private final LedgerDraft draft;
  private final TableFiles files;
  private final Rewrites rewrites;
  private final UnaryOperator<Map<SourcePartition, OffsetRanges>> rowsInBronze;

  /**
   * @param draft silver's next ledger: receives what is decided
   * @param files quarantine's files: rejects are written where they will stay
   * @param rowsInBronze given positions where a reader found no record, returns those at which
   *     bronze has a row
   */
  RejectDecisions(
      LedgerDraft draft,
      TableFiles files,
      Rewrites rewrites,
      UnaryOperator<Map<SourcePartition, OffsetRanges>> rowsInBronze) {
    this.draft = draft;
    this.files = files;
    this.rewrites = rewrites;
    this.rowsInBronze = rowsInBronze;
  }

  /**
   * Decides.
   *
   * @param proposals admitted proposals, of reject files or of positions without a record
   * @return how many records are refused
   */
  long decide(List<Proposal> proposals) {
    List<DataFile> decided = new ArrayList<>();
    Map<SourcePartition, OffsetRanges> noHoles = rowsAtHoles(proposals);
    for (Proposal proposal : proposals) {
      proposal.endOffsets().forEach(draft::end);
      Map<SourcePartition, OffsetRanges> overlap = ProposalChecks.overlap(draft, proposal);
      if (ProposalChecks.isAll(overlap, proposal)) {
        continue;
      }
      Map<SourcePartition, Long> dropped = new HashMap<>();
      DataFile content = proposal.content();
      if (content == null) {
        noHoles.forEach((partition, rows) -> overlap.merge(partition, rows, OffsetRanges::union));
      } else if (!overlap.isEmpty()) {
        Set<RowFacts> covered = ProposalChecks.coveredRows(files.rows(content), overlap);
        dropped = ProposalChecks.countByPartition(proposal, covered);
        content = rewrites.without(files, content, covered);
      }
      ProposalChecks.remaining(proposal, overlap, dropped).forEach(draft::coverRejects);
      if (content != null) {
        decided.add(content);
      }
    }
    if (!decided.isEmpty()) {
      draft.publish(decided);
    }
    return decided.stream().mapToLong(DataFile::rows).sum();
  }

  /**
   * Where bronze holds a record and a reader has found none: the source lost it in between. Such a
   * position stays uncovered, so that the record is read again, from bronze.
   */
  private Map<SourcePartition, OffsetRanges> rowsAtHoles(List<Proposal> proposals) {
    Map<SourcePartition, OffsetRanges> holes = new HashMap<>();
    for (Proposal proposal : proposals) {
      if (proposal.content() == null) {
        for (Coverage coverage : proposal.coverage()) {
          SourcePartition partition = coverage.partition();
          OffsetRanges uncovered = coverage.runs().minus(draft.covered(partition, coverage.runs()));
          if (KnownHoles.mayChange(partition) && !uncovered.isEmpty()) {
            holes.merge(partition, uncovered, OffsetRanges::union);
          }
        }
      }
    }
    return holes.isEmpty() ? holes : rowsInBronze.apply(holes);
  }
}
