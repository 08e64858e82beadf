package clicklake.io.commit;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of files without some of their rows, written for one plan under names never used before.
 * If the log shows that the plan was not committed, they are deleted; while that is in doubt, they
 * stay.
 */
final class Rewrites {
  private final Clock clock;
  private final List<Written> written = new ArrayList<>();

  private record Written(TableFiles files, String path) {}

  Rewrites(Clock clock) {
    this.clock = clock;
  }

  /** The file without some of its rows: itself if none leaves, null if none is left. */
  @Nullable DataFile without(TableFiles files, DataFile file, Set<RowFacts> dropped) {
    if (dropped.isEmpty()) {
      return file;
    }
    if (dropped.size() == files.countRows(file)) {
      return null;
    }
    DataFile rest = files.rewriteWithout(file, dropped::contains, clock.millis());
    written.add(new Written(files, rest.path()));
    return rest;
  }

  /** Deletes all that was written. */
  void delete() {
    written.forEach(one -> one.files().delete(one.path()));
  }
}
