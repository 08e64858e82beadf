package clicklake.io.clickhouse;

import clicklake.io.clickhouse.ClickHouseIO.Target;
import clicklake.schemas.table.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows on their way to one server, of which the newest of each key matters. Whoever puts a row
 * never waits: while the server is away, a newer row takes the place of an older one of its key,
 * and all are sent when the server is back. One for each server in a process.
 *
 * <p>Rows that wait when the process is killed are lost: for figures that are put again and again,
 * or that somebody else corrects.
 */
final class LatestRows {
  private static final Logger LOG = LoggerFactory.getLogger(LatestRows.class);
  private static final Map<ClickHouseSettings, LatestRows> OPEN = new ConcurrentHashMap<>();

  /** Beyond this many keys the oldest rows are given up: the server has been away for long. */
  static final int MAX_WAITING = 200_000;

  private static final int ROWS_PER_INSERT = 10_000;
  private static final Duration GATHER = Duration.ofMillis(300);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final long IDLE_MILLIS = 5_000;

  private final ClickHouseClient client;
  private final LinkedHashMap<Key, Row> waiting = new LinkedHashMap<>();
  private @Nullable Thread sender;
  private boolean sending;
  private boolean away;
  private long givenUp;

  private record Key(Target target, String key) {}

  private record Row(long version, List<? extends @Nullable Object> values) {
    /** Elements of a pipeline overtake each other. */
    Row orNewer(@Nullable Row other) {
      return other == null || version >= other.version ? this : other;
    }
  }

  LatestRows(ClickHouseClient client) {
    this.client = client;
  }

  /** The rows on their way to a server from this process. */
  static LatestRows of(ClickHouseSettings settings) {
    return OPEN.computeIfAbsent(settings, known -> new LatestRows(new ClickHouseClient(known)));
  }

  /**
   * Sends a row some time, unless a newer one of its key waits or comes before. Returns at once.
   *
   * @param version the row with the higher one is the newer
   */
  synchronized void put(
      Target target, String key, long version, List<? extends @Nullable Object> values) {
    Key place = new Key(target, key);
    waiting.put(place, new Row(version, values).orNewer(waiting.remove(place)));
    if (waiting.size() > MAX_WAITING) {
      Iterator<Key> oldest = waiting.keySet().iterator();
      oldest.next();
      oldest.remove();
      givenUp++;
    }
    if (sender == null) {
      Thread thread = new Thread(this::sendAll, "rows to " + client.settings().endpoint());
      thread.setDaemon(true);
      sender = thread;
      thread.start();
    }
    notifyAll();
  }

  /** Waits until all rows are sent, but no longer than so; says whether they are. */
  synchronized boolean awaitSent(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (sending || !waiting.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private void sendAll() {
    int failures = 0;
    try {
      while (true) {
        if (!awaitRows()) {
          return;
        }
        // A moment to gather what is put together with the first row; longer after failures.
        Backoff.upTo(GATHER);
        failures = send() ? 0 : Math.min(failures + 1, 10);
        if (failures > 0) {
          Duration pause = Duration.ofMillis(100L << failures);
          Backoff.upTo(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        if (sender == Thread.currentThread()) {
          sender = null;
        }
      }
    }
  }

  private synchronized boolean awaitRows() throws InterruptedException {
    long deadline = System.nanoTime() + IDLE_MILLIS * 1_000_000;
    while (waiting.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        sender = null;
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Sends what waits now; what fails waits again, unless something newer came meanwhile. */
  private boolean send() {
    Map<Target, LinkedHashMap<Key, Row>> taken = take();
    ClickHouseException failure = null;
    for (Map.Entry<Target, LinkedHashMap<Key, Row>> rows : taken.entrySet()) {
      try {
        insert(rows.getKey(), List.copyOf(rows.getValue().values()));
      } catch (ClickHouseException e) {
        failure = e;
        putBack(rows.getValue());
      }
    }
    ended(failure);
    return failure == null;
  }

  private synchronized Map<Target, LinkedHashMap<Key, Row>> take() {
    Map<Target, LinkedHashMap<Key, Row>> taken = new HashMap<>();
    waiting.forEach(
        (key, row) ->
            taken.computeIfAbsent(key.target(), target -> new LinkedHashMap<>()).put(key, row));
    waiting.clear();
    sending = true;
    return taken;
  }

  private void insert(Target target, List<Row> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_PER_INSERT) {
      List<List<? extends @Nullable Object>> values = new ArrayList<>();
      rows.subList(from, Math.min(rows.size(), from + ROWS_PER_INSERT))
          .forEach(row -> values.add(row.values()));
      client.insert(target.table(), target.columns(), values);
    }
  }

  private synchronized void putBack(Map<Key, Row> rows) {
    LinkedHashMap<Key, Row> newer = new LinkedHashMap<>(waiting);
    waiting.clear();
    waiting.putAll(rows);
    newer.forEach((key, row) -> waiting.put(key, row.orNewer(waiting.remove(key))));
  }

  private synchronized void ended(@Nullable ClickHouseException failure) {
    sending = false;
    if (failure != null && !away) {
      LOG.warn("{}; newest rows are kept and sent when it works again", failure.getMessage());
    }
    if (failure == null && away) {
      LOG.info("{} takes rows again", client);
    }
    if (failure == null && givenUp > 0) {
      LOG.warn("{} rows for {} were given up: too many waited", givenUp, client);
      givenUp = 0;
    }
    away = failure != null;
    notifyAll();
  }
}
