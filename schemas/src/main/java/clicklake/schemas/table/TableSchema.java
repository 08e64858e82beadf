package clicklake.schemas.table;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the lake: where it lies below the lake's root, its columns in order, and the one
 * column, of type {@link Column.Type#DATE} and last in the schema, that partitions it.
 *
 * @param path below the lake's root: {@code layer/name}
 * @param comment what a row is
 * @param columns columns kept in files, in order; the partition column is not among them
 * @param partitionColumn name of the date that partitions the table; null if it has none
 */
public record TableSchema(
    String path, String comment, List<Column> columns, @Nullable String partitionColumn)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public TableSchema {
    requireNonNull(path, "path");
    requireNonNull(comment, "comment");
    columns = List.copyOf(columns);
  }

  /**
   * The column of a name.
   *
   * @throws IllegalArgumentException if the table has none
   */
  public Column column(String name) {
    for (Column column : columns) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException(path + " has no column " + name);
  }

  /**
   * Where a column stands in {@link #columns()}: its handle in rows.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public int index(String name) {
    return columns.indexOf(column(name));
  }

  /**
   * The same table with these of its columns alone, in this order: what a reader asks of it. An
   * {@link #index} is then the column's handle in the rows that were read.
   *
   * @throws IllegalArgumentException if the table has no column of one of these names
   */
  public TableSchema select(List<String> names) {
    return new TableSchema(
        path, comment, names.stream().map(this::column).toList(), partitionColumn);
  }

  /** As {@link #select(List)}. */
  public TableSchema select(String... names) {
    return select(List.of(names));
  }

  @Override
  public String toString() {
    return path;
  }
}
