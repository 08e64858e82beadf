package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTable.Grain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How large the parts of each table become, by the rows and dates of the files that are read. */
final class PartSizes {
  /** Rows that one part of a table holds in memory while it is written, more or less. */
  private static final long ROWS_OF_PART = 400_000;

  /** Fewer where a part is no file: small ones cost nothing, and sessions are large rows. */
  private static final long ROWS_OF_UNWRITTEN_PART = 50_000;

  private static final int MAX_BUCKETS = 256;

  /** New events of so few dates, as a stream has them, are written to one file an hour. */
  private static final int DATES_BY_HOUR = 4;

  /** With so many rows a day, on average, there is one file an hour even for many dates. */
  private static final long ROWS_BY_HOUR = 50_000;

  /** A guess, where statistics do not say. */
  private static final long BYTES_OF_ROW = 20;

  private final Map<String, Long> rows = new HashMap<>();
  private final Map<String, Set<String>> dates = new HashMap<>();

  /** Adds a file that is read for a table. */
  void add(GoldTable table, DataFile file) {
    rows.merge(table.path(), rows(file), Long::sum);
    if (file.date() != null) {
      dates.computeIfAbsent(table.path(), first -> new HashSet<>()).add(file.date());
    }
  }

  /** Number of a file's rows, or a guess. */
  static long rows(DataFile file) {
    return file.rows() < 0 ? file.sizeBytes() / BYTES_OF_ROW : file.rows();
  }

  /** By a table's path, into how many parts its keys are spread. */
  Map<String, Integer> buckets() {
    Map<String, Integer> buckets = new HashMap<>();
    rows.forEach(
        (table, number) ->
            buckets.put(table, (int) Math.min(MAX_BUCKETS, 1 + number / rowsOfPart(table))));
    return buckets;
  }

  /**
   * Parts of a table with a file an hour are files; its buckets are those of what it is made of.
   */
  private static long rowsOfPart(String table) {
    return Aggregations.table(table).grain() == Grain.HOURS ? ROWS_OF_UNWRITTEN_PART : ROWS_OF_PART;
  }

  /** Paths of the tables with few rows a day, for many days. */
  Set<String> wholeDays() {
    Set<String> tables = new HashSet<>();
    dates.forEach(
        (table, all) -> {
          if (all.size() > DATES_BY_HOUR
              && rows.getOrDefault(table, 0L) / all.size() < ROWS_BY_HOUR) {
            tables.add(table);
          }
        });
    return tables;
  }
}
