package clicklake.io.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commits of a short log, all at once. */
final class LogCommits {
  private LogCommits() {}

  static Optional<List<TableLog.LogCommit>> between(TableLog log, long since, long until) {
    List<TableLog.LogCommit> commits = new ArrayList<>();
    return log.showCommits(since, until, commits::add) ? Optional.of(commits) : Optional.empty();
  }
}
