package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DAY;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import java.util.function.LongPredicate;

/** {@link #TABLE}: how many users {@link UserDays} has of each day. */
public final class DailyActiveUsers extends Aggregation<Long, Count> {
  /** Distinct users per day. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "kpi_daily_active_users",
                  "Distinct users per day, exact",
                  null,
                  DAY,
                  number("dau", "number of distinct user_ids")))
          .derivedFrom(UserDays.TABLE);

  private static final int DATE = TABLE.index(DAY.name());
  private static final int USERS = TABLE.index("dau");

  public DailyActiveUsers() {
    super(TABLE);
  }

  @Override
  public Count createAccumulator() {
    return new Count();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, Count> accumulators) {
    accumulators.at((long) row.intAt(DATE)).add(row.longAt(USERS));
  }

  @Override
  public void addExistingRow(
      TableReader.Row row,
      long day,
      LongPredicate recomputed,
      Accumulators<Long, Count> accumulators) {
    if (!recomputed.test(row.intAt(DATE))) {
      accumulators.at((long) row.intAt(DATE)).add(row.longAt(USERS));
    }
  }

  @Override
  public void emitRows(Long day, Count users, RowSink out) {
    out.row(day.intValue(), users.number());
  }
}
