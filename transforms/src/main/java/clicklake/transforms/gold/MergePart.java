package clicklake.transforms.gold;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.GoldTableRows;
import clicklake.schemas.lake.GoldWork;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.GoldTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Merges all rows of a part, writes its file, and draws rows of other tables from it. */
final class MergePart {
  private final Marts marts;
  private final GoldWork work;
  private final GoldTableRows tables;
  private final PartitionFiles files;

  MergePart(Marts marts, GoldWork work, GoldTableRows tables, PartitionFiles files) {
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
  Optional<DataFile.Content> merge(
      int number, long part, Iterable<byte[]> batches, PartSums.Output drawn) {
    Mart<Object, Object> mart = marts.mart(number);
    GoldTable table = mart.table();
    Long day = PartSums.day(mart, part, PartSums.buckets(mart, work));
    Sums<Object, Object> sums = new Sums<>(mart);
    for (byte[] batch : batches) {
      RowBatch.read(table.schema(), batch, row -> mart.add(row, day == null ? 0 : day, sums));
    }
    if (marts.isKeys(number)) {
      dropKnown(marts.keys(number), part, day, sums.all(), drawn);
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

  private static void put(Mart<Object, Object> mart, Sums<Object, Object> sums, RowSink rows) {
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
   * many there are with those that are left.
   */
  private void dropKnown(
      KeyMart<Object, Object> mart,
      long part,
      @Nullable Long day,
      Map<Object, Object> keys,
      PartSums.Output drawn) {
    Map<Object, Count> counts = new HashMap<>();
    int buckets = PartSums.buckets(mart, work);
    TableRows rows = tables.of(mart.table().path());
    String date = day == null ? null : LocalDate.ofEpochDay(day).toString();
    for (DataFile.Content file : work.kept().getOrDefault(mart.table().path(), List.of())) {
      if (Objects.equals(date, file.date())) {
        rows.read(
            file,
            mart.table().schema().columns(),
            row -> {
              Object key = mart.key(row, day == null ? 0 : day);
              if (PartSums.isIn(mart, key, part, buckets)) {
                countOf(counts, mart.group(key)).add(1);
                keys.remove(key);
              }
            });
      }
    }
    for (Object key : keys.keySet()) {
      countOf(counts, mart.group(key)).add(1);
    }
    if (work.writes(mart.countTable().path())) {
      RowBatch batch = new RowBatch(mart.countTable().schema());
      counts.forEach((group, keysOf) -> mart.putCount(group, keysOf.number(), batch));
      handOn(mart.countTable(), batch, drawn);
    }
  }

  private static Count countOf(Map<Object, Count> counts, Object group) {
    return counts.computeIfAbsent(group, known -> new Count());
  }

  private void handOn(GoldTable table, RowBatch batch, PartSums.Output drawn) {
    PartSums parts = new PartSums(marts, marts.drawn(table), work);
    RowBatch.read(table.schema(), batch.toByteArray(), row -> parts.add(row, 0));
    parts.flush(drawn);
  }

  private void draw(Mart<Object, Object> mart, Sums<Object, Object> sums, PartSums.Output drawn) {
    Map<GoldTable, RowBatch> batches = new HashMap<>();
    mart.draw(
        sums.all(), table -> batches.computeIfAbsent(table, known -> new RowBatch(known.schema())));
    batches.forEach(
        (table, batch) -> {
          if (work.writes(table.path())) {
            handOn(table, batch, drawn);
          }
        });
  }
}
