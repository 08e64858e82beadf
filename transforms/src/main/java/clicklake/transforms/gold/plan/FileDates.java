package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.transforms.gold.table.GoldFailures;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** The date that a file of a partitioned table belongs to. */
final class FileDates {
  private FileDates() {}

  /**
   * The date of a file.
   *
   * @throws CorruptTableException if it has none
   */
  static LocalDate of(DataFile file) {
    if (file.date() == null) {
      throw GoldFailures.noDate(file);
    }
    return LocalDate.parse(file.date());
  }

  /** The date in the path of a file of silver; null if its writer names folders in another way. */
  static @Nullable LocalDate ofPath(String path) {
    String folder = EventTables.SILVER_EVENTS.partitionColumn() + "=";
    int slash = path.indexOf('/');
    if (!path.startsWith(folder) || slash < 0) {
      return null;
    }
    try {
      return LocalDate.parse(path.substring(folder.length(), slash));
    } catch (DateTimeException e) {
      return null;
    }
  }
}
