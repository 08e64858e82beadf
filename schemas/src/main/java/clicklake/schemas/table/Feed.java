package clicklake.schemas.table;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The three tables of one source: what came in, what was made of it, and what was refused. A value
 * that may be sent to workers; a lake may hold several feeds side by side.
 *
 * <p>Every feed's bronze and quarantine have the same columns, so that the same writers and readers
 * serve them all. Its silver has columns of its own. What knows the ids of events (dedupe, the
 * audit, gold) works on {@link #EVENTS} alone.
 *
 * @param name the last part of the tables' paths: lower case letters, digits and underscores
 * @param bronze every record as received
 * @param silver what valid records hold
 * @param quarantine records that were refused
 */
public record Feed(String name, TableSchema bronze, TableSchema silver, TableSchema quarantine)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /**
   * The columns that say where and when a row's record stood in its source: {@code _source}, {@code
   * _partition}, {@code _offset} and {@code _ingested_at}. Bronze and quarantine have them in every
   * feed, and so has a silver that covers each position once.
   */
  public static final List<Column> POSITION = EventTables.POSITION;

  /** The clickstream's events. */
  public static final Feed EVENTS =
      new Feed(
          "events",
          EventTables.BRONZE_EVENTS,
          EventTables.SILVER_EVENTS,
          EventTables.QUARANTINE_EVENTS);

  public Feed {
    requireNonNull(silver, "silver");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name for a feed: " + name);
    }
    requireColumns(bronze, EventTables.BRONZE_EVENTS);
    requireColumns(quarantine, EventTables.QUARANTINE_EVENTS);
  }

  private static void requireColumns(TableSchema table, TableSchema model) {
    if (!table.columns().equals(model.columns())
        || !Objects.equals(table.partitionColumn(), model.partitionColumn())) {
      throw new IllegalArgumentException(table + " has other columns than " + model);
    }
  }

  /**
   * A feed of another name: {@code bronze/<name>} and {@code quarantine/<name>} with the columns
   * that all feeds have, and a silver of its own.
   *
   * @param silver the table for what valid records hold; its path is {@code silver/<name>}
   */
  public static Feed of(String name, TableSchema silver) {
    if (!silver.path().equals("silver/" + name)) {
      throw new IllegalArgumentException(silver + " is not silver/" + name);
    }
    return new Feed(
        name,
        renamed(EventTables.BRONZE_EVENTS, "bronze/" + name),
        silver,
        renamed(EventTables.QUARANTINE_EVENTS, "quarantine/" + name));
  }

  private static TableSchema renamed(TableSchema table, String path) {
    return new TableSchema(path, table.comment(), table.columns(), table.partitionColumn());
  }

  /** The three tables, in the order of the flow. */
  public List<TableSchema> tables() {
    return List.of(bronze, silver, quarantine);
  }

  /**
   * Refuses every feed but {@link #EVENTS}, for what knows the ids of events.
   *
   * @param what what is asked for, for the message
   * @throws IllegalArgumentException if this is another feed
   */
  public void requireEvents(String what) {
    if (!equals(EVENTS)) {
      throw new IllegalArgumentException(
          name + ": there is no " + what + " but of " + EVENTS.name());
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
