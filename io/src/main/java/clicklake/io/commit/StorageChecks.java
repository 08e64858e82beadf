package clicklake.io.commit;

import clicklake.schemas.table.StorageCalls;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the storage must be asked before a decision: is the version that it rests on still in the
 * log, are the proposed files there. All questions are gathered first and asked together.
 */
final class StorageChecks {
  private final List<Runnable> questions = new ArrayList<>();
  private final Set<FileName> missing = new HashSet<>();
  private final Set<TableLog> replaced = new HashSet<>();

  private record FileName(TableFiles files, String path) {}

  /** Asks whether a file is there. */
  void exists(TableFiles files, String path) {
    questions.add(
        () -> {
          if (!files.exists(path)) {
            synchronized (missing) {
              missing.add(new FileName(files, path));
            }
          }
        });
  }

  /** Asks whether a version is still in the log as this process knows it. */
  void unchanged(TableLog log, TableState state) {
    questions.add(
        () -> {
          if (!log.holds(state)) {
            synchronized (replaced) {
              replaced.add(log);
            }
          }
        });
  }

  /** Asks all that was gathered. */
  StorageChecks ask(StorageCalls calls) {
    calls.makeAll(questions);
    questions.clear();
    return this;
  }

  /** Whether a file that was asked for is not there. */
  boolean isMissing(TableFiles files, String path) {
    return missing.contains(new FileName(files, path));
  }

  /** Whether the log no longer has the version that was asked for. */
  boolean isReplaced(TableLog log) {
    return replaced.contains(log);
  }
}
