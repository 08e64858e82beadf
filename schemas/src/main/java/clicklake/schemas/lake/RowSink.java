package clicklake.schemas.lake;

import org.jspecify.annotations.Nullable;

/** Takes the rows of one table. */
@FunctionalInterface
public interface RowSink {

  /**
   * Takes a row.
   *
   * @param values one for each column of the table, in its order: {@code Integer} for INT and DATE,
   *     {@code Long} for LONG, TIMESTAMP (microseconds) and PRICE (1/10000), {@code String}, {@code
   *     byte[]}, {@code Double} or {@code Boolean}; null where the column may be null
   * @throws IllegalArgumentException if a value is missing or of another type
   */
  void row(@Nullable Object... values);
}
