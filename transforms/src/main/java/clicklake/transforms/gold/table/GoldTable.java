package clicklake.transforms.gold.table;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.table.TableSchema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A table that is computed from silver: its columns, and which of its files must be rewritten when
 * silver gains events.
 *
 * @param schema name, columns and partitioning
 * @param grain what one of its files holds
 * @param start column with the start of a row's time range; null unless the grain is an hour
 * @param end column with its end; null unless the grain is an hour
 * @param endIncluded whether an event at the end may belong to the row
 * @param appendOnly whether a row is a key and nothing else, so that rows are only ever added:
 *     files stay, and are searched for keys that are there already
 * @param lookback how far outside the time range an event may lie and still change the row
 * @param source path of the table that its rows are derived from, which is committed before it;
 *     null if they are computed from silver alone
 */
public record GoldTable(
    TableSchema schema,
    Grain grain,
    @Nullable String start,
    @Nullable String end,
    boolean endIncluded,
    boolean appendOnly,
    Duration lookback,
    @Nullable String source) {

  /** What one file of a table holds, and so which files a new event puts out of date. */
  public enum Grain {
    /** Rows of some events; a new event puts no file out of date. */
    EVENTS,
    /**
     * Rows of one hour, or of a whole day where a refresh has few rows of many days; a new event
     * puts those files out of date whose time range may include it.
     */
    HOURS,
    /** Rows of one date; a new event puts the files of its date out of date. */
    DATES,
    /** Any rows; a new event may put each file out of date. */
    ANY
  }

  public GoldTable {
    requireNonNull(schema, "schema");
    requireNonNull(grain, "grain");
    requireNonNull(lookback, "lookback");
    if ((grain == Grain.HOURS) != (start != null && end != null)) {
      throw new IllegalArgumentException(
          schema + ": the grain HOURS needs a start and an end column, no other has them");
    }
    if ((schema.partitionColumn() == null) != (grain == Grain.ANY)) {
      throw new IllegalArgumentException(
          schema + ": the grain ANY has no partition column, each other needs one");
    }
  }

  public static GoldTable ofEvents(TableSchema schema) {
    return new GoldTable(schema, Grain.EVENTS, null, null, false, false, Duration.ZERO, null);
  }

  /** Rows of windows, without their end. */
  public static GoldTable ofWindows(TableSchema schema, String start, String end) {
    return new GoldTable(schema, Grain.HOURS, start, end, false, false, Duration.ZERO, null);
  }

  /** Rows from a first event to a last one, which events within the lookback may change. */
  public static GoldTable ofSpans(TableSchema schema, String start, String end, Duration lookback) {
    return new GoldTable(schema, Grain.HOURS, start, end, true, false, lookback, null);
  }

  public static GoldTable ofDates(TableSchema schema) {
    return new GoldTable(schema, Grain.DATES, null, null, false, false, Duration.ZERO, null);
  }

  public static GoldTable ofAny(TableSchema schema) {
    return new GoldTable(schema, Grain.ANY, null, null, false, false, Duration.ZERO, null);
  }

  public GoldTable derivedFrom(GoldTable other) {
    return new GoldTable(
        schema, grain, start, end, endIncluded, appendOnly, lookback, other.path());
  }

  public GoldTable appendOnlyKeys() {
    return new GoldTable(schema, grain, start, end, endIncluded, true, lookback, source);
  }

  /** Where the table lies below the lake's root. */
  public String path() {
    return schema.path();
  }

  /**
   * Where a column stands in the table's rows: its handle.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public int index(String column) {
    return schema.index(column);
  }

  /**
   * Whether a row depends on the events of its own date alone, so that a date can be recomputed
   * without the others.
   */
  public boolean recomputableByDate() {
    return grain != Grain.ANY && lookback.isZero();
  }

  @Override
  public String toString() {
    return path();
  }
}
