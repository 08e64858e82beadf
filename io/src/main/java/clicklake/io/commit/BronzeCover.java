package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What bronze covers, seen from silver's committer. Silver never runs ahead: bronze proves
 * duplicates, and a landing file's generation is bronze's to give.
 *
 * @param bronze bronze's ledger; empty where there is no bronze
 * @param silver silver's ledger at the base of the decision
 */
record BronzeCover(Optional<Ledger> bronze, Ledger silver) {

  /** Whether bronze covers every position of a proposal. */
  boolean holds(Proposal proposal) {
    return bronze.isEmpty() || holds(bronze.get(), proposal);
  }

  private boolean holds(Ledger records, Proposal proposal) {
    for (SourcePartition partition : proposal.partitions()) {
      Ledger.Partition there = records.partition(partition.name());
      if (there == null
          ? silver.partition(partition.name()) == null
          : !there.id().equals(partition)) {
        return false;
      }
    }
    for (Coverage coverage : proposal.coverage()) {
      if (records.partition(coverage.partition().name()) != null
          && !records.covered(coverage.partition()).containsAll(coverage.runs())) {
        return false;
      }
    }
    Duplicates duplicates = proposal.duplicates();
    Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
    for (int i = 0; i < duplicates.size(); i++) {
      SourcePartition partition = duplicates.partition(i);
      if (records.partition(partition.name()) != null
          && !covered.computeIfAbsent(partition, records::covered).contains(duplicates.offset(i))) {
        return false;
      }
    }
    return true;
  }

  /** Which partitions bronze no longer lists. */
  Predicate<SourcePartition> retired() {
    return partition ->
        bronze.map(ledger -> ledger.partition(partition.name()) == null).orElse(true);
  }
}
