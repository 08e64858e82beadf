package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.Part;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges all rows of a part, writes its file, and emits rows of the tables derived from it. */
public final class PartMerger {
  private final Aggregations aggregations;
  private final RefreshSpec spec;
  private final TableReaders tables;
  private final PartitionFiles files;
  private long rowsRead;

  public PartMerger(
      Aggregations aggregations, RefreshSpec spec, TableReaders tables, PartitionFiles files) {
    this.aggregations = aggregations;
    this.spec = spec;
    this.tables = tables;
    this.files = files;
  }

  /** Rows of files that were read so far. */
  long rowsRead() {
    return rowsRead;
  }

  /**
   * Merges.
   *
   * @param batches all rows of the part
   * @param derived takes the rows of tables that are derived from this one
   * @return the part's file; empty if the part has no rows or the table is not written
   */
  public Optional<DataFile> merge(
      Part part, Iterable<byte[]> batches, PartAccumulators.Output derived) {
    Aggregation<Object, Object> aggregation = aggregations.aggregation(part.aggregation());
    Long day = PartAccumulators.day(aggregation, part.number(), spec);
    Accumulators<Object, Object> accumulators = new Accumulators<>(aggregation);
    for (byte[] batch : batches) {
      RowBatch.read(
          aggregation.table().schema(),
          batch,
          row -> aggregation.add(row, day == null ? 0 : day, accumulators));
    }
    return merge(part, accumulators, derived);
  }

  /**
   * Merges accumulators that hold every row already.
   *
   * @param accumulators all those of the part
   */
  public Optional<DataFile> merge(
      Part part, Accumulators<Object, Object> accumulators, PartAccumulators.Output derived) {
    Aggregation<Object, Object> aggregation = aggregations.aggregation(part.aggregation());
    GoldTable table = aggregation.table();
    Long day = PartAccumulators.day(aggregation, part.number(), spec);
    if (aggregations.isKeys(part.aggregation())) {
      dropKnownKeys(aggregations.keys(part.aggregation()), day, accumulators.all(), derived);
    } else {
      emitDerivedRows(aggregation, accumulators, derived);
    }
    if (!aggregation.writesFiles() || !spec.writes(table.path()) || accumulators.size() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        files.write(
            table.schema(),
            day == null ? null : LocalDate.ofEpochDay(day),
            rows -> emitRows(aggregation, accumulators, rows)));
  }

  private static void emitRows(
      Aggregation<Object, Object> aggregation,
      Accumulators<Object, Object> accumulators,
      RowSink rows) {
    List<Map.Entry<Object, Object>> entries = List.copyOf(accumulators.all().entrySet());
    if (aggregation.table().grain() == GoldTable.Grain.HOURS) {
      entries =
          entries.stream()
              .sorted(Comparator.comparingLong(entry -> aggregation.start(entry.getKey())))
              .toList();
    }
    entries.forEach(entry -> aggregation.emitRows(entry.getKey(), entry.getValue(), rows));
  }

  /**
   * Drops keys that untouched files of the table hold already, and emits the number of new keys.
   */
  private void dropKnownKeys(
      DistinctKeys<Object, Object> aggregation,
      @Nullable Long day,
      Map<Object, Object> keys,
      PartAccumulators.Output derived) {
    // Most rows are of other groups, and their keys need not be read.
    Set<Object> groups = new HashSet<>();
    keys.keySet().forEach(key -> groups.add(aggregation.group(key)));
    long dayOfRows = day == null ? 0 : day;
    TableReader rows = tables.of(aggregation.table().path());
    String date = day == null ? null : LocalDate.ofEpochDay(day).toString();
    for (DataFile file : spec.kept().getOrDefault(aggregation.table().path(), List.of())) {
      if (Objects.equals(date, file.date())) {
        rows.read(
            file,
            aggregation.table().schema().columns(),
            row -> {
              rowsRead++;
              if (groups.contains(aggregation.group(row, dayOfRows))) {
                keys.remove(aggregation.key(row, dayOfRows));
              }
            });
      }
    }
    KeyCounts counts = new KeyCounts(aggregation);
    keys.keySet().forEach(key -> counts.add(aggregation.group(key), 1));
    counts.emit(aggregations, spec, derived);
  }

  private void emitDerivedRows(
      Aggregation<Object, Object> aggregation,
      Accumulators<Object, Object> accumulators,
      PartAccumulators.Output derived) {
    Map<GoldTable, RowBatch> batches = new HashMap<>();
    aggregation.emitDerivedRows(
        accumulators.all(),
        table -> batches.computeIfAbsent(table, known -> new RowBatch(known.schema())));
    batches.forEach(
        (table, batch) -> PartAccumulators.emit(aggregations, spec, table, batch, derived));
  }
}
