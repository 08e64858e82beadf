package clicklake.io.delta;

import clicklake.io.delta.TableFiles.RowFacts;
import clicklake.io.delta.TableLog.LogCommit;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventKeyTable;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The events that silver's last commits added, by version: what a decision made at an older version
 * must be checked against.
 *
 * <p>Versions that this process did not commit itself, or that it has forgotten, are read from
 * their files. A version that only rearranged files added no events.
 */
final class RecentKeys {
  /** A decision is some commits old at the most, and these take up to 40 MB. */
  private static final long MOST_KEYS = 500_000;

  private final LedgerTable table;
  private final TreeMap<Long, EventKeyTable> byVersion = new TreeMap<>();
  private String tableId = "";

  RecentKeys(LedgerTable table) {
    this.table = table;
  }

  /** Notes the events of a version that this process just put. */
  void put(String table, long version, EventKeyTable keys) {
    if (!tableId.equals(table)) {
      byVersion.clear();
      tableId = table;
    }
    byVersion.put(version, keys);
    long held = 0;
    for (EventKeyTable one : byVersion.values()) {
      held += one.size();
    }
    while (held > MOST_KEYS && byVersion.size() > 1) {
      held -= byVersion.pollFirstEntry().getValue().size();
    }
  }

  /**
   * The events added by each commit after {@code since} up to {@code until}.
   *
   * @return a table per version; empty if the log no longer goes back that far
   */
  Optional<List<EventKeyTable>> between(String table, long since, long until) {
    if (!tableId.equals(table)) {
      byVersion.clear();
      tableId = table;
    }
    for (long version = since + 1; version <= until; version++) {
      if (!byVersion.containsKey(version)) {
        Optional<List<LogCommit>> commits = this.table.log().commitsBetween(version - 1, version);
        if (commits.isEmpty()) {
          return Optional.empty();
        }
        byVersion.put(version, read(commits.get().get(0)));
      }
    }
    return Optional.of(List.copyOf(byVersion.subMap(since, false, until, true).values()));
  }

  private EventKeyTable read(LogCommit commit) {
    long expected = commit.adds().stream().mapToLong(file -> Math.max(0, file.rows())).sum();
    EventKeyTable keys = new EventKeyTable(expected, 0);
    for (DataFile.Content file : commit.adds()) {
      for (RowFacts row : table.files().rows(file)) {
        keys.add(row.idHigh(), row.idLow(), row.eventMicros());
      }
    }
    return keys;
  }
}
