package clicklake.io.ledger;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LogJson;
import clicklake.schemas.table.TableLog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table covers of its sources, committed as Delta domain metadata in the same version as the
 * rows.
 *
 * @param tableId id of the table that it belongs to; a ledger under another id is a copy
 * @param partitions coverage by partition name
 * @param rowCount live rows that the table must have
 * @param vacuumedBefore files created before this (milliseconds since 1970) may have been cleaned
 *     away and are refused
 * @param retired sums over landing files that are finished in both tables and no longer listed
 * @param rules parser version and settings of the last commit; empty where none apply
 * @param outbox reject files that are decided but perhaps not yet in quarantine
 * @param lastSeq highest sequence number ever given to an outbox entry
 * @param horizon the dedupe horizons that decided the rows; null where none did, or an older
 *     version of Clicklake did not note it
 */
public record Ledger(
    String tableId,
    SortedMap<String, Partition> partitions,
    long rowCount,
    long vacuumedBefore,
    Retired retired,
    String rules,
    List<OutboxEntry> outbox,
    long lastSeq,
    @Nullable Horizon horizon) {

  /** The Delta domain that holds the ledger. */
  public static final String DOMAIN = "clicklake.ledger";

  /** Written into every ledger; a ledger of a higher format is not touched. */
  public static final int FORMAT = 1;

  /**
   * No longer ledger is committed: half of what readers of Delta logs take as one text, which is 20
   * million characters.
   */
  public static final int MAX_CHARACTERS = 10_000_000;

  private static final ObjectMapper JSON = LogJson.mapper();

  /**
   * Coverage of one partition.
   *
   * @param id which partition
   * @param next positions below are covered
   * @param runs positions covered above {@code next}
   * @param rows rows of the partition in the table
   * @param duplicates its records that were covered as copies of another event
   * @param conflicts how many of the duplicates had other content than the event they repeat
   * @param rejects its records that were covered as refused
   * @param end one past the last position of a file that was read to its end; -1 while unknown
   * @param lost positions that are covered although their records are lost: retention came before
   *     the reader, and the user chose to go on; stay listed for ever
   */
  public record Partition(
      SourcePartition id,
      long next,
      OffsetRanges runs,
      long rows,
      long duplicates,
      long conflicts,
      long rejects,
      long end,
      OffsetRanges lost) {

    static Partition unread(SourcePartition id) {
      return new Partition(id, 0, OffsetRanges.empty(), 0, 0, 0, 0, -1, OffsetRanges.empty());
    }

    /** Every position covered. */
    public OffsetRanges covered() {
      return OffsetRanges.of(0, next).union(runs);
    }

    /** The same with another coverage. */
    Partition withCovered(OffsetRanges covered) {
      long newNext = !covered.isEmpty() && covered.first() == 0 ? covered.to(0) : 0;
      return new Partition(
          id,
          newNext,
          covered.startingAt(newNext),
          rows,
          duplicates,
          conflicts,
          rejects,
          end,
          lost);
    }

    /** Whether the partition is a file and all of it is covered. */
    public boolean finished() {
      return end >= 0 && next >= end;
    }
  }

  /**
   * Sums over partitions that left the ledger.
   *
   * @param version version of the table at the last such leaving; -1 if there was none
   */
  public record Retired(
      long partitions, long rows, long duplicates, long conflicts, long rejects, long version) {
    static final Retired NONE = new Retired(0, 0, 0, 0, 0, -1);
  }

  /** Reject files decided by one commit. */
  public record OutboxEntry(long seq, List<DataFile> files) {
    public OutboxEntry {
      files = List.copyOf(files);
    }
  }

  /**
   * The dedupe horizons of all commits: jobs with different ones may have decided one table.
   *
   * @param lowest no two rows of one id lie within it
   * @param highest every duplicate has a row within it
   */
  public record Horizon(Duration lowest, Duration highest) {
    public Horizon {
      if (lowest.compareTo(highest) > 0) {
        throw new IllegalArgumentException("horizon from " + lowest + " to " + highest);
      }
    }

    /** What holds after a commit with this horizon. */
    static Horizon after(@Nullable Horizon before, Duration horizon) {
      return before == null
          ? new Horizon(horizon, horizon)
          : new Horizon(
              before.lowest.compareTo(horizon) < 0 ? before.lowest : horizon,
              before.highest.compareTo(horizon) > 0 ? before.highest : horizon);
    }
  }

  public Ledger {
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    outbox = List.copyOf(outbox);
  }

  /** The ledger of a table without rows. */
  public static Ledger empty(String tableId) {
    return new Ledger(tableId, new TreeMap<>(), 0, 0, Retired.NONE, "", List.of(), 0, null);
  }

  /** The partition of that name, null if the ledger does not list it. */
  public @Nullable Partition partition(String name) {
    return partitions.get(name);
  }

  /** Positions covered of a partition; none if it is not listed. */
  public OffsetRanges covered(SourcePartition id) {
    Partition partition = partitions.get(id.name());
    return partition == null ? OffsetRanges.empty() : partition.covered();
  }

  /**
   * Reads the ledger of a table.
   *
   * @throws CorruptTableException if it has none, one of a newer format, or one of another table
   */
  public static Ledger of(String table, TableLog.TableState state) {
    String text = state.domains().get(DOMAIN);
    if (text == null) {
      throw new CorruptTableException(
          table
              + ": the table has no ledger (Delta domain "
              + DOMAIN
              + "), so it was not made by Clicklake; use another --lake or move the table away");
    }
    Ledger ledger = parse(table, text);
    if (!ledger.tableId.isEmpty() && !ledger.tableId.equals(state.tableId())) {
      throw new CorruptTableException(
          table
              + ": the ledger belongs to table "
              + ledger.tableId
              + ", this one is "
              + state.tableId()
              + "; a cloned table cannot be written: use the original, or reprocess into a new lake");
    }
    return ledger;
  }

  public static Ledger parse(String table, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      int format = node.path("format").asInt(-1);
      if (format != FORMAT) {
        throw new CorruptTableException(
            table
                + ": the ledger has format "
                + format
                + ", this version of Clicklake knows format "
                + FORMAT
                + "; run the version that wrote it, or a newer one");
      }
      SortedMap<String, Partition> partitions = new TreeMap<>();
      for (Iterator<Map.Entry<String, JsonNode>> i = node.path("partitions").fields();
          i.hasNext(); ) {
        Map.Entry<String, JsonNode> entry = i.next();
        partitions.put(entry.getKey(), partition(entry.getKey(), entry.getValue()));
      }
      List<OutboxEntry> outbox = new ArrayList<>();
      for (JsonNode entry : node.path("outbox")) {
        List<DataFile> files = new ArrayList<>();
        for (JsonNode file : entry.path("files")) {
          files.add(
              new DataFile(
                  file.path("path").asText(),
                  file.path("size").asLong(),
                  file.path("rows").asLong(),
                  file.hasNonNull("date") ? file.path("date").asText() : null,
                  file.path("stats").asText()));
        }
        outbox.add(new OutboxEntry(entry.path("seq").asLong(), files));
      }
      JsonNode retired = node.path("retired");
      return new Ledger(
          node.path("tableId").asText(),
          partitions,
          node.path("rowCount").asLong(),
          node.path("doomedBefore").asLong(),
          retired.isMissingNode()
              ? Retired.NONE
              : new Retired(
                  retired.path("partitions").asLong(),
                  retired.path("rows").asLong(),
                  retired.path("duplicates").asLong(),
                  retired.path("conflicts").asLong(),
                  retired.path("rejects").asLong(),
                  retired.path("version").asLong(-1)),
          node.path("rules").asText(),
          outbox,
          node.path("lastSeq").asLong(),
          horizon(node.path("horizon")));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      throw new CorruptTableException(table + ": the ledger cannot be read: " + e.getMessage(), e);
    }
  }

  private static @Nullable Horizon horizon(JsonNode node) {
    return node.isMissingNode()
        ? null
        : new Horizon(
            Duration.parse(node.path("lowest").asText()),
            Duration.parse(node.path("highest").asText()));
  }

  private static Partition partition(String name, JsonNode node) {
    int slash = name.lastIndexOf('/');
    return new Partition(
        new SourcePartition(
            name.substring(0, slash),
            Integer.parseInt(name.substring(slash + 1)),
            node.path("identity").asText()),
        node.path("next").asLong(),
        runs(node.path("runs")),
        node.path("rows").asLong(),
        node.path("duplicates").asLong(),
        node.path("conflicts").asLong(),
        node.path("rejects").asLong(),
        node.path("end").asLong(-1),
        runs(node.path("lost")));
  }

  private static OffsetRanges runs(JsonNode list) {
    long[] bounds = new long[list.size() * 2];
    int n = 0;
    for (JsonNode run : list) {
      bounds[n++] = run.path(0).asLong();
      bounds[n++] = run.path(1).asLong();
    }
    return OffsetRanges.ofBounds(bounds);
  }

  private static void putRuns(ArrayNode list, OffsetRanges runs) {
    for (int i = 0; i < runs.runCount(); i++) {
      list.addArray().add(runs.from(i)).add(runs.to(i));
    }
  }

  /** The ledger as the domain's text. */
  public String toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT);
    node.put("tableId", tableId);
    ObjectNode all = node.putObject("partitions");
    for (Partition partition : partitions.values()) {
      ObjectNode one = all.putObject(partition.id().name());
      one.put("identity", partition.id().identity());
      one.put("next", partition.next());
      putRuns(one.putArray("runs"), partition.runs());
      one.put("rows", partition.rows());
      one.put("duplicates", partition.duplicates());
      one.put("conflicts", partition.conflicts());
      one.put("rejects", partition.rejects());
      if (partition.end() >= 0) {
        one.put("end", partition.end());
      }
      if (!partition.lost().isEmpty()) {
        putRuns(one.putArray("lost"), partition.lost());
      }
    }
    node.put("rowCount", rowCount);
    node.put("doomedBefore", vacuumedBefore);
    if (retired.partitions() > 0) {
      node.putObject("retired")
          .put("partitions", retired.partitions())
          .put("rows", retired.rows())
          .put("duplicates", retired.duplicates())
          .put("conflicts", retired.conflicts())
          .put("rejects", retired.rejects())
          .put("version", retired.version());
    }
    if (!rules.isEmpty()) {
      node.put("rules", rules);
    }
    ArrayNode entries = node.putArray("outbox");
    for (OutboxEntry entry : outbox) {
      ArrayNode files = entries.addObject().put("seq", entry.seq()).putArray("files");
      for (DataFile file : entry.files()) {
        ObjectNode one =
            files
                .addObject()
                .put("path", file.path())
                .put("size", file.sizeBytes())
                .put("rows", file.rows());
        one.put("date", file.date());
        one.put("stats", file.stats());
      }
    }
    node.put("lastSeq", lastSeq);
    if (horizon != null) {
      node.putObject("horizon")
          .put("lowest", horizon.lowest().toString())
          .put("highest", horizon.highest().toString());
    }
    return node.toString();
  }
}
