package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * The definition of a gold table: the key of its rows, the accumulator of a key, and how an event
 * or an existing row is added to it.
 *
 * <p>Adding is associative and commutative. The rows for a set of events depend neither on the
 * order of the events nor on how they were split. So a refresh can add new events to a table's own
 * rows. Adding is plain arithmetic, without any I/O.
 *
 * @param <K> the key; equal keys have equal hashes
 * @param <S> the accumulator of a key, which adding changes
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
   * Names of the columns of silver that {@link #add(SilverEvent, Accumulators)} reads; none if all
   * rows are derived from another table.
   */
  @Override
  public List<String> reads() {
    return List.of();
  }

  /** The accumulator of no events. */
  public abstract S createAccumulator();

  /** Adds an event to the accumulator of its key; not every event has one. */
  public void add(SilverEvent event, Accumulators<K, S> accumulators) {
    throw new UnsupportedOperationException(table + " is derived from another table");
  }

  /**
   * Adds a row of the table.
   *
   * @param row all columns of the table, in order
   * @param day the row's partition, in days since 1970; 0 if the table has none
   */
  public abstract void add(TableReader.Row row, long day, Accumulators<K, S> accumulators);

  /**
   * Adds an existing row of the table. Values that will be recomputed are not carried over.
   *
   * @param day as in {@link #add(TableReader.Row, long, Accumulators)}
   * @param recomputed the days for which the source of this derived table emits all its rows;
   *     tested with 0 if the source is not partitioned
   */
  public void addExistingRow(
      TableReader.Row row, long day, LongPredicate recomputed, Accumulators<K, S> accumulators) {
    add(row, day, accumulators);
  }

  /** Emits the table's row of a key, or its rows. */
  public abstract void emitRows(K key, S accumulator, RowSink out);

  /** Start of a key's time range, in microseconds since 1970; 0 if the table has no date. */
  public long start(K key) {
    return 0;
  }

  /** Whether keys are spread over buckets; if not, a table without a date is one part. */
  public boolean bucketed() {
    return false;
  }

  /** Hash of a key that decides its bucket; the same in every process. */
  public int bucketOf(K key) {
    return key.hashCode();
  }

  /** Whether parts are written as files; if not, rows are only derived from them. */
  public boolean writesFiles() {
    return true;
  }

  /**
   * Emits rows of the tables that are derived from this one.
   *
   * @param part all accumulators of a part of the table
   */
  public void emitDerivedRows(Map<K, S> part, DerivedRows out) {}

  /** Takes rows that are derived from another table. */
  public interface DerivedRows {
    /** Takes the rows of one table. */
    RowSink into(GoldTable table);
  }
}
