package clicklake.schemas.batch;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file of a table, or one that is proposed to it.
 *
 * @param path relative to the table's folder, {@code /} between its parts, not URL-encoded
 * @param sizeBytes its length
 * @param rows its number of rows
 * @param date value of the table's one partition column, {@code YYYY-MM-DD}; null if the table has
 *     none
 * @param stats Delta's per-file statistics as JSON
 */
public record DataFile(String path, long sizeBytes, long rows, @Nullable String date, String stats)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public DataFile {
    requireNonNull(path, "path");
    requireNonNull(stats, "stats");
  }

  /** The same file, with nothing said of its columns. */
  public DataFile withoutStats() {
    return new DataFile(path, sizeBytes, rows, date, "");
  }
}
