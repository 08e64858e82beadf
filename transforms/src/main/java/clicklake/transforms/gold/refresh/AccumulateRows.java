package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.InputSplit;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Accumulates the rows of files: events of silver, and existing rows of gold tables. Plain Java;
 * emits encoded rows, which are merged part by part.
 */
public final class AccumulateRows {
  /** A key with its accumulator in a hash table, more or less. */
  private static final int BYTES_OF_KEY = 400;

  /** Keys that are held before they are emitted: bounds memory, not the result. */
  private static final int MAX_KEYS =
      maxKeys(Runtime.getRuntime().maxMemory(), Runtime.getRuntime().availableProcessors());

  /** Rows of a file between two checks of how many keys are held. */
  private static final int ROWS_BETWEEN_CHECKS = 1 << 12;

  private final Aggregations aggregations;
  private final RefreshSpec spec;
  private final TableReaders tables;
  private final PartitionFiles files;
  private final int maxKeys;
  private long rowsRead;

  public AccumulateRows(
      Aggregations aggregations, RefreshSpec spec, TableReaders tables, PartitionFiles files) {
    this(aggregations, spec, tables, files, MAX_KEYS);
  }

  /**
   * @param maxKeys about how many keys are held before they are emitted
   */
  AccumulateRows(
      Aggregations aggregations,
      RefreshSpec spec,
      TableReaders tables,
      PartitionFiles files,
      int maxKeys) {
    this.maxKeys = maxKeys;
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
   * Accumulates the rows of a split.
   *
   * @param out takes the accumulators
   * @return new files of append-only tables, by the table's path
   */
  public Map<String, List<DataFile>> read(InputSplit input, PartAccumulators.Output out) {
    if (input.table().equals(EventTables.SILVER_EVENTS.path())) {
      return readEvents(input, out);
    }
    mergeExistingRows(input, out);
    return Map.of();
  }

  private Map<String, List<DataFile>> readEvents(InputSplit input, PartAccumulators.Output out) {
    List<PartAccumulators> accumulators = new ArrayList<>();
    for (String table : input.feeds()) {
      int index = aggregations.aggregationOf(table);
      if (index >= 0 && !aggregations.aggregation(index).reads().isEmpty()) {
        accumulators.add(new PartAccumulators(aggregations, index, spec));
      }
    }
    SilverEvent event = new SilverEvent(aggregations.reads(input.feeds()));
    TableReader silver = tables.of(input.table());
    List<EventRowFiles> appended =
        aggregations.eventRows(input.feeds()).stream()
            .map(definition -> new EventRowFiles(definition, files))
            .toList();
    try {
      // Date by date, so that the rows of a date make one file: there may be thousands of dates.
      for (DataFile file : byDate(input.files())) {
        silver.read(
            file,
            event.columns(),
            row -> {
              event.at(row);
              for (int i = 0; i < accumulators.size(); i++) {
                PartAccumulators part = accumulators.get(i);
                part.aggregation().add(event, part.accumulators());
              }
              for (int i = 0; i < appended.size(); i++) {
                appended.get(i).add(event);
              }
              if (++rowsRead % ROWS_BETWEEN_CHECKS == 0) {
                flush(accumulators, out, maxKeys);
              }
            });
        flush(accumulators, out, maxKeys);
      }
      flush(accumulators, out, 0);
      Map<String, List<DataFile>> written = new HashMap<>();
      appended.forEach(table -> written.put(table.table(), table.finish()));
      return written;
    } finally {
      appended.forEach(EventRowFiles::close);
    }
  }

  /** Keys a worker may hold, so that those of all workers take an eighth of the heap. */
  static int maxKeys(long heapBytes, int workers) {
    return (int) Math.max(10_000, Math.min(400_000, heapBytes / 8 / BYTES_OF_KEY / workers));
  }

  private static List<DataFile> byDate(List<DataFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(file -> String.valueOf(file.date())))
        .toList();
  }

  private static void flush(
      List<PartAccumulators> accumulators, PartAccumulators.Output out, int keys) {
    if (accumulators.stream().mapToInt(part -> part.accumulators().size()).sum() > keys) {
      accumulators.forEach(out::accumulators);
    }
  }

  private void mergeExistingRows(InputSplit input, PartAccumulators.Output out) {
    int index = aggregations.aggregationOf(input.table());
    PartAccumulators accumulators = new PartAccumulators(aggregations, index, spec);
    if (aggregations.isKeys(index) && spec.incremental(input.table())) {
      retractCounts(aggregations.keys(index), input, out);
    }
    TableSchema schema = accumulators.aggregation().table().schema();
    Set<Long> days = spec.days().getOrDefault(input.table(), Set.of());
    LongPredicate recomputed = days::contains;
    TableReader rows = tables.of(input.table());
    for (DataFile file : input.files()) {
      long day = dayOf(file);
      rows.read(
          file,
          schema.columns(),
          row -> {
            rowsRead++;
            accumulators
                .aggregation()
                .addExistingRow(row, day, recomputed, accumulators.accumulators());
            if (accumulators.accumulators().size() >= maxKeys) {
              out.accumulators(accumulators);
            }
          });
    }
    out.accumulators(accumulators);
  }

  /**
   * Retracts the counts of existing keys that are merged: they are counted again with the new keys.
   */
  private void retractCounts(
      DistinctKeys<Object, Object> aggregation, InputSplit input, PartAccumulators.Output out) {
    KeyCounts counts = new KeyCounts(aggregation);
    TableReader rows = tables.of(input.table());
    for (DataFile file : input.files()) {
      long day = dayOf(file);
      rows.read(
          file,
          aggregation.table().schema().columns(),
          row -> {
            rowsRead++;
            counts.add(aggregation.group(row, day), -1);
          });
    }
    counts.emit(aggregations, spec, out);
  }

  /** The day of a file's rows; 0 if they have none. */
  private static long dayOf(DataFile file) {
    return file.date() == null ? 0 : LocalDate.parse(file.date()).toEpochDay();
  }
}
