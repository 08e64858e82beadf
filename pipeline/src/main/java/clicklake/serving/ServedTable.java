package clicklake.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of ClickHouse: a view of the newest row of each key, over a table in which rows are only
 * ever inserted.
 *
 * <p>The view {@code database.name} is for readers: each key once, with its newest figures, without
 * FINAL. Below it, {@code database.name_rows} is a ReplacingMergeTree by version, in which older
 * rows of a key disappear some time. A row that is {@code deleted} takes its key out of the view.
 *
 * @param database its database
 * @param name its name
 * @param columns keys first; the first key is a date or a time, by whose month rows are divided
 */
public record ServedTable(String database, String name, List<ServedColumn> columns) {
  /** When a row was written. */
  static final String UPDATED_AT = "updated_at";

  /** The version of silver that a row's figures, or their base, are of. */
  static final String SILVER_VERSION = "silver_version";

  /** Whether a row is silver's own figure, and no pane's. */
  static final String IS_FINAL = "is_final";

  private static final String DELETED = "deleted";
  private static final String VERSION = "version";
  private static final String DATE_TIME = "DateTime('UTC')";

  /** Beside the table's own columns, in this order, in each of its rows. */
  private static final List<ServedColumn> OF_ROWS =
      List.of(
          ServedColumn.figure(UPDATED_AT, DATE_TIME),
          ServedColumn.figure(SILVER_VERSION, "Int64"),
          ServedColumn.figure(IS_FINAL, "UInt8"),
          ServedColumn.figure(DELETED, "UInt8"),
          ServedColumn.figure(VERSION, "UInt64"));

  public ServedTable {
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param type as ClickHouse spells it
   * @param key whether it is part of the key
   */
  public record ServedColumn(String name, String type, boolean key) {
    static ServedColumn key(String name, String type) {
      return new ServedColumn(name, type, true);
    }

    static ServedColumn figure(String name, String type) {
      return new ServedColumn(name, type, false);
    }

    /** A figure that a row may lack, kept beside a column that says whether it is known. */
    static ServedColumn figureOrNull(String name, String type) {
      return new ServedColumn(name, "Nullable(" + type + ")", false);
    }

    boolean isNullable() {
      return type.startsWith("Nullable(");
    }

    /** In the rows: aggregate functions pass over nulls, so there are none. */
    private Stream<ServedColumn> stored() {
      return isNullable()
          ? Stream.of(
              figure(name, type.substring("Nullable(".length(), type.length() - 1)),
              figure(known(), "UInt8"))
          : Stream.of(this);
    }

    private String known() {
      return name + "_known";
    }
  }

  /** The table for readers, with its database. */
  public String view() {
    return database + "." + name;
  }

  /** The table that rows are inserted into, with its database. */
  public String rows() {
    return view() + "_rows";
  }

  List<ServedColumn> keys() {
    return columns.stream().filter(ServedColumn::key).toList();
  }

  /** Columns of the rows, in the order in which values are given. */
  public List<ServedColumn> rowColumns() {
    return Stream.concat(columns.stream().flatMap(ServedColumn::stored), OF_ROWS.stream()).toList();
  }

  /** Names of {@link #rowColumns()}. */
  public List<String> rowColumnNames() {
    return rowColumns().stream().map(ServedColumn::name).toList();
  }

  /** Columns of the view. */
  List<ServedColumn> viewColumns() {
    List<ServedColumn> all = new ArrayList<>(columns);
    all.addAll(OF_ROWS.subList(0, 3));
    return all;
  }

  /** The statement that makes the table of rows, if there is none. */
  String createRows() {
    return "CREATE TABLE IF NOT EXISTS "
        + rows()
        + " ("
        + rowColumns().stream()
            .map(column -> column.name() + " " + column.type())
            .collect(Collectors.joining(", "))
        + ") ENGINE = ReplacingMergeTree("
        + VERSION
        + ") PARTITION BY toYYYYMM("
        + columns.get(0).name()
        + ") ORDER BY ("
        + names(keys())
        + ")";
  }

  /** The statement that makes the view, if there is none. */
  String createView() {
    return "CREATE VIEW IF NOT EXISTS " + view() + " AS " + select("");
  }

  /**
   * A query of what the view shows.
   *
   * @param condition on keys, with its WHERE: the server need not look at other rows; empty for all
   */
  String select(String condition) {
    List<String> shown = new ArrayList<>();
    List<String> newest = new ArrayList<>();
    for (ServedColumn column : viewColumns()) {
      String name = column.name();
      if (column.key()) {
        shown.add(name);
        newest.add(name);
      } else {
        newest.add("argMax(" + name + ", " + VERSION + ") AS newest_" + name);
        if (column.isNullable()) {
          newest.add("argMax(" + column.known() + ", " + VERSION + ") AS newest_" + column.known());
          shown.add("if(newest_" + column.known() + " = 1, newest_" + name + ", NULL) AS " + name);
        } else {
          shown.add("newest_" + name + " AS " + name);
        }
      }
    }
    newest.add("argMax(" + DELETED + ", " + VERSION + ") AS newest_" + DELETED);
    return "SELECT "
        + String.join(", ", shown)
        + " FROM (SELECT "
        + String.join(", ", newest)
        + " FROM "
        + rows()
        + condition
        + " GROUP BY "
        + names(keys())
        + ") WHERE newest_"
        + DELETED
        + " = 0";
  }

  private static String names(List<ServedColumn> columns) {
    return columns.stream().map(ServedColumn::name).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return view();
  }
}
