package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.time.Duration;
import java.util.List;

/** {@link GoldTables#LIVE_PURCHASES}: purchases in time by minute. */
final class LivePurchasesPerMinute extends LiveMart<Long, LiveFigures> {

  LivePurchasesPerMinute(Duration lateness) {
    super(GoldTables.LIVE_PURCHASES, lateness);
  }

  @Override
  List<String> reads() {
    return and("action");
  }

  @Override
  LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  void add(SilverEvent event, Sums<Long, LiveFigures> sums) {
    if (event.isPurchase()) {
      sums.at(event.minute()).add(event, inTime(event));
    }
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Long, LiveFigures> sums) {
    sums.at(row.longAt(0)).addRow(row.longAt(2), row.longAt(3), row.longAt(4));
  }

  @Override
  void put(Long minute, LiveFigures figures, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        figures.counted(),
        figures.tooLate(),
        figures.updatedAt());
  }

  @Override
  long start(Long minute) {
    return minute;
  }
}
