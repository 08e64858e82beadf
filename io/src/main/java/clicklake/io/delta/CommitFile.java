package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LogJson;
import clicklake.schemas.table.TableLog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One commit file of a Delta log, whoever wrote it, as far as Clicklake needs it.
 *
 * @param commit its files, operation and domains
 * @param transaction the id that its author gave to this one commit; empty if it has none
 * @param domains configuration of each domain that it sets; empty where it removes the domain
 * @param time when it was put, says its author; null if he does not say
 * @param changesTable whether it changes schema, properties or protocol, so that what is known of
 *     the table must be read anew
 */
public record CommitFile(
    TableLog.LogCommit commit,
    String transaction,
    Map<String, Optional<String>> domains,
    @Nullable Instant time,
    boolean changesTable) {

  private static final ObjectMapper JSON = LogJson.mapper();
  private static final String ROWS_FIRST = "{\"numRecords\":";
  private static final long MOST_ROWS = Long.MAX_VALUE / 100;

  public CommitFile {
    domains = Map.copyOf(domains);
  }

  /**
   * Reads a commit.
   *
   * @param table the table's name, for messages
   * @param partitionColumn the table's partition column; null if it has none
   * @param content the file's content: one JSON object a line
   * @throws CorruptTableException if it is no commit, or adds a file with a deletion vector
   * @throws IOException if it cannot be read
   */
  static CommitFile parse(
      String table, @Nullable String partitionColumn, long version, InputStream content)
      throws IOException {
    String operation = "";
    String transaction = "";
    List<DataFile> adds = new ArrayList<>();
    List<String> removes = new ArrayList<>();
    boolean rearranged = false;
    Map<String, Optional<String>> domains = new HashMap<>();
    Instant time = null;
    boolean changesTable = false;
    MappingIterator<JsonNode> actions = JSON.readerFor(JsonNode.class).readValues(content);
    while (true) {
      JsonNode action;
      try {
        if (!actions.hasNextValue()) {
          break;
        }
        action = actions.nextValue();
      } catch (JsonProcessingException e) {
        throw new CorruptTableException(
            table + ": commit " + version + " of the log is not JSON; restore it from a backup", e);
      }
      JsonNode add = action.get("add");
      JsonNode remove = action.get("remove");
      JsonNode domain = action.get("domainMetadata");
      if (add != null) {
        if (add.path("dataChange").asBoolean(true)) {
          adds.add(content(table, partitionColumn, add));
        } else {
          refuseDeletionVector(table, add);
          rearranged = true;
        }
      } else if (remove != null) {
        if (remove.path("dataChange").asBoolean(true)) {
          removes.add(LogPaths.decode(table, remove.path("path").asText()));
        } else {
          rearranged = true;
        }
      } else if (domain != null) {
        domains.put(
            domain.path("domain").asText(),
            domain.path("removed").asBoolean()
                ? Optional.empty()
                : Optional.of(domain.path("configuration").asText()));
      } else if (action.has("commitInfo")) {
        JsonNode info = action.path("commitInfo");
        operation = info.path("operation").asText("");
        transaction = info.path("txnId").asText("");
        JsonNode millis = info.path("inCommitTimestamp");
        millis = millis.isIntegralNumber() ? millis : info.path("timestamp");
        time = millis.isIntegralNumber() ? Instant.ofEpochMilli(millis.asLong()) : null;
      } else if (action.has("metaData") || action.has("protocol")) {
        changesTable = true;
      }
    }
    Set<String> names = new HashSet<>(domains.keySet());
    return new CommitFile(
        new TableLog.LogCommit(version, operation, adds, removes, rearranged, names),
        transaction,
        domains,
        time,
        changesTable);
  }

  private static DataFile content(String table, @Nullable String partitionColumn, JsonNode add) {
    refuseDeletionVector(table, add);
    String stats = add.path("stats").asText("");
    JsonNode date =
        partitionColumn == null ? null : add.path("partitionValues").get(partitionColumn);
    return new DataFile(
        LogPaths.decode(table, add.path("path").asText()),
        add.path("size").asLong(),
        rows(stats),
        date == null || date.isNull() ? null : date.asText(),
        stats);
  }

  private static void refuseDeletionVector(String table, JsonNode add) {
    if (add.hasNonNull("deletionVector")) {
      throw deletionVector(table, add.path("path").asText());
    }
  }

  static CorruptTableException deletionVector(String table, String path) {
    return new CorruptTableException(
        table
            + ": "
            + path
            + " has a deletion vector, so somebody else deleted rows; RESTORE the table to the"
            + " version before, or reprocess");
  }

  /** Number of rows that statistics tell; -1 if they do not. */
  public static long rows(@Nullable String stats) {
    if (stats == null || stats.isEmpty()) {
      return -1;
    }
    if (stats.startsWith(ROWS_FIRST)) {
      // As every writer has it that we know of, and far cheaper than to parse bounds nobody asks
      // for.
      int at = ROWS_FIRST.length();
      long rows = 0;
      while (at < stats.length()
          && Character.digit(stats.charAt(at), 10) >= 0
          && rows < MOST_ROWS) {
        rows = 10 * rows + Character.digit(stats.charAt(at), 10);
        at++;
      }
      if (at > ROWS_FIRST.length()
          && at < stats.length()
          && (stats.charAt(at) == ',' || stats.charAt(at) == '}')) {
        return rows;
      }
    }
    try {
      return JSON.readTree(stats).path("numRecords").asLong(-1);
    } catch (JsonProcessingException e) {
      return -1;
    }
  }
}
