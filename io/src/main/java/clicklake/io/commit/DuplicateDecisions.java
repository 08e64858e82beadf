package clicklake.io.commit;

import clicklake.io.ledger.LedgerDraft;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides records that their writer took for duplicates: one is covered when its original is in the
 * table, or becomes a row of this very commit. Others wait.
 */
final class DuplicateDecisions {
  private final LedgerDraft draft;
  private final EventsSince since;
  private final EventKeyIndex own;
  private final long horizonMicros;
  private final List<Proposal> deferred = new ArrayList<>();
  private long duplicates;
  private long conflicts;
  private long waiting;

  /**
   * @param draft silver's next ledger: receives what is decided
   * @param own the events that this commit adds
   * @param horizonMicros largest distance of the event times of one event
   */
  DuplicateDecisions(LedgerDraft draft, EventsSince since, EventKeyIndex own, long horizonMicros) {
    this.draft = draft;
    this.since = since;
    this.own = own;
    this.horizonMicros = horizonMicros;
  }

  /**
   * What was decided.
   *
   * @param duplicates records covered as duplicates, conflicts included
   * @param conflicts those with other content than the event they repeat
   * @param waiting records whose original is not durable yet
   * @param deferred what is left of the proposals, for a later look
   */
  record Result(long duplicates, long conflicts, long waiting, List<Proposal> deferred) {}

  Result decide(List<Proposal> proposals) {
    for (Proposal proposal : proposals) {
      if (!proposal.duplicates().isEmpty()) {
        decide(proposal);
      }
    }
    return new Result(duplicates, conflicts, waiting, deferred);
  }

  private void decide(Proposal proposal) {
    Optional<EventsSince.Commits> commits = since.commits(proposal);
    Duplicates all = proposal.duplicates();
    Duplicates.Builder undecided = Duplicates.builder();
    for (int i = 0; i < all.size(); i++) {
      SourcePartition partition = all.partition(i);
      long offset = all.offset(i);
      if (draft.isCovered(partition, offset)) {
        continue;
      }
      long high = all.keys().idHigh(i);
      long low = all.keys().idLow(i);
      long micros = all.keys().eventMicros(i);
      boolean conflict = all.conflict(i);
      if (commits.isPresent()
          && (all.inSilver(i)
              || own.find(high, low, micros, horizonMicros) >= 0
              || commits.get().hold(high, low, micros))) {
        draft.coverDuplicate(partition, offset, conflict);
        duplicates++;
        conflicts += conflict ? 1 : 0;
      } else {
        undecided.add(partition, offset, high, low, micros, all.inSilver(i), conflict);
        waiting++;
      }
    }
    Duplicates rest = undecided.build();
    if (!rest.isEmpty() && commits.isPresent()) {
      deferred.add(
          new Proposal(
              Proposal.Kind.EVENTS,
              null,
              proposal.createdAtMillis(),
              List.of(),
              Map.of(),
              proposal.tableId(),
              proposal.asOf(),
              EventKeys.empty(),
              List.of(),
              rest));
    }
  }
}
