package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.TOO_LATE;
import static clicklake.transforms.gold.table.GoldColumns.UPDATED_AT;
import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/** {@link #TABLE}: purchases in time by minute. */
public final class LivePurchasesPerMinute extends LateAwareAggregation<Long, LiveFigures> {
  /** Purchases per minute that came in time. */
  public static final GoldTable TABLE =
      live(
          "live_purchases_per_minute",
          "Unique purchase events per minute of event_time that arrived in time",
          number("purchases", "unique events with action purchase that arrived in time"));

  private static final int START = TABLE.index(WINDOW_START.name());
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int LATE = TABLE.index(TOO_LATE.name());
  private static final int UPDATED = TABLE.index(UPDATED_AT.name());

  public LivePurchasesPerMinute(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public List<String> reads() {
    return and("action");
  }

  @Override
  public LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Long, LiveFigures> sums) {
    if (event.isPurchase()) {
      sums.at(event.minute()).add(event, inTime(event));
    }
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Long, LiveFigures> sums) {
    sums.at(row.longAt(START)).addRow(row.longAt(PURCHASES), row.longAt(LATE), row.longAt(UPDATED));
  }

  @Override
  public void put(Long minute, LiveFigures figures, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        figures.counted(),
        figures.tooLate(),
        figures.updatedAt());
  }

  @Override
  public long start(Long minute) {
    return minute;
  }
}
