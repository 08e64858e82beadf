package clicklake.transforms.gold;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.GoldInput;
import clicklake.schemas.lake.GoldTableRows;
import clicklake.schemas.lake.GoldWork;
import clicklake.schemas.lake.PartitionFiles;
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
  private final GoldTableRows tables;
  private final PartitionFiles files;

  /**
   * @param tables reads silver and gold
   * @param files writes gold
   */
  public RefreshInMemory(Marts marts, GoldTableRows tables, PartitionFiles files) {
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
  public Map<String, List<DataFile.Content>> refresh(List<GoldInput> inputs, GoldWork work) {
    Map<String, List<DataFile.Content>> written = new HashMap<>();
    refresh(inputs, work, written);
    return written;
  }

  /**
   * The same for tables whose rows rest on the events of their own date alone: holds the rows of
   * one date at a time.
   */
  public Map<String, List<DataFile.Content>> refreshByDate(List<GoldInput> inputs, GoldWork work) {
    Map<String, List<GoldInput>> byDate = new TreeMap<>();
    for (GoldInput input : inputs) {
      for (DataFile.Content file : input.files()) {
        if (file.date() == null) {
          throw new IllegalArgumentException(input.table() + " is not cut by dates");
        }
        byDate
            .computeIfAbsent(file.date(), date -> new ArrayList<>())
            .add(new GoldInput(input.table(), input.feeds(), List.of(file)));
      }
    }
    Map<String, List<DataFile.Content>> written = new HashMap<>();
    byDate.values().forEach(date -> refresh(date, work, written));
    return written;
  }

  private void refresh(
      List<GoldInput> inputs, GoldWork work, Map<String, List<DataFile.Content>> written) {
    Map<Part, List<byte[]>> parts = new HashMap<>();
    Map<Part, List<byte[]>> drawn = new HashMap<>();
    SumRows sums = new SumRows(marts, work, tables, files);
    for (GoldInput input : inputs) {
      sums.read(
              input,
              (mart, part, rows) -> add(marts.isDrawn(mart) ? drawn : parts, mart, part, rows))
          .forEach(file -> add(written, FactEvents.TABLE.path(), file));
    }
    merge(parts, work, drawn, written);
    merge(drawn, work, new HashMap<>(), written);
  }

  private void merge(
      Map<Part, List<byte[]>> parts,
      GoldWork work,
      Map<Part, List<byte[]>> drawn,
      Map<String, List<DataFile.Content>> written) {
    MergePart merge = new MergePart(marts, work, tables, files);
    parts.forEach(
        (part, rows) ->
            merge
                .merge(
                    part.mart(),
                    part.number(),
                    rows,
                    (mart, to, more) -> add(drawn, mart, to, more))
                .ifPresent(file -> add(written, marts.mart(part.mart()).table().path(), file)));
  }

  private static void add(Map<Part, List<byte[]>> parts, int mart, long part, byte[] rows) {
    parts.computeIfAbsent(new Part(mart, part), key -> new ArrayList<>()).add(rows);
  }

  private static void add(
      Map<String, List<DataFile.Content>> written, String table, DataFile.Content file) {
    written.computeIfAbsent(table, key -> new ArrayList<>()).add(file);
  }
}
