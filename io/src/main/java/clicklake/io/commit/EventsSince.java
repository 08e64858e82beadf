package clicklake.io.commit;

import clicklake.io.lookup.RecentKeys;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.table.TableLog.TableState;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The events that silver gained between the version that a proposal was made at and the base of a
 * decision.
 */
final class EventsSince {
  private final RecentKeys recent;
  private final TableState base;
  private final long horizonMicros;

  /** What was found last: most proposals of one commit were made at one version. */
  private Optional<Commits> last = Optional.empty();

  private long lastAsOf = Long.MIN_VALUE;

  EventsSince(RecentKeys recent, TableState base, long horizonMicros) {
    this.recent = recent;
    this.base = base;
    this.horizonMicros = horizonMicros;
  }

  /** The events of some commits. */
  record Commits(List<EventKeyIndex> keys, long horizonMicros) {
    /** Whether one of them could be this event. */
    boolean hold(long idHigh, long idLow, long eventMicros) {
      for (EventKeyIndex commit : keys) {
        if (commit.find(idHigh, idLow, eventMicros, horizonMicros) >= 0) {
          return true;
        }
      }
      return false;
    }

    /** Shows the event times of all that could be this event. */
    void times(long idHigh, long idLow, long eventMicros, LongConsumer visitor) {
      for (EventKeyIndex commit : keys) {
        commit.find(
            idHigh,
            idLow,
            eventMicros,
            horizonMicros,
            slot -> {
              visitor.accept(commit.eventMicros(slot));
              return false;
            });
      }
    }
  }

  /** The commits since a proposal was made; empty if the log no longer holds them all. */
  Optional<Commits> commits(Proposal proposal) {
    if (lastAsOf != proposal.asOf()) {
      last =
          recent
              .between(base.tableId(), proposal.asOf(), base.version())
              .map(keys -> new Commits(keys, horizonMicros));
      lastAsOf = proposal.asOf();
    }
    return last;
  }
}
