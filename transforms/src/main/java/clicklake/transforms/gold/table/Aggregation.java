package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * The definition of a gold table: what its rows are keyed by, which figures they hold, and how an
 * event or another row of the same key adds to them.
 *
 * <p>Adding is associative and commutative: the rows for a set of events do not depend on the order
 * of events, nor on how they were split into parts whose rows were added afterwards. This is what
 * lets a refresh add new events to a table's own rows. Both kinds of adding are plain arithmetic,
 * without any I/O.
 *
 * @param <K> what rows are keyed by; equal keys, equal hashes
 * @param <S> the figures of a key, which adding changes
 */
public abstract class Aggregation<K, S> implements GoldDefinition {
  private final GoldTable table;

  public Aggregation(GoldTable table) {
    this.table = table;
  }

  @Override
  public final GoldTable table() {
    return table;
  }

  /**
   * Names of silver's columns that {@link #add(SilverEvent, Accumulators)} asks for; none if rows
   * are derived from another table alone.
   */
  @Override
  public List<String> reads() {
    return List.of();
  }

  /** The figures of no events. */
  public abstract S empty();

  /** Adds an event, to the figures of its key or of none. */
  public void add(SilverEvent event, Accumulators<K, S> sums) {
    throw new UnsupportedOperationException(table + " is derived from another table");
  }

  /**
   * Adds a row of the table.
   *
   * @param row all columns of the table, in order
   * @param day the row's partition, in days since 1970; 0 if the table has none
   */
  public abstract void add(TableReader.Row row, long day, Accumulators<K, S> sums);

  /**
   * Adds an existing row of the table. Values that will be recomputed are not carried over.
   *
   * @param day as in {@link #add(TableReader.Row, long, Accumulators)}
   * @param recomputed the days for which the source of this derived table emits all its rows; asked
   *     with 0 if the source has no days
   */
  public void addExistingRow(
      TableReader.Row row, long day, LongPredicate recomputed, Accumulators<K, S> sums) {
    add(row, day, sums);
  }

  /** Puts the table's row of a key, or its rows. */
  public abstract void put(K key, S sum, RowSink out);

  /** Start of what a key speaks of, in microseconds since 1970; 0 if the table has no date. */
  public long start(K key) {
    return 0;
  }

  /** Whether keys may be spread over parts; if not, whatever has no date is one part. */
  public boolean bucketed() {
    return false;
  }

  /** Spreads keys over parts, alike in every process. */
  public int bucketOf(K key) {
    return key.hashCode();
  }

  /** Whether parts are files of the table; if not, its rows are only derived from them. */
  public boolean writesFiles() {
    return true;
  }

  /**
   * Puts rows of tables that are derived from this one.
   *
   * @param part all figures of a part of the table
   */
  public void emitDerivedRows(Map<K, S> part, DerivedRows out) {}

  /** Takes rows that are derived from another table. */
  public interface DerivedRows {
    /** Where to put rows of a table. */
    RowSink into(GoldTable table);
  }
}
