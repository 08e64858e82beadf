package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;

/** {@link #TABLE}: logins in time by minute and source. */
public final class LiveLoginsPerSource
    extends LateAwareAggregation<LiveLoginsPerSource.Key, LiveFigures> {
  /** Logins per minute and source that came in time. */
  public static final GoldTable TABLE =
      live(
          "live_logins_per_source",
          "Unique login events per minute of event_time and source that arrived in time",
          filled("source", Type.STRING, "the source, or unknown"),
          number("logins", "unique events with action login that arrived in time"));

  /** A source in a minute. */
  public record Key(long minute, String source) {}

  public LiveLoginsPerSource(Duration lateness) {
    super(TABLE, lateness);
  }

  @Override
  public List<String> reads() {
    return and("action", "source");
  }

  @Override
  public LiveFigures empty() {
    return new LiveFigures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, LiveFigures> sums) {
    if (event.action() == Action.LOGIN) {
      sums.at(new Key(event.minute(), event.sourceOrUnknown())).add(event, inTime(event));
    }
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, LiveFigures> sums) {
    sums.at(new Key(row.longAt(0), row.textAt(2)))
        .addRow(row.longAt(3), row.longAt(4), row.longAt(5));
  }

  @Override
  public void put(Key key, LiveFigures figures, RowSink out) {
    out.row(
        key.minute(),
        key.minute() + MICROS_OF_MINUTE,
        key.source(),
        figures.counted(),
        figures.tooLate(),
        figures.updatedAt());
  }

  @Override
  public long start(Key key) {
    return key.minute();
  }
}
