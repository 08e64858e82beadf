package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TimeSpans;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What changed in silver since a version.
 *
 * @param added new files, none of a date that must be recomputed
 * @param recomputed dates that must be recomputed from all their files
 */
record SilverChanges(List<AddedFile> added, Set<LocalDate> recomputed) {

  /**
   * A new file of silver.
   *
   * @param events the time range of its events
   */
  record AddedFile(DataFile file, TimeSpans.Span events) {}

  SilverChanges {
    added = List.copyOf(added);
    recomputed = Set.copyOf(recomputed);
  }

  /** Every date whose events changed. */
  Set<LocalDate> dates() {
    Set<LocalDate> all = new HashSet<>(recomputed);
    added.forEach(one -> all.add(FileDates.of(one.file())));
    return all;
  }

  /** The same, in days since 1970. */
  Set<Long> days() {
    Set<Long> days = new HashSet<>();
    dates().forEach(date -> days.add(date.toEpochDay()));
    return days;
  }

  /** Whether a file belongs to a date that must be recomputed. */
  boolean recomputes(DataFile file) {
    return recomputed.contains(FileDates.of(file));
  }
}
