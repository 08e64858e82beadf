package clicklake.serving;

import clicklake.io.clickhouse.ClickHouseException;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.io.lake.DeltaTables;
import clicklake.io.lake.EventLake;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.Backoff;
import clicklake.schemas.table.LakeException;
import clicklake.transforms.live.LiveFiles;
import clicklake.transforms.live.LiveSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one ClickHouse server at what a lake says. A server that is away holds up nobody: what it
 * lacks is written when it is back, or by the next start. Not safe for use by several threads.
 */
public final class ServeLake {
  private static final Logger LOG = LoggerFactory.getLogger(ServeLake.class);
  private static final Duration MOST_BACKOFF = Duration.ofSeconds(2);

  private final ServingStore store;
  private final List<Served> all;
  private boolean prepared;
  private boolean away;

  /**
   * @param settings when minutes are closed
   */
  public ServeLake(ClickHouseSettings server, LakeLocation lake, LiveSettings settings) {
    DeltaTables tables = DeltaTables.at(lake);
    this.store = new ServingStore(server, settings.clock());
    this.all =
        List.of(
            new ServeMinutes(tables, settings),
            new ServeGold(tables),
            new ServeHealth(
                EventLake.at(lake),
                tables,
                LiveFiles.TABLES,
                ServedTables.DAILY.stream().map(ServedTables.OfGold::source).toList()));
  }

  /**
   * Makes the tables, and checks that they are ours. A server that is away is told in a line, and
   * asked again later.
   *
   * @throws ClickHouseException if it will never do: no such host, a wrong password
   * @throws LakeException if it has other tables of these names
   */
  public void prepare() {
    try {
      store.prepare();
      prepared = true;
    } catch (ClickHouseException e) {
      if (!e.isPassing() || e.isUnknownHost()) {
        throw e;
      }
      tellAway(e);
    }
  }

  /**
   * The generation of rows; 0 if the server is away: if it has a later one, panes are not seen
   * until the next start, and minutes come when they are closed.
   */
  public int generation() {
    if (!prepared) {
      return 0;
    }
    try {
      return names().stream().mapToInt(name -> store.progress(name).generation()).max().orElse(0);
    } catch (ClickHouseException e) {
      tellAway(e);
      return 0;
    }
  }

  /**
   * Brings the server to what the lake says now, as far as it takes it.
   *
   * @return the failure of a server that did not
   * @throws LakeException if the lake cannot be read, or is not the one that the server shows
   */
  public Optional<ClickHouseException> serve() {
    try {
      if (!prepared) {
        store.prepare();
        prepared = true;
      }
      all.forEach(one -> one.serve(store));
      if (away) {
        away = false;
        LOG.info("{} follows the lake again", store);
      }
      return Optional.empty();
    } catch (ClickHouseException e) {
      // It may have come back without its last rows, or be another server.
      all.forEach(Served::forget);
      prepared = false;
      tellAway(e);
      return Optional.of(e);
    }
  }

  /**
   * The same, and waits for a server that is away, but no longer than so.
   *
   * @throws ClickHouseException if the server does not take it
   */
  public void serveWithin(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<ClickHouseException> failure = serve();
      if (failure.isEmpty()) {
        return;
      }
      if (!failure.get().isPassing() || System.nanoTime() - deadline >= 0) {
        throw failure.get();
      }
      Backoff.upTo(MOST_BACKOFF);
    }
  }

  /**
   * Writes everything again, above all that was there, and takes out what the lake has not. A
   * stream that runs meanwhile writes panes of the generation before, which nobody sees: start it
   * again.
   *
   * @throws ClickHouseException if the server does not take it
   */
  public void rebuild() throws InterruptedException {
    store.prepare();
    prepared = true;
    int generation = store.beginGeneration(names());
    all.forEach(Served::forget);
    serveWithin(Duration.ZERO);
    ServedTables.OF_LAKE.forEach(table -> store.removeOlder(table, generation));
  }

  /** How many rows each table shows. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    ServedTables.ALL.forEach(table -> counts.put(table.view(), store.count(table)));
    return counts;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    all.forEach(one -> names.addAll(one.names()));
    return names;
  }

  private void tellAway(ClickHouseException failure) {
    if (!away) {
      away = true;
      LOG.warn("{}; the lake goes on without it, and it catches up later", failure.getMessage());
    }
  }
}
