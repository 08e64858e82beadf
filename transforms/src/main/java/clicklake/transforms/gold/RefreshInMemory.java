package clicklake.transforms.gold;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.GoldInput;
import clicklake.schemas.lake.GoldWork;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Does in the caller's thread what {@link RefreshTables} has a runner do: for few new events, it is
 * done before a runner has started.
 */
public final class RefreshInMemory {
  private final Marts marts;
  private final TableReaders tables;
  private final PartitionFiles files;

  /**
   * @param tables reads silver and gold
   * @param files writes gold
   */
  public RefreshInMemory(Marts marts, TableReaders tables, PartitionFiles files) {
    this.marts = marts;
    this.tables = tables;
    this.files = files;
  }

  /** A part of a definition. */
  private record Part(int mart, long number) {}

  /**
   * Turns files of silver, and files of gold tables whose rows are taken over, into new files.
   *
   * @return the new files by the path of their table
   */
  public Map<String, List<DataFile>> refresh(List<GoldInput> inputs, GoldWork work) {
    Map<String, List<DataFile>> written = new HashMap<>();
    refresh(inputs, work, written);
    return written;
  }

  /**
   * The same for tables whose rows rest on the events of their own date alone: holds the rows of
   * one date at a time.
   */
  public Map<String, List<DataFile>> refreshByDate(List<GoldInput> inputs, GoldWork work) {
    Map<String, List<GoldInput>> byDate = new TreeMap<>();
    for (GoldInput input : inputs) {
      Map<String, List<DataFile>> files = new TreeMap<>();
      for (DataFile file : input.files()) {
        if (file.date() == null) {
          throw new IllegalArgumentException(input.table() + " is not cut by dates");
        }
        files.computeIfAbsent(file.date(), date -> new ArrayList<>()).add(file);
      }
      files.forEach(
          (date, ofDate) ->
              byDate
                  .computeIfAbsent(date, first -> new ArrayList<>())
                  .add(new GoldInput(input.table(), input.feeds(), ofDate)));
    }
    Map<String, List<DataFile>> written = new HashMap<>();
    byDate.values().forEach(date -> refresh(date, work, written));
    return written;
  }

  private void refresh(List<GoldInput> inputs, GoldWork work, Map<String, List<DataFile>> written) {
    Map<Integer, Map<Long, Sums<Object, Object>>> parts = new HashMap<>();
    Map<Part, List<byte[]>> drawn = new HashMap<>();
    SumRows sums = new SumRows(marts, work, tables, files);
    PartSums.Output out =
        new PartSums.Output() {
          @Override
          public void rows(int mart, long part, byte[] rows) {
            add(drawn, mart, part, rows);
          }

          @Override
          public void sums(PartSums of) {
            if (marts.isDrawn(of.number())) {
              of.flush(this);
            } else {
              of.moveTo(parts.computeIfAbsent(of.number(), first -> new HashMap<>()));
            }
          }
        };
    for (GoldInput input : inputs) {
      sums.read(input, out).forEach(file -> add(written, FactEvents.TABLE.path(), file));
    }
    MergePart merge = new MergePart(marts, work, tables, files);
    parts.forEach(
        (mart, all) ->
            all.forEach(
                (part, of) ->
                    merge
                        .merge(mart, part, of, out)
                        .ifPresent(file -> add(written, marts.mart(mart).table().path(), file))));
    merge(drawn, work, written);
  }

  private void merge(
      Map<Part, List<byte[]>> drawn, GoldWork work, Map<String, List<DataFile>> written) {
    MergePart merge = new MergePart(marts, work, tables, files);
    drawn.forEach(
        (part, rows) ->
            merge
                .merge(
                    part.mart(),
                    part.number(),
                    rows,
                    (mart, to, more) -> {
                      throw new IllegalStateException(
                          marts.mart(part.mart()).table() + " is drawn from a drawn table");
                    })
                .ifPresent(file -> add(written, marts.mart(part.mart()).table().path(), file)));
  }

  private static void add(Map<Part, List<byte[]>> parts, int mart, long part, byte[] rows) {
    parts.computeIfAbsent(new Part(mart, part), key -> new ArrayList<>()).add(rows);
  }

  private static void add(Map<String, List<DataFile>> written, String table, DataFile file) {
    written.computeIfAbsent(table, key -> new ArrayList<>()).add(file);
  }
}
