package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
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

/** Merges all rows of a part, writes its file, and draws rows of other tables from it. */
public final class PartMerger {
  private final Aggregations marts;
  private final RefreshSpec work;
  private final TableReaders tables;
  private final PartitionFiles files;

  public PartMerger(
      Aggregations marts, RefreshSpec work, TableReaders tables, PartitionFiles files) {
    this.marts = marts;
    this.work = work;
    this.tables = tables;
    this.files = files;
  }

  /**
   * Merges.
   *
   * @param number of the definition
   * @param part number of the part
   * @param batches all its rows
   * @param drawn takes the rows of tables that are drawn from this one
   * @return the part's file; empty if the part has no rows or the table is not written
   */
  public Optional<DataFile> merge(
      int number, long part, Iterable<byte[]> batches, PartAccumulators.Output drawn) {
    Aggregation<Object, Object> mart = marts.mart(number);
    Long day = PartAccumulators.day(mart, part, work);
    Accumulators<Object, Object> sums = new Accumulators<>(mart);
    for (byte[] batch : batches) {
      RowBatch.read(
          mart.table().schema(), batch, row -> mart.add(row, day == null ? 0 : day, sums));
    }
    return merge(number, part, sums, drawn);
  }

  /**
   * Merges figures that were added up already.
   *
   * @param sums all figures of the part
   */
  public Optional<DataFile> merge(
      int number, long part, Accumulators<Object, Object> sums, PartAccumulators.Output drawn) {
    Aggregation<Object, Object> mart = marts.mart(number);
    GoldTable table = mart.table();
    Long day = PartAccumulators.day(mart, part, work);
    if (marts.isKeys(number)) {
      dropKnown(marts.keys(number), day, sums.all(), drawn);
    } else {
      draw(mart, sums, drawn);
    }
    if (!mart.writesFiles() || !work.writes(table.path()) || sums.size() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        files.write(
            table.schema(),
            day == null ? null : LocalDate.ofEpochDay(day),
            rows -> put(mart, sums, rows)));
  }

  private static void put(
      Aggregation<Object, Object> mart, Accumulators<Object, Object> sums, RowSink rows) {
    List<Map.Entry<Object, Object>> entries = List.copyOf(sums.all().entrySet());
    if (mart.table().cut() == GoldTable.Cut.HOURS) {
      entries =
          entries.stream()
              .sorted(Comparator.comparingLong(entry -> mart.start(entry.getKey())))
              .toList();
    }
    entries.forEach(entry -> mart.put(entry.getKey(), entry.getValue(), rows));
  }

  /**
   * Drops the keys that are in the table already, in files that stay as they are, and draws how
   * many there are of those that are left.
   */
  private void dropKnown(
      DistinctKeys<Object, Object> mart,
      @Nullable Long day,
      Map<Object, Object> keys,
      PartAccumulators.Output drawn) {
    // Most rows are of other groups: they need not be read any further.
    Set<Object> groups = new HashSet<>();
    keys.keySet().forEach(key -> groups.add(mart.group(key)));
    long dayOfRows = day == null ? 0 : day;
    TableReader rows = tables.of(mart.table().path());
    String date = day == null ? null : LocalDate.ofEpochDay(day).toString();
    for (DataFile file : work.kept().getOrDefault(mart.table().path(), List.of())) {
      if (Objects.equals(date, file.date())) {
        rows.read(
            file,
            mart.table().schema().columns(),
            row -> {
              if (groups.contains(mart.group(row, dayOfRows))) {
                keys.remove(mart.key(row, dayOfRows));
              }
            });
      }
    }
    KeyCounts counts = new KeyCounts(mart);
    keys.keySet().forEach(key -> counts.add(mart.group(key), 1));
    counts.handOn(marts, work, drawn);
  }

  private void draw(
      Aggregation<Object, Object> mart,
      Accumulators<Object, Object> sums,
      PartAccumulators.Output drawn) {
    Map<GoldTable, RowBatch> batches = new HashMap<>();
    mart.draw(
        sums.all(), table -> batches.computeIfAbsent(table, known -> new RowBatch(known.schema())));
    batches.forEach((table, batch) -> PartAccumulators.handOn(marts, work, table, batch, drawn));
  }
}
