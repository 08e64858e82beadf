package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TimeSpans;
import clicklake.transforms.gold.plan.SilverChanges.AddedFile;
import clicklake.transforms.gold.table.GoldTable;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Which files of a gold table changes of silver put out of date, and which of them may stay. */
final class AffectedFiles {
  /** A guess of how many new events bring one new key. */
  private static final long EVENTS_OF_KEY = 10;

  private AffectedFiles() {}

  /** Whether a file of the table may hold rows that the changes affect. */
  static Predicate<DataFile> of(GoldTable table, SilverChanges changes) {
    return switch (table.grain()) {
      case ANY -> file -> true;
      case DATES -> {
        Set<LocalDate> dates = changes.dates();
        yield file -> dates.contains(FileDates.of(file));
      }
      case EVENTS -> changes::recomputes;
      case HOURS -> {
        TimeSpans times = new TimeSpans();
        for (AddedFile one : changes.added()) {
          times.add(one.events().wider(table.lookback().toNanos() / 1000));
        }
        yield file ->
            changes.recomputes(file)
                || times.overlap(
                    TimeSpans.ofRows(file, table.start(), table.end(), table.endIncluded()));
      }
    };
  }

  /**
   * The files of an append-only table that stay untouched. Beginning with the smallest, files are
   * rewritten together with the new rows as long as they are not much larger than all smaller ones
   * together. So there are few files, and a row is seldom rewritten.
   */
  static List<DataFile> untouched(List<DataFile> files, SilverChanges changes) {
    List<DataFile> ascending =
        files.stream().sorted(Comparator.comparingLong(PartSizes::rows)).toList();
    long together =
        changes.added().stream().mapToLong(one -> PartSizes.rows(one.file())).sum() / EVENTS_OF_KEY;
    int smaller = 0;
    while (smaller < ascending.size() && PartSizes.rows(ascending.get(smaller)) <= 2 * together) {
      together += PartSizes.rows(ascending.get(smaller));
      smaller++;
    }
    return List.copyOf(ascending.subList(smaller, ascending.size()));
  }
}
