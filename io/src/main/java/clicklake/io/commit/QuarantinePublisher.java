package clicklake.io.commit;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Moves reject files from silver's outbox into quarantine, each once; any number of publishers may
 * work on one lake.
 *
 * <p>Quarantine remembers the highest number that it holds, committed with the files. Silver drops
 * entries up to that number at its next commit, and never gives a number twice.
 */
public final class QuarantinePublisher {
  /** The Delta domain on quarantine that holds the highest number applied. */
  static final String DOMAIN = "clicklake.quarantine";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LakeTables tables;
  private final Consumer<List<DataFile>> beforeCommit;

  /**
   * @param beforeCommit is shown files before they are committed: the dead letter topic; may be
   *     shown the same files again after a crash or a lost race
   */
  public QuarantinePublisher(LakeTables tables, Consumer<List<DataFile>> beforeCommit) {
    this.tables = tables;
    this.beforeCommit = beforeCommit;
  }

  /** The highest outbox number that quarantine holds; 0 if it holds none. */
  public static long applied(LakeTables tables) {
    return tables.quarantine().newest().map(state -> applied(tables, state)).orElse(0L);
  }

  private static long applied(LakeTables tables, TableState state) {
    String text = state.domains().get(DOMAIN);
    String table = tables.quarantine().name();
    if (text == null) {
      throw new CorruptTableException(
          table
              + ": the table has no Delta domain "
              + DOMAIN
              + ", so it was not made by Clicklake; use another --lake or move the table away");
    }
    try {
      JsonNode node = JSON.readTree(text);
      if (node.path("format").asInt(-1) != Ledger.FORMAT) {
        throw new CorruptTableException(
            table
                + ": the domain "
                + DOMAIN
                + " has format "
                + node.path("format")
                + ", this version of Clicklake knows format "
                + Ledger.FORMAT
                + "; run the version that wrote it, or a newer one");
      }
      return node.path("applied").asLong();
    } catch (JsonProcessingException e) {
      throw new CorruptTableException(table + ": the domain " + DOMAIN + " cannot be read", e);
    }
  }

  private static Map<String, String> domain(long applied) {
    return Map.of(
        DOMAIN,
        JSON.createObjectNode().put("format", Ledger.FORMAT).put("applied", applied).toString());
  }

  /** Publishes what silver's outbox holds now. */
  public void publish() {
    while (true) {
      LedgerTable.Base silver = tables.silver().newest();
      TableState quarantine =
          tables.quarantine().newest().orElseGet(() -> tables.quarantine().create(domain(0)));
      long applied = applied(tables, quarantine);
      List<DataFile> files = new ArrayList<>();
      long highest = applied;
      for (Ledger.OutboxEntry entry : silver.ledger().outbox()) {
        if (entry.seq() > applied) {
          files.addAll(entry.files());
          highest = Math.max(highest, entry.seq());
        }
      }
      if (files.isEmpty()) {
        return;
      }
      FailPoint.BEFORE_QUARANTINE.reach();
      beforeCommit.accept(files);
      try {
        tables
            .quarantine()
            .commit(quarantine, new Changes("WRITE", files, List.of(), domain(highest)));
        FailPoint.AFTER_QUARANTINE.reach();
        return;
      } catch (CommitConflictException e) {
        // Another publisher was faster: look what is left.
      }
    }
  }
}
