package clicklake.io.lookup;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeCoverage.BronzeRecord;
import clicklake.schemas.lake.LakeCoverage.BronzeRecords;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.FileBounds;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for bronze's rows by their positions. Reads the files whose bounds may hold one of them:
 * first where their rows are, and the records only of a file that holds one that is asked for. The
 * columns are those that bronze has in every feed.
 */
public final class BronzeRows {
  private static final TableSchema RECORD =
      Feed.EVENTS
          .bronze()
          .select("_source", "_partition", "_offset", "_ingested_at", "_key", "_headers", "value");

  private static final int SOURCE = RECORD.index("_source");
  private static final int PARTITION = RECORD.index("_partition");
  private static final int OFFSET = RECORD.index("_offset");
  private static final int INGESTED_AT = RECORD.index("_ingested_at");
  private static final int KEY = RECORD.index("_key");
  private static final int HEADERS = RECORD.index("_headers");
  private static final int VALUE = RECORD.index("value");

  private final LedgerTable bronze;

  public BronzeRows(LedgerTable bronze) {
    this.bronze = bronze;
  }

  /**
   * A file and what it may hold of the positions that are asked for.
   *
   * @param file without its statistics
   */
  private record Candidate(DataFile file, Map<SourcePartition, OffsetRanges> positions) {}

  /** The positions among these at which bronze holds a row; no partition without any. */
  public Map<SourcePartition, OffsetRanges> positions(
      TableState state, Map<SourcePartition, OffsetRanges> positions) {
    Map<SourcePartition, OffsetRanges> found = new HashMap<>();
    for (Candidate candidate : candidates(state, positions)) {
      rows(candidate)
          .forEach((partition, rows) -> found.merge(partition, rows, OffsetRanges::union));
    }
    return found;
  }

  private List<Candidate> candidates(
      TableState state, Map<SourcePartition, OffsetRanges> positions) {
    List<Candidate> candidates = new ArrayList<>();
    bronze
        .log()
        .showFiles(
            state,
            null,
            file -> {
              FileBounds bounds = FileBounds.of(file);
              Map<SourcePartition, OffsetRanges> there = new HashMap<>(positions);
              there.entrySet().removeIf(each -> !mayHold(bounds, each.getKey(), each.getValue()));
              if (!there.isEmpty()) {
                candidates.add(new Candidate(file.withoutStats(), there));
              }
            });
    return candidates;
  }

  private static boolean mayHold(
      FileBounds bounds, SourcePartition partition, OffsetRanges positions) {
    return !positions.isEmpty()
        && bounds.mayHold("_source", partition.source())
        && bounds.mayHold("_partition", partition.number(), partition.number())
        && bounds.mayHold("_offset", positions.first(), positions.end() - 1);
  }

  /** Where a file holds a row; no partition without any. */
  private Map<SourcePartition, OffsetRanges> rows(Candidate candidate) {
    Map<SourcePartition, OffsetRanges.Builder> found = new HashMap<>();
    for (RowFacts row : bronze.files().rows(candidate.file())) {
      candidate
          .positions()
          .forEach(
              (partition, positions) -> {
                if (row.partition() == partition.number()
                    && row.source().equals(partition.source())
                    && positions.contains(row.offset())) {
                  found
                      .computeIfAbsent(partition, first -> OffsetRanges.builder())
                      .add(row.offset());
                }
              });
    }
    Map<SourcePartition, OffsetRanges> rows = new HashMap<>();
    found.forEach((partition, builder) -> rows.put(partition, builder.build()));
    return rows;
  }

  /**
   * The records at these positions, the lowest first, as many as fit.
   *
   * @param reader of bronze
   * @param mostBytes of the records together; one may exceed it
   */
  public BronzeRecords records(
      TableReader reader,
      TableState state,
      SourcePartition partition,
      OffsetRanges positions,
      int mostBytes) {
    if (positions.isEmpty()) {
      return BronzeRecords.NONE;
    }
    Lowest lowest = new Lowest(mostBytes);
    for (Candidate candidate : candidates(state, Map.of(partition, positions))) {
      OffsetRanges there = rows(candidate).getOrDefault(partition, OffsetRanges.empty());
      if (there.isEmpty() || there.first() >= lowest.before) {
        continue;
      }
      reader.read(
          candidate.file(),
          RECORD.columns(),
          row -> {
            long offset = row.longAt(OFFSET);
            if (offset < lowest.before
                && there.contains(offset)
                && row.intAt(PARTITION) == partition.number()
                && row.textAt(SOURCE).equals(partition.source())) {
              lowest.add(
                  new BronzeRecord(
                      offset,
                      Math.floorDiv(row.longAt(INGESTED_AT), 1000L),
                      bytes(row, KEY),
                      row.isNull(HEADERS) ? null : row.textAt(HEADERS),
                      bytes(row, VALUE)));
            }
          });
    }
    return new BronzeRecords(List.copyOf(lowest.records.values()), lowest.before);
  }

  private static byte @Nullable [] bytes(TableReader.Row row, int column) {
    return row.isNull(column) ? null : row.bytesAt(column);
  }

  /** The records of lowest offset that fit into a number of bytes. */
  private static final class Lowest {
    private final int mostBytes;
    private final TreeMap<Long, BronzeRecord> records = new TreeMap<>();
    private long bytes;
    private long before = Long.MAX_VALUE;

    Lowest(int mostBytes) {
      this.mostBytes = mostBytes;
    }

    void add(BronzeRecord record) {
      records.put(record.offset(), record);
      bytes += record.size();
      while (bytes > mostBytes && records.size() > 1) {
        BronzeRecord highest = records.pollLastEntry().getValue();
        bytes -= highest.size();
        before = highest.offset();
      }
    }
  }
}
