package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import java.util.Comparator;
import java.util.Map;

/**
 * Figures by day and name (of a page, of a product), from which a {@link DailyTop} is derived. A
 * row's day is its partition.
 *
 * @param <F> the figures
 */
public abstract class RankedDays<F> extends Aggregation<RankedDays.Key, F> {
  private final int name;
  private final GoldTable top;
  private final Comparator<Map.Entry<Key, F>> order;

  /** A name on a day. */
  public record Key(long day, String name) {}

  /**
   * @param name column of the table with the name
   * @param top the table that is derived from this one
   * @param order the first of a day come first
   */
  RankedDays(GoldTable table, String name, GoldTable top, Comparator<Map.Entry<Key, F>> order) {
    super(table);
    this.name = table.index(name);
    this.top = top;
    this.order = order;
  }

  /** Adds the figures of a row. */
  abstract void addFigures(TableReader.Row row, F figures);

  /** Emits the row of a rank into the table that is derived from this one. */
  abstract void emitRanked(int rank, Key key, F figures, RowSink out);

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<Key, F> accumulators) {
    addFigures(row, accumulators.at(new Key(day, row.textAt(name))));
  }

  @Override
  public final long start(Key key) {
    return key.day() * MICROS_OF_DAY;
  }

  @Override
  public final void emitDerivedRows(Map<Key, F> part, DerivedRows out) {
    RowSink rows = out.into(top);
    Ranking.byDay(
        part, Key::day, order, (rank, key, figures) -> emitRanked(rank, key, figures, rows));
  }
}
