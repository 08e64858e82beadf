package clicklake.jobs;

import java.time.LocalDate;
import java.util.Map;
import java.util.Set;

/**
 * What a refresh of the gold tables did.
 *
 * @param silverVersion silver's version that the tables say now; -1 if there is no silver table
 * @param dates the dates whose events some table took in; none if all were up to date
 * @param rows how many rows each table holds now, by the table's path
 */
public record GoldReport(long silverVersion, Set<LocalDate> dates, Map<String, Long> rows) {
  public GoldReport {
    dates = Set.copyOf(dates);
    rows = Map.copyOf(rows);
  }
}
