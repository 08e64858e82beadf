package clicklake.soak;

import clicklake.io.testing.ChildProcess;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long a job's commits took, as its log says: decided and put, checkpoints included. */
final class CommitTimes {
  private static final Pattern LINE =
      Pattern.compile("(\\S+): version (\\d+), (\\d+) files, (\\d+) rows, (\\d+) ms$");

  private final List<Commit> commits;

  private record Commit(String table, long version, long millis) {}

  private CommitTimes(List<Commit> commits) {
    this.commits = commits;
  }

  static CommitTimes of(ChildProcess job) {
    return new CommitTimes(
        job.output().stream()
            .map(LINE::matcher)
            .filter(Matcher::find)
            .map(
                line ->
                    new Commit(
                        line.group(1),
                        Long.parseLong(line.group(2)),
                        Long.parseLong(line.group(5))))
            .toList());
  }

  Figures of(String table) {
    return Figures.of(in(table).map(Commit::millis).toList());
  }

  /** Of the commits of a table around a version, half as far again to both sides. */
  Figures around(String table, long version) {
    return Figures.of(
        in(table)
            .filter(one -> one.version() >= version / 2 && one.version() <= version * 3 / 2)
            .map(Commit::millis)
            .toList());
  }

  private Stream<Commit> in(String table) {
    return commits.stream().filter(one -> one.table().equals(table));
  }
}
