package clicklake.io.delta;

import clicklake.schemas.table.TableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commits of a short log, all at once. */
public final class LogCommits {
  private LogCommits() {}

  public static Optional<List<TableLog.LogCommit>> between(TableLog log, long since, long until) {
    List<TableLog.LogCommit> commits = new ArrayList<>();
    return log.showCommits(since, until, commits::add) ? Optional.of(commits) : Optional.empty();
  }
}
