package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.filled;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A day's first by rank, a row a rank, derived from a table of {@link RankedDays}.
 *
 * @param <R> what has a rank
 */
public abstract class DailyTop<R> extends Aggregation<DailyTop.Key, DailyTop.Ranked<R>> {
  /** The rank of a row within its day. */
  static final Column RANK = filled("rank", Type.INT, "1 for the first");

  private final int date;
  private final int rank;

  /** A rank of a day. */
  public record Key(int day, int rank) {}

  /** What has a rank: the last that was added. */
  public static final class Ranked<R> {
    private @Nullable R item;
  }

  /**
   * @param table a table with the columns {@link clicklake.transforms.gold.table.GoldColumns#DAY}
   *     and {@link #RANK}
   */
  DailyTop(GoldTable table) {
    super(table);
    this.date = table.index(DAY.name());
    this.rank = table.index(RANK.name());
  }

  /** What a row gives a rank to. */
  abstract R item(TableReader.Row row);

  /** Emits the row of a rank. */
  abstract void emitItem(Key key, R item, RowSink out);

  @Override
  public final Ranked<R> createAccumulator() {
    return new Ranked<>();
  }

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<Key, Ranked<R>> accumulators) {
    accumulators.at(new Key(row.intAt(date), row.intAt(rank))).item = item(row);
  }

  @Override
  public final void addExistingRow(
      TableReader.Row row,
      long day,
      LongPredicate recomputed,
      Accumulators<Key, Ranked<R>> accumulators) {
    if (!recomputed.test(row.intAt(date))) {
      add(row, day, accumulators);
    }
  }

  @Override
  public final void emitRows(Key key, Ranked<R> ranked, RowSink out) {
    R item = ranked.item;
    if (item != null) {
      emitItem(key, item, out);
    }
  }
}
