package clicklake.transforms.gold;

import static clicklake.transforms.gold.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.time.Duration;
import java.util.List;

/** {@link GoldTables#LIVE_LOGINS}: logins in time by minute and source. */
final class LiveLoginsPerSource extends LiveMart<LiveLoginsPerSource.Key, LiveFigures> {

  /** A source in a minute. */
  record Key(long minute, String source) {}

  LiveLoginsPerSource(Duration lateness) {
    super(GoldTables.LIVE_LOGINS, lateness);
  }

  @Override
  List<String> reads() {
    return and("action", "source");
  }

  @Override
  LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  void add(SilverEvent event, Sums<Key, LiveFigures> sums) {
    if (event.action() == Action.LOGIN) {
      sums.at(new Key(event.minute(), event.sourceOrUnknown())).add(event, inTime(event));
    }
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, LiveFigures> sums) {
    sums.at(new Key(row.longAt(0), row.textAt(2)))
        .addRow(row.longAt(3), row.longAt(4), row.longAt(5));
  }

  @Override
  void put(Key key, LiveFigures figures, RowSink out) {
    out.row(
        key.minute(),
        key.minute() + MICROS_OF_MINUTE,
        key.source(),
        figures.counted(),
        figures.tooLate(),
        figures.updatedAt());
  }

  @Override
  long start(Key key) {
    return key.minute();
  }
}
