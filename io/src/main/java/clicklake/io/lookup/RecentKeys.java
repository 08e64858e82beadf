package clicklake.io.lookup;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.table.TableLog.LogCommit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The events that silver's last commits added, by version: what a decision made at an older version
 * must be checked against.
 *
 * <p>Versions that this process did not commit itself, or that it has forgotten, are read from
 * their files. Each has its own commit read, because decisions were made at different versions. A
 * version that only rearranged files added no events.
 */
public final class RecentKeys {
  /** A decision is some commits old at the most, and these take up to 40 MB. */
  private static final long MAX_KEYS = 500_000;

  /**
   * A decision that is older than so many commits, or so many events, is not checked against them
   * one by one: it is as if the log no longer went back that far.
   */
  private static final long MAX_COMMITS = 10_000;

  private static final long MAX_READ = 8 * MAX_KEYS;

  private final LedgerTable table;
  private final TreeMap<Long, EventKeyIndex> byVersion = new TreeMap<>();
  private String tableId = "";

  public RecentKeys(LedgerTable table) {
    this.table = table;
  }

  /** Notes the events of a version that this process just put. */
  public void put(String table, long version, EventKeyIndex keys) {
    if (!tableId.equals(table)) {
      byVersion.clear();
      tableId = table;
    }
    byVersion.put(version, keys);
    forgetOld();
  }

  private void forgetOld() {
    long held = held(Long.MIN_VALUE);
    while (byVersion.size() > 1 && (held > MAX_KEYS || byVersion.size() > MAX_COMMITS)) {
      held -= byVersion.pollFirstEntry().getValue().size();
    }
  }

  private long held(long since) {
    long held = 0;
    for (EventKeyIndex one : byVersion.tailMap(since, false).values()) {
      held += one.size();
    }
    return held;
  }

  /**
   * The events added by each commit after {@code since} up to {@code until}.
   *
   * @return a table per version; empty if the log no longer goes back that far, or these are too
   *     many
   */
  public Optional<List<EventKeyIndex>> between(String tableNow, long since, long until) {
    if (!tableId.equals(tableNow)) {
      byVersion.clear();
      tableId = tableNow;
    }
    if (until - since > MAX_COMMITS) {
      return Optional.empty();
    }
    // The newest first: they are what is asked for most, and what is kept.
    for (long version = until; version > since; version--) {
      long each = version;
      if (!byVersion.containsKey(version)
          && (held(since) > MAX_READ
              || !table
                  .log()
                  .showCommits(
                      version - 1,
                      version,
                      commit -> {
                        byVersion.put(each, read(commit));
                        return true;
                      }))) {
        forgetOld();
        return Optional.empty();
      }
    }
    List<EventKeyIndex> found = List.copyOf(byVersion.subMap(since, false, until, true).values());
    forgetOld();
    return Optional.of(found);
  }

  private EventKeyIndex read(LogCommit commit) {
    EventKeyIndex keys =
        new EventKeyIndex(commit.adds().stream().mapToLong(table.files()::countRows).sum(), 0);
    table.showRows(commit.adds(), row -> keys.add(row.idHigh(), row.idLow(), row.eventMicros()));
    return keys;
  }
}
