package clicklake.transforms.gold.minute;

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
    sums.at(row.longAt(0)).addRow(row.longAt(2), row.longAt(3), row.longAt(4));
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
