package clicklake.transforms.gold.refresh;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.Part;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTable.Grain;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators of one aggregation, emitted as encoded rows, part by part. A part is what is written
 * to one file: an hour (or its whole day), a date, or a bucket of keys.
 */
public final class PartAccumulators {
  /** Bytes of one emitted element: an engine refuses one that its sorting memory cannot hold. */
  private static final int BATCH_BYTES = 1 << 20;

  private static final int HOURS_OF_DAY = 24;
  private static final long MICROS_OF_HOUR = MICROS_OF_DAY / HOURS_OF_DAY;

  private final int index;
  private final Aggregation<Object, Object> aggregation;
  private final int buckets;
  private final int hours;
  private Accumulators<Object, Object> accumulators;

  public PartAccumulators(Aggregations aggregations, int index, RefreshSpec spec) {
    this.index = index;
    this.aggregation = aggregations.aggregation(index);
    this.buckets = buckets(aggregation, spec);
    this.hours = hours(aggregation, spec);
    this.accumulators = new Accumulators<>(aggregation);
  }

  /** Takes the rows of parts. */
  @FunctionalInterface
  public interface Output {
    /**
     * Takes rows of a part.
     *
     * @param rows encoded as a {@link RowBatch} of the aggregation's table
     */
    void rows(Part part, byte[] rows);

    /** Takes all accumulators of an aggregation, which forgets them; by default as rows. */
    default void accumulators(PartAccumulators accumulators) {
      accumulators.flush(this);
    }
  }

  private static int hours(Aggregation<?, ?> aggregation, RefreshSpec spec) {
    return spec.wholeDays().contains(aggregation.table().path()) ? HOURS_OF_DAY : 1;
  }

  private static int buckets(Aggregation<?, ?> aggregation, RefreshSpec spec) {
    return aggregation.bucketed() ? spec.buckets().getOrDefault(aggregation.table().path(), 1) : 1;
  }

  private static Grain grain(Aggregation<?, ?> aggregation) {
    return aggregation.writesFiles() ? aggregation.table().grain() : Grain.ANY;
  }

  private long part(Object key) {
    return switch (grain(aggregation)) {
      case HOURS -> Math.floorDiv(aggregation.start(key), MICROS_OF_HOUR * hours);
      case DATES ->
          Math.floorDiv(aggregation.start(key), MICROS_OF_DAY) * buckets
              + Math.floorMod(aggregation.bucketOf(key), buckets);
      case ANY -> Math.floorMod(aggregation.bucketOf(key), buckets);
      case EVENTS -> throw new IllegalStateException(aggregation.table() + " has no parts");
    };
  }

  /** The date of a part, in days since 1970; null if it has none. */
  public static @Nullable Long day(Aggregation<?, ?> aggregation, long part, RefreshSpec spec) {
    return switch (grain(aggregation)) {
      case HOURS -> Math.floorDiv(part, (long) HOURS_OF_DAY / hours(aggregation, spec));
      case DATES -> Math.floorDiv(part, (long) buckets(aggregation, spec));
      case ANY, EVENTS -> null;
    };
  }

  public Aggregation<Object, Object> aggregation() {
    return aggregation;
  }

  public Accumulators<Object, Object> accumulators() {
    return accumulators;
  }

  /** Adds a row of the table. */
  public void add(TableReader.Row row, long day) {
    aggregation.add(row, day, accumulators);
  }

  /** Emits rows of a derived table, if it is written. */
  public static void emit(
      Aggregations aggregations, RefreshSpec spec, GoldTable table, RowBatch rows, Output derived) {
    if (spec.writes(table.path())) {
      PartAccumulators parts =
          new PartAccumulators(aggregations, aggregations.derived(table), spec);
      RowBatch.read(table.schema(), rows.toByteArray(), row -> parts.add(row, 0));
      parts.flush(derived);
    }
  }

  /** Index of the aggregation in {@link Aggregations}. */
  public int index() {
    return index;
  }

  /**
   * Moves all accumulators to their parts, in this process, where no row needs to be encoded.
   *
   * @param parts the accumulators by part, to which these are added
   */
  public void moveTo(Map<Long, Accumulators<Object, Object>> parts) {
    accumulators
        .all()
        .forEach(
            (key, accumulator) -> {
              Accumulators<Object, Object> of =
                  parts.computeIfAbsent(part(key), first -> new Accumulators<>(aggregation));
              if (!of.put(key, accumulator)) {
                RowBatch row = new RowBatch(aggregation.table().schema());
                aggregation.emitRows(key, accumulator, row);
                RowBatch.read(
                    aggregation.table().schema(),
                    row.toByteArray(),
                    again -> aggregation.add(again, dayOf(key), of));
              }
            });
    accumulators = new Accumulators<>(aggregation);
  }

  private long dayOf(Object key) {
    return grain(aggregation) == Grain.ANY
        ? 0
        : Math.floorDiv(aggregation.start(key), MICROS_OF_DAY);
  }

  /** Emits all rows and forgets them. */
  public void flush(Output out) {
    Map<Long, RowBatch> parts = new HashMap<>();
    accumulators
        .all()
        .forEach(
            (key, accumulator) -> {
              long part = part(key);
              RowBatch rows =
                  parts.computeIfAbsent(part, known -> new RowBatch(aggregation.table().schema()));
              aggregation.emitRows(key, accumulator, rows);
              if (rows.size() >= BATCH_BYTES) {
                out.rows(new Part(index, part), rows.toByteArray());
                parts.remove(part);
              }
            });
    parts.forEach((part, rows) -> out.rows(new Part(index, part), rows.toByteArray()));
    accumulators = new Accumulators<>(aggregation);
  }
}
