package clicklake.io.commit;

import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposals of this process for one lake that have to wait: rows whose records bronze does not have
 * yet, duplicates whose original is not durable yet. All committers of the process share them, for
 * what they wait for may come to any of them, and be the last that comes for a long time.
 *
 * <p>None waits for ever, and all together take a bounded room: the oldest are given up. That costs
 * work and nothing else, for what they speak of is uncovered, and read again.
 *
 * <p>A committer holds this object's monitor from taking them until it has put back what still
 * waits; otherwise another could commit in between what these wait for, and not see them.
 */
public final class DeferredProposals {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredProposals.class);

  /**
   * By then readers go back to what is not covered, unless they were told to wait longer; what is
   * read again is proposed again.
   */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final long MOST_BYTES = 64L << 20;

  private final long mostBytes;
  private List<Proposal> proposals = new ArrayList<>();
  private long givenUp;

  DeferredProposals() {
    this(MOST_BYTES);
  }

  /**
   * @param mostBytes room for all of them, more or less
   */
  DeferredProposals(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Takes all of them out; the caller has to put back what still waits. */
  public synchronized List<Proposal> takeAll() {
    List<Proposal> taken = proposals;
    proposals = new ArrayList<>();
    return taken;
  }

  /**
   * Keeps proposals, except for those that have waited too long or are too many.
   *
   * @param nowMillis by a clock like the writers': a proposal's age is told by when it was created
   */
  synchronized void keep(List<Proposal> waiting, long nowMillis) {
    proposals.addAll(waiting);
    long before = nowMillis - LONGEST.toMillis();
    int had = proposals.size();
    proposals.removeIf(proposal -> proposal.createdAtMillis() < before);
    long bytes = 0;
    int from = proposals.size();
    // The latest were added last.
    while (from > 0 && bytes + bytes(proposals.get(from - 1)) <= mostBytes) {
      from--;
      bytes += bytes(proposals.get(from));
    }
    proposals.subList(0, from).clear();
    if (proposals.size() < had) {
      givenUp += had - proposals.size();
      LOG.warn(
          "gave up {} proposals that waited for their records or originals, {} wait on; what they"
              + " speak of will be read again",
          had - proposals.size(),
          proposals.size());
    }
  }

  /** How many were given up since this was last asked. */
  synchronized long givenUp() {
    long since = givenUp;
    givenUp = 0;
    return since;
  }

  /** Memory that a proposal takes, more or less. */
  private static long bytes(Proposal proposal) {
    long bytes = 1000 + 24L * proposal.keys().size() + 48L * proposal.duplicates().size();
    for (Coverage coverage : proposal.coverage()) {
      bytes += 100 + 16L * coverage.runs().runCount();
    }
    return proposal.content() == null ? bytes : bytes + proposal.content().stats().length();
  }
}
