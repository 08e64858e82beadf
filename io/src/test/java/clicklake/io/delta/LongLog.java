package clicklake.io.delta;

import clicklake.io.ledger.Ledger;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableLog;
import io.delta.kernel.TableManager;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes the log of a silver table as long as weeks of commits do, with OPTIMIZE every now and then:
 * it names many files, hardly any of which is in the table still.
 */
public final class LongLog {
  /** A date that nobody else speaks of. */
  private static final String DATE = "2019-03-01";

  /** As often as an OPTIMIZE that runs by the hour or so. */
  private static final int COMMITS_PER_OPTIMIZE = 100;

  private static final int VERSIONS_PER_CHECKPOINT = 1000;

  /** As long as those of a real file. */
  private static final String STATISTICS =
      "{\"numRecords\":0,\"minValues\":{\"event_id\":\"00000000-0000-0000-0000-000000000000\","
          + "\"event_time\":\"2019-03-01T00:00:00.000Z\",\"user_id\":\"user-0001\",\"action\":\"add_to_cart\","
          + "\"page\":\"/cart/a-long-path-of-a-page\",\"source\":\"web\",\"session_id\":\"s-000000000000\","
          + "\"_source\":\"clicks\",\"_partition\":0,\"_offset\":0,\"_ingested_at\":\"2019-03-01T00:00:00.000Z\"},"
          + "\"maxValues\":{\"event_id\":\"ffffffff-ffff-ffff-ffff-ffffffffffff\","
          + "\"event_time\":\"2019-03-01T23:59:59.000Z\",\"user_id\":\"user-9999\",\"action\":\"view\","
          + "\"page\":\"/wishlist/a-long-path-of-a-page\",\"source\":\"web\",\"session_id\":\"s-ffffffffffff\","
          + "\"_source\":\"clicks\",\"_partition\":3,\"_offset\":9999,\"_ingested_at\":\"2019-03-01T23:59:59.000Z\"},"
          + "\"nullCount\":{\"user_id\":0,\"page\":0,\"source\":0,\"session_id\":0,\"product_id\":0,\"price\":0}}";

  private LongLog() {}

  /**
   * Adds versions to silver. Their files hold no rows, were never written, and leave the table
   * again.
   *
   * @param lake a lake with a silver table
   * @param versions how many
   * @param filesPerCommit added by each
   */
  public static void grow(Path lake, int versions, int filesPerCommit) {
    Path table = lake.resolve("silver/events");
    TableLog.TableState state =
        new KernelTableLog(new LocalFiles(false), lake.toString(), EventTables.SILVER_EVENTS)
            .newest()
            .orElseThrow();
    String ledger = quoted(state.domains().get(Ledger.DOMAIN));
    List<String> live = new ArrayList<>();
    for (int i = 1; i <= versions; i++) {
      long version = state.version() + i;
      boolean optimize = i % COMMITS_PER_OPTIMIZE == 0 || i == versions;
      try (BufferedWriter commit =
          Files.newBufferedWriter(table.resolve(LogPaths.commit(version)))) {
        if (optimize) {
          line(commit, "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"OPTIMIZE\"}}");
          for (String path : live) {
            line(
                commit,
                "{\"remove\":{\"path\":\""
                    + path
                    + "\",\"deletionTimestamp\":1,\"dataChange\":false,"
                    + "\"extendedFileMetadata\":true,\"partitionValues\":{\"event_date\":\""
                    + DATE
                    + "\"},\"size\":4000}}");
          }
          live.clear();
        } else {
          line(commit, "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"WRITE\"}}");
          line(
              commit,
              "{\"domainMetadata\":{\"domain\":\"clicklake.ledger\",\"configuration\":"
                  + ledger
                  + ",\"removed\":false}}");
          for (int file = 0; file < filesPerCommit; file++) {
            String path = "event_date=" + DATE + "/1551398400000-" + UUID.randomUUID() + ".parquet";
            live.add(path);
            line(
                commit,
                "{\"add\":{\"path\":\""
                    + path
                    + "\",\"partitionValues\":{\"event_date\":\""
                    + DATE
                    + "\"},\"size\":4000,\"modificationTime\":1551398400000,\"dataChange\":true,"
                    + "\"stats\":"
                    + quoted(STATISTICS)
                    + "}}");
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (i % VERSIONS_PER_CHECKPOINT == 0 || i == versions) {
        checkpoint(table);
      }
    }
  }

  private static void line(BufferedWriter to, String action) throws IOException {
    to.write(action);
    to.write('\n');
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static void checkpoint(Path table) {
    Engine engine = DefaultEngine.create(new LocalFiles(false));
    try {
      ((SnapshotImpl) TableManager.loadSnapshot(table.toString()).build(engine))
          .writeCheckpoint(engine);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
