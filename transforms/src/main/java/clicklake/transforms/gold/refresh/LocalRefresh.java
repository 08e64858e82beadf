package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReaders;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.InputSplit;
import clicklake.transforms.gold.plan.Part;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.table.Accumulators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes in the caller's thread what {@link ComputeFiles} computes on a runner. With few new
 * events it ends before a runner has started.
 */
public final class LocalRefresh {
  private final Aggregations aggregations;
  private final TableReaders tables;
  private final PartitionFiles files;

  /**
   * @param tables reads silver and gold
   * @param files writes gold
   */
  public LocalRefresh(Aggregations aggregations, TableReaders tables, PartitionFiles files) {
    this.aggregations = aggregations;
    this.tables = tables;
    this.files = files;
  }

  /**
   * Turns files of silver and existing files of gold tables into new files.
   *
   * @return the new files by the path of their table
   */
  public Map<String, List<DataFile>> refresh(List<InputSplit> inputs, RefreshSpec spec) {
    Map<String, List<DataFile>> written = new HashMap<>();
    refresh(inputs, spec, written);
    return written;
  }

  /** The same for tables that can be recomputed by date: holds the rows of one date at a time. */
  public Map<String, List<DataFile>> refreshByDate(List<InputSplit> inputs, RefreshSpec spec) {
    Map<String, List<InputSplit>> byDate = new TreeMap<>();
    for (InputSplit input : inputs) {
      Map<String, List<DataFile>> files = new TreeMap<>();
      for (DataFile file : input.files()) {
        if (file.date() == null) {
          throw new IllegalArgumentException(input.table() + " is not partitioned by date");
        }
        files.computeIfAbsent(file.date(), date -> new ArrayList<>()).add(file);
      }
      files.forEach(
          (date, ofDate) ->
              byDate
                  .computeIfAbsent(date, first -> new ArrayList<>())
                  .add(new InputSplit(input.table(), input.feeds(), ofDate)));
    }
    Map<String, List<DataFile>> written = new HashMap<>();
    byDate.values().forEach(date -> refresh(date, spec, written));
    return written;
  }

  private void refresh(
      List<InputSplit> inputs, RefreshSpec spec, Map<String, List<DataFile>> written) {
    Map<Integer, Map<Long, Accumulators<Object, Object>>> parts = new HashMap<>();
    Map<Part, List<byte[]>> derived = new HashMap<>();
    AccumulateRows accumulators = new AccumulateRows(aggregations, spec, tables, files);
    PartAccumulators.Output out =
        new PartAccumulators.Output() {
          @Override
          public void rows(Part part, byte[] rows) {
            add(derived, part, rows);
          }

          @Override
          public void accumulators(PartAccumulators of) {
            if (aggregations.isDerived(of.index())) {
              of.flush(this);
            } else {
              of.moveTo(parts.computeIfAbsent(of.index(), first -> new HashMap<>()));
            }
          }
        };
    for (InputSplit input : inputs) {
      accumulators
          .read(input, out)
          .forEach((table, added) -> added.forEach(file -> add(written, table, file)));
    }
    PartMerger merge = new PartMerger(aggregations, spec, tables, files);
    parts.forEach(
        (aggregation, all) ->
            all.forEach(
                (number, of) -> {
                  Part part = new Part(aggregation, number);
                  merge
                      .merge(part, of, out)
                      .ifPresent(file -> add(written, aggregations.path(part), file));
                }));
    merge(derived, spec, written);
  }

  private void merge(
      Map<Part, List<byte[]>> derived, RefreshSpec spec, Map<String, List<DataFile>> written) {
    PartMerger merge = new PartMerger(aggregations, spec, tables, files);
    derived.forEach(
        (part, rows) ->
            merge
                .merge(
                    part,
                    rows,
                    (to, more) -> {
                      throw new IllegalStateException(
                          aggregations.path(part) + " is derived from a derived table");
                    })
                .ifPresent(file -> add(written, aggregations.path(part), file)));
  }

  private static void add(Map<Part, List<byte[]>> parts, Part part, byte[] rows) {
    parts.computeIfAbsent(part, key -> new ArrayList<>()).add(rows);
  }

  private static void add(Map<String, List<DataFile>> written, String table, DataFile file) {
    written.computeIfAbsent(table, key -> new ArrayList<>()).add(file);
  }
}
