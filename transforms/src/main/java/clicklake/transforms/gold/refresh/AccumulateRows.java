package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.star.FactEvents;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Sums up the rows of files: events of silver, and rows of gold tables that are taken over. Plain
 * Java; what is handed on is encoded rows, to be merged part by part.
 */
public final class AccumulateRows {
  /** Keys that are summed up before they are handed on: bounds memory, not the result. */
  private static final int MOST_KEYS = 400_000;

  private final Aggregations marts;
  private final RefreshSpec work;
  private final TableReaders tables;
  private final PartitionFiles files;

  public AccumulateRows(
      Aggregations marts, RefreshSpec work, TableReaders tables, PartitionFiles files) {
    this.marts = marts;
    this.work = work;
    this.tables = tables;
    this.files = files;
  }

  /**
   * Sums up.
   *
   * @param out takes the sums
   * @return new files of {@link FactEvents#TABLE}
   */
  public List<DataFile> read(InputSplit input, PartAccumulators.Output out) {
    if (input.table().equals(EventTables.SILVER_EVENTS.path())) {
      return readEvents(input, out);
    }
    takeOver(input, out);
    return List.of();
  }

  private List<DataFile> readEvents(InputSplit input, PartAccumulators.Output out) {
    List<PartAccumulators> sums = new ArrayList<>();
    for (String table : input.feeds()) {
      int number = marts.intake(table);
      if (number >= 0 && !marts.mart(number).reads().isEmpty()) {
        sums.add(new PartAccumulators(marts, number, work));
      }
    }
    SilverEvent event = new SilverEvent(marts.reads(input.feeds()));
    TableReader silver = tables.of(input.table());
    boolean factsToo = input.feeds().contains(FactEvents.TABLE.path());
    try (FactEvents facts = new FactEvents(files)) {
      // Date by date, so that the facts of a date make one file: there may be thousands of dates.
      for (DataFile file : byDate(input.files())) {
        silver.read(
            file,
            event.columns(),
            row -> {
              event.at(row);
              for (int i = 0; i < sums.size(); i++) {
                PartAccumulators part = sums.get(i);
                part.mart().add(event, part.sums());
              }
              if (factsToo) {
                facts.add(event);
              }
            });
        flush(sums, out, MOST_KEYS);
      }
      flush(sums, out, 0);
      return facts.finish();
    }
  }

  private static List<DataFile> byDate(List<DataFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(file -> String.valueOf(file.date())))
        .toList();
  }

  private static void flush(List<PartAccumulators> sums, PartAccumulators.Output out, int keys) {
    if (sums.stream().mapToInt(part -> part.sums().size()).sum() > keys) {
      sums.forEach(out::sums);
    }
  }

  private void takeOver(InputSplit input, PartAccumulators.Output out) {
    int number = marts.intake(input.table());
    PartAccumulators sums = new PartAccumulators(marts, number, work);
    if (marts.isKeys(number) && work.addsUp(input.table())) {
      takeBack(marts.keys(number), input, out);
    }
    TableSchema schema = sums.mart().table().schema();
    Set<Long> days = work.days().getOrDefault(input.table(), Set.of());
    LongPredicate anew = days::contains;
    TableReader rows = tables.of(input.table());
    for (DataFile file : input.files()) {
      long day = dayOf(file);
      rows.read(
          file,
          schema.columns(),
          row -> {
            sums.mart().carry(row, day, anew, sums.sums());
            if (sums.sums().size() >= MOST_KEYS) {
              out.sums(sums);
            }
          });
    }
    out.sums(sums);
  }

  /** Takes back the count of keys that are taken over, as they will be counted with the new. */
  private void takeBack(
      DistinctKeys<Object, Object> mart, InputSplit input, PartAccumulators.Output out) {
    KeyCounts counts = new KeyCounts(mart);
    TableReader rows = tables.of(input.table());
    for (DataFile file : input.files()) {
      long day = dayOf(file);
      rows.read(file, mart.table().schema().columns(), row -> counts.add(mart.group(row, day), -1));
    }
    counts.handOn(marts, work, out);
  }

  /** The day of a file's rows; 0 if they have none. */
  private static long dayOf(DataFile file) {
    return file.date() == null ? 0 : LocalDate.parse(file.date()).toEpochDay();
  }
}
