package clicklake.io.parquet;

import java.io.Serializable;
import java.util.Set;

/**
 * How data files are written.
 *
 * @param zstdLevel compression level, 1 (fast) to 22 (small)
 * @param rowsPerFile a file is closed after so many rows
 * @param bytesPerFile a file is closed at about this size
 * @param bytesPerRowGroup rows are kept in memory up to about this size, encoded, before they are
 *     written
 */
public record ParquetSettings(
    int zstdLevel, long rowsPerFile, long bytesPerFile, long bytesPerRowGroup)
    implements Serializable {
  /** Columns whose values seldom repeat within a file. */
  public static final Set<String> SELDOM_REPEATED =
      Set.of("event_id", "event_time", "ip_hash", "_offset", "_digest", "_rescued_data");

  private static final long serialVersionUID = 1L;

  /** Level 3, a million rows, 256 MiB, row groups of 64 MiB. */
  public static final ParquetSettings DEFAULT =
      new ParquetSettings(3, 1_000_000, 256L << 20, 64L << 20);

  public ParquetSettings {
    if (zstdLevel < 1 || zstdLevel > 22) {
      throw new IllegalArgumentException("no zstd level: " + zstdLevel);
    }
    if (rowsPerFile < 1 || bytesPerFile < 1 || bytesPerRowGroup < 1) {
      throw new IllegalArgumentException("sizes of files must be positive");
    }
  }

  public ParquetSettings withZstdLevel(int level) {
    return new ParquetSettings(level, rowsPerFile, bytesPerFile, bytesPerRowGroup);
  }
}
