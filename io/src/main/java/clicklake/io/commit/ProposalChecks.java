package clicklake.io.commit;

import clicklake.io.ledger.GrowingRanges;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that every committer applies to a proposal before it looks at rows: is the file still
 * to be had, and which of its positions are new.
 */
final class ProposalChecks {
  private static final Logger LOG = LoggerFactory.getLogger(ProposalChecks.class);

  private ProposalChecks() {}

  /** Whether a proposal may be considered at all on this base. */
  static boolean admits(
      TableFiles files,
      StorageChecks checks,
      LedgerTable.Base base,
      Proposal proposal,
      long nowMillis) {
    String fault = fault(files, checks, base, proposal, nowMillis);
    if (fault != null) {
      LOG.warn(
          "refused a proposed {} file ({}): {}; its positions will be read again",
          proposal.kind(),
          proposal.content() == null ? "coverage alone" : proposal.content().path(),
          fault);
      return false;
    }
    return true;
  }

  /**
   * Whether a proposal speaks of the partitions that this draft speaks of. A file that was
   * replaced, or a topic that was created again, before the first commit of either has the same
   * name, and the ledger does not know yet which of the two is meant: the first that comes is.
   */
  static boolean agrees(LedgerDraft draft, Proposal proposal) {
    for (SourcePartition partition : proposal.partitions()) {
      if (draft.meansAnother(partition)) {
        LOG.warn(
            "refused a proposed {} file ({}): another {} is in the same commit; its positions will"
                + " be read again",
            proposal.kind(),
            proposal.content() == null ? "coverage alone" : proposal.content().path(),
            partition);
        return false;
      }
    }
    return true;
  }

  private static @Nullable String fault(
      TableFiles files,
      StorageChecks checks,
      LedgerTable.Base base,
      Proposal proposal,
      long nowMillis) {
    if (!proposal.tableId().isEmpty() && !proposal.tableId().equals(base.state().tableId())) {
      return "it was written for table " + proposal.tableId();
    }
    for (SourcePartition partition : proposal.partitions()) {
      Ledger.Partition known = base.ledger().partition(partition.name());
      if (known != null && !known.id().equals(partition)) {
        return partition
            + " is "
            + partition.identity()
            + " there, "
            + known.id().identity()
            + " in the ledger";
      }
    }
    DataFile content = proposal.content();
    if (content != null) {
      if (proposal.createdAtMillis() < base.ledger().vacuumedBefore()) {
        return "maintenance may have deleted it";
      }
      if (proposal.createdAtMillis() < nowMillis - Proposal.MAX_AGE.toMillis()) {
        return "it is older than a day";
      }
      if (checks.isMissing(files, content.path())) {
        return "it is missing";
      }
    }
    return null;
  }

  /**
   * Whether a proposal speaks of a partition that is another one in bronze. Bronze will never cover
   * it then, so there is nothing to wait for.
   */
  static boolean contradicts(Optional<Ledger> bronze, Proposal proposal) {
    for (SourcePartition partition : proposal.partitions()) {
      Ledger.Partition there =
          bronze.map(ledger -> ledger.partition(partition.name())).orElse(null);
      if (there != null && !there.id().equals(partition)) {
        LOG.warn(
            "refused a proposed {} file: {} is {} there, {} in bronze; its positions will be read"
                + " again",
            proposal.kind(),
            partition,
            partition.identity(),
            there.id().identity());
        return true;
      }
    }
    return false;
  }

  /** Positions of a file that are covered already. */
  static Map<SourcePartition, OffsetRanges> overlap(LedgerDraft draft, Proposal proposal) {
    Map<SourcePartition, OffsetRanges> overlap = new HashMap<>();
    for (Coverage coverage : proposal.coverage()) {
      OffsetRanges both = draft.covered(coverage.partition(), coverage.runs());
      if (!both.isEmpty()) {
        overlap.merge(coverage.partition(), both, OffsetRanges::union);
      }
    }
    return overlap;
  }

  /**
   * What some files cover, added up by partition; empty if a position is covered already, or is in
   * two of them. Nearly always none is, and this is told for all files together in a fraction of
   * the time that asking one by one takes.
   */
  static Optional<List<Coverage>> withoutOverlap(LedgerDraft draft, List<Proposal> proposals) {
    Map<SourcePartition, GrowingRanges> positions = new HashMap<>();
    Map<SourcePartition, Long> sizes = new HashMap<>();
    Map<SourcePartition, Long> rows = new HashMap<>();
    for (Proposal proposal : proposals) {
      for (Coverage coverage : proposal.coverage()) {
        SourcePartition id = coverage.partition();
        positions
            .computeIfAbsent(id, first -> new GrowingRanges(OffsetRanges.empty()))
            .addAll(coverage.runs());
        sizes.merge(id, coverage.runs().size(), Long::sum);
        rows.merge(id, coverage.rows(), Long::sum);
      }
    }
    List<Coverage> together = new ArrayList<>();
    for (Map.Entry<SourcePartition, GrowingRanges> entry : positions.entrySet()) {
      SourcePartition id = entry.getKey();
      OffsetRanges all = entry.getValue().all();
      if (all.size() != sizes.get(id) || !draft.covered(id, all).isEmpty()) {
        return Optional.empty();
      }
      together.add(new Coverage(id, all, rows.get(id)));
    }
    return Optional.of(together);
  }

  /** Whether an {@link #overlap} is all of a file's positions. */
  static boolean isAll(Map<SourcePartition, OffsetRanges> overlap, Proposal proposal) {
    for (Coverage coverage : proposal.coverage()) {
      if (!overlap
          .getOrDefault(coverage.partition(), OffsetRanges.empty())
          .containsAll(coverage.runs())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The file's coverage without positions covered already.
   *
   * @param droppedRows how many of its rows leave, by partition
   */
  static List<Coverage> remaining(
      Proposal proposal,
      Map<SourcePartition, OffsetRanges> overlap,
      Map<SourcePartition, Long> droppedRows) {
    List<Coverage> remaining = new ArrayList<>();
    for (Coverage coverage : proposal.coverage()) {
      SourcePartition id = coverage.partition();
      remaining.add(
          new Coverage(
              id,
              coverage.runs().minus(overlap.getOrDefault(id, OffsetRanges.empty())),
              coverage.rows() - droppedRows.getOrDefault(id, 0L)));
    }
    return remaining;
  }

  /** The rows of a file whose positions are covered already. */
  static Set<TableFiles.RowFacts> coveredRows(
      List<TableFiles.RowFacts> rows, Map<SourcePartition, OffsetRanges> overlap) {
    Map<String, OffsetRanges> byName = new HashMap<>();
    overlap.forEach((id, runs) -> byName.put(id.name(), runs));
    Set<TableFiles.RowFacts> covered = new HashSet<>();
    for (TableFiles.RowFacts row : rows) {
      OffsetRanges runs = byName.get(row.partitionName());
      if (runs != null && runs.contains(row.offset())) {
        covered.add(row);
      }
    }
    return covered;
  }

  /** Counts rows by partition. */
  static Map<SourcePartition, Long> countByPartition(
      Proposal proposal, Set<TableFiles.RowFacts> rows) {
    Map<String, SourcePartition> ids = new HashMap<>();
    proposal
        .coverage()
        .forEach(coverage -> ids.put(coverage.partition().name(), coverage.partition()));
    Map<SourcePartition, Long> counts = new HashMap<>();
    for (TableFiles.RowFacts row : rows) {
      SourcePartition id = ids.get(row.partitionName());
      if (id == null) {
        throw new CorruptTableException(
            "proposed file "
                + proposal.content()
                + " holds a row of "
                + row.partitionName()
                + " that it does not claim to cover");
      }
      counts.merge(id, 1L, Long::sum);
    }
    return counts;
  }
}
