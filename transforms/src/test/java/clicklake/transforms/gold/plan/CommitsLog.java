package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in memory that is only read: its commits, and the files of its newest version. */
final class CommitsLog implements TableLog {
  final List<LogCommit> commits = new ArrayList<>();
  final List<DataFile> files = new ArrayList<>();
  @Nullable TableState newest;
  boolean reachesBack = true;
  int reads;

  @Override
  public String name() {
    return "table";
  }

  @Override
  public Optional<TableState> newest() {
    return Optional.ofNullable(newest);
  }

  @Override
  public TableState create(Map<String, String> domains) {
    throw new AssertionError(domains);
  }

  @Override
  public boolean showCommits(long since, long until, CommitVisitor visitor) {
    reads++;
    for (LogCommit commit : commits) {
      if (commit.version() > since && commit.version() <= until && !visitor.show(commit)) {
        return true;
      }
    }
    return reachesBack;
  }

  @Override
  public Optional<Instant> committedAt(long version) {
    return Optional.empty();
  }

  @Override
  public TableState commit(TableState base, Changes changes) {
    throw new AssertionError(changes);
  }

  @Override
  public void showFiles(
      TableState state, @Nullable Set<LocalDate> dates, Consumer<DataFile> visitor) {
    reads++;
    files.forEach(visitor);
  }
}
