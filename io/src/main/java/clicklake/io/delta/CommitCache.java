package clicklake.io.delta;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest commits of one log, as they were read or put: a log's files never change, so each is
 * read once in a process, whoever asks.
 */
final class CommitCache {
  /** Commits and files in them: about 2 kB each. */
  private static final int MAX_WEIGHT = 1_000;

  private final TreeMap<Long, CommitFile> commits = new TreeMap<>();
  private int weight;

  synchronized Optional<CommitFile> find(long version) {
    return Optional.ofNullable(commits.get(version));
  }

  synchronized void put(CommitFile commit) {
    CommitFile before = commits.put(commit.commit().version(), commit);
    weight += weight(commit) - (before == null ? 0 : weight(before));
    for (Iterator<Map.Entry<Long, CommitFile>> i = commits.entrySet().iterator();
        weight > MAX_WEIGHT && i.hasNext(); ) {
      weight -= weight(i.next().getValue());
      i.remove();
    }
  }

  /** Forgets all: the log may be another one. */
  synchronized void clear() {
    commits.clear();
    weight = 0;
  }

  private static int weight(CommitFile commit) {
    return 1 + commit.commit().adds().size() + commit.commit().removes().size();
  }
}
