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
  private List<Proposal> files = new ArrayList<>();
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

  /** All of them, which are nobody's then. */
  public synchronized List<Proposal> takeAll() {
    List<Proposal> taken = files;
    files = new ArrayList<>();
    return taken;
  }

  /**
   * Keeps proposals, except for those that have waited too long or are too many.
   *
   * @param nowMillis by a clock like the writers': a proposal's age is told by its birth
   */
  synchronized void keep(List<Proposal> waiting, long nowMillis) {
    files.addAll(waiting);
    long before = nowMillis - LONGEST.toMillis();
    int had = files.size();
    files.removeIf(file -> file.birthMillis() < before);
    long bytes = 0;
    int from = files.size();
    // The latest were added last.
    while (from > 0 && bytes + bytes(files.get(from - 1)) <= mostBytes) {
      from--;
      bytes += bytes(files.get(from));
    }
    files.subList(0, from).clear();
    if (files.size() < had) {
      givenUp += had - files.size();
      LOG.warn(
          "gave up {} proposals that waited for their records or originals, {} wait on; what they"
              + " speak of will be read again",
          had - files.size(),
          files.size());
    }
  }

  /** How many were given up since this was last asked. */
  synchronized long givenUp() {
    long since = givenUp;
    givenUp = 0;
    return since;
  }

  /** Memory that a proposal takes, more or less. */
  private static long bytes(Proposal file) {
    long bytes = 1000 + 24L * file.keys().size() + 48L * file.duplicates().size();
    for (Coverage coverage : file.coverage()) {
      bytes += 100 + 16L * coverage.runs().runCount();
    }
    return file.content() == null ? bytes : bytes + file.content().stats().length();
  }
}
