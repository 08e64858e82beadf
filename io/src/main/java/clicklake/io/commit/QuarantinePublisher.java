package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
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
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable Consumer<List<DataFile>> beforeCommit;

  /**
   * @param beforeCommit is shown files before they are committed: the dead letter topic; may be
   *     shown the same files again after a crash or a lost race. Null for nobody
   */
  public QuarantinePublisher(LakeTables tables, @Nullable Consumer<List<DataFile>> beforeCommit) {
    this.tables = tables;
    this.beforeCommit = beforeCommit;
  }

  /**
   * The highest outbox number that quarantine holds; 0 if it holds none. Looks at its log.
   *
   * @throws CorruptTableException if there is another table in its place
   */
  public static long applied(LakeTables tables) {
    return tables.quarantine().newest().map(state -> applied(tables, state)).orElse(0L);
  }

  /** The highest outbox number that quarantine is known to hold, without a look if any is known. */
  static long knownApplied(LakeTables tables) {
    return tables
        .quarantine()
        .known()
        .map(state -> applied(tables, state))
        .orElseGet(() -> applied(tables));
  }

  private static long applied(LakeTables tables, TableState state) {
    String text = state.domains().get(DOMAIN);
    String table = tables.quarantine().name();
    if (text == null) {
      throw CommitFailures.notQuarantine(table, DOMAIN);
    }
    try {
      JsonNode node = JSON.readTree(text);
      if (node.path("format").asInt(-1) != Ledger.FORMAT) {
        throw CommitFailures.otherFormat(table, DOMAIN, node.path("format"), Ledger.FORMAT);
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

  /**
   * Publishes what silver's outbox holds as far as this process knows; looks at the logs first if
   * somebody is to be shown the files, who should not be shown them for nothing.
   */
  public void publish() {
    boolean look = beforeCommit != null;
    while (true) {
      LedgerTable.Base silver = look ? tables.silver().newest() : tables.silver().known();
      TableState quarantine = quarantine(look);
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
      if (!look && !tables.quarantine().holds(quarantine)) {
        look = true;
        continue;
      }
      FailPoint.BEFORE_QUARANTINE.reach();
      if (beforeCommit != null) {
        beforeCommit.accept(files);
      }
      try {
        tables
            .quarantine()
            .commit(quarantine, new Changes("WRITE", files, List.of(), domain(highest)));
        FailPoint.AFTER_QUARANTINE.reach();
        return;
      } catch (CommitConflictException e) {
        // Another publisher was faster: look what is left.
        look = true;
      }
    }
  }

  private TableState quarantine(boolean look) {
    Optional<TableState> state = look ? tables.quarantine().newest() : tables.quarantine().known();
    return state
        .or(() -> tables.quarantine().newest())
        .orElseGet(() -> tables.quarantine().create(domain(0)));
  }
}
