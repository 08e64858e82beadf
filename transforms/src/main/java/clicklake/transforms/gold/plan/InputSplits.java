package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.EventTables;
import clicklake.transforms.gold.table.GoldTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the files that a refresh reads, and divides them into splits. */
final class InputSplits {
  /** Files of so many bytes are read together: one row of a key, not one for each file. */
  private static final long SPLIT_BYTES = 32L << 20;

  private final Map<DataFile, Set<String>> feeds = new LinkedHashMap<>();
  private final List<InputSplit> existing = new ArrayList<>();

  /** Adds a file of silver whose events a table receives. */
  void feed(DataFile file, GoldTable table) {
    feeds.computeIfAbsent(file, first -> new LinkedHashSet<>()).add(table.path());
  }

  /** Adds files of a gold table whose rows are merged. */
  void merge(GoldTable table, List<DataFile> files) {
    for (List<DataFile> together : divide(files)) {
      existing.add(new InputSplit(table.path(), Set.of(), together));
    }
  }

  /** The splits: files of gold, then those of silver that the same tables receive. */
  List<InputSplit> build() {
    Map<Set<String>, List<DataFile>> byTables = new LinkedHashMap<>();
    feeds.forEach(
        (file, tables) -> byTables.computeIfAbsent(tables, first -> new ArrayList<>()).add(file));
    List<InputSplit> splits = new ArrayList<>(existing);
    byTables.forEach(
        (tables, files) -> {
          for (List<DataFile> together : divide(files)) {
            splits.add(new InputSplit(EventTables.SILVER_EVENTS.path(), tables, together));
          }
        });
    return splits;
  }

  /** Files that are read together: by date, so that few splits hold rows of the same key. */
  private static List<List<DataFile>> divide(List<DataFile> files) {
    List<List<DataFile>> splits = new ArrayList<>();
    List<DataFile> split = List.of();
    long bytes = SPLIT_BYTES;
    for (DataFile file :
        files.stream().sorted(Comparator.comparing(one -> String.valueOf(one.date()))).toList()) {
      if (bytes >= SPLIT_BYTES) {
        split = new ArrayList<>();
        splits.add(split);
        bytes = 0;
      }
      split.add(file);
      bytes += file.sizeBytes();
    }
    return splits;
  }
}
