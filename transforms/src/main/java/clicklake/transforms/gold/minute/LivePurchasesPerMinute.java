package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link #TABLE}: purchases in time by minute. */
public final class LivePurchasesPerMinute extends LiveCounts<Long> {
  /** Purchases per minute that arrived in time. */
  public static final GoldTable TABLE =
      live(
          "live_purchases_per_minute",
          "Unique purchase events per minute of event_time that arrived in time",
          number("purchases", "unique events with action purchase that arrived in time"));

  public LivePurchasesPerMinute(Duration lateness) {
    super(TABLE, "purchases", lateness);
  }

  @Override
  public List<String> reads() {
    return and("action");
  }

  @Override
  @Nullable Long key(SilverEvent event) {
    return event.isPurchase() ? event.minute() : null;
  }

  @Override
  Long key(TableReader.Row row) {
    return minute(row);
  }

  @Override
  public void emitRows(Long minute, LiveFigures figures, RowSink out) {
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
