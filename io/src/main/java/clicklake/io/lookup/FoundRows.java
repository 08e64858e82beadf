package clicklake.io.lookup;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableChanges;
import clicklake.schemas.table.TableLog;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table that were looked for and found, with their files: a client that sends one id
 * again and again does not make every commit read the same files.
 *
 * <p>Holds the {@value #MAX_ROWS} rows that were asked for last. A row is forgotten when its file
 * leaves the table.
 */
final class FoundRows {
  private static final int MAX_ROWS = 10_000;

  /** Beyond this many versions it is cheaper to look again than to follow the log. */
  private static final int MAX_COMMITS = 100;

  private final TableLog log;
  private final Map<EventKey, TableRow> rows =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EventKey, TableRow> eldest) {
          return size() > MAX_ROWS;
        }
      };
  private String tableId = "";
  private long version = -1;

  FoundRows(TableLog log) {
    this.log = log;
  }

  /** Brings what is held to a version of the table. */
  void follow(String table, long newest) {
    if (!tableId.equals(table) || version > newest || newest - version > MAX_COMMITS) {
      rows.clear();
    }
    if (!rows.isEmpty() && version < newest) {
      TableChanges.betweenUnlessRearranged(log, version, newest, DataFile::path)
          .map(TableChanges::removed)
          .ifPresentOrElse(this::forget, rows::clear);
    }
    tableId = table;
    version = newest;
  }

  /** Is told of the version after the one that it holds, so that it need not be read. */
  void committed(String table, long next, List<DataFile> removes) {
    if (tableId.equals(table) && version == next - 1) {
      Set<String> paths = new HashSet<>();
      removes.forEach(file -> paths.add(file.path()));
      forget(paths);
      version = next;
    }
  }

  private void forget(Set<String> paths) {
    if (!paths.isEmpty()) {
      rows.values().removeIf(found -> paths.contains(found.file().path()));
    }
  }

  /** The row of an id at a time, null if it is not known. */
  @Nullable TableRow find(EventKey key) {
    return rows.get(key);
  }

  void put(TableRow found) {
    rows.put(EventKey.of(found.row()), found);
  }
}
