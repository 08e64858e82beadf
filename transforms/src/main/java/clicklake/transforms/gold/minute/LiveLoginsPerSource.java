package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.TOO_LATE;
import static clicklake.transforms.gold.table.GoldColumns.UPDATED_AT;
import static clicklake.transforms.gold.table.GoldColumns.WINDOW_START;
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

  private static final int START = TABLE.index(WINDOW_START.name());
  private static final int SOURCE = TABLE.index("source");
  private static final int LOGINS = TABLE.index("logins");
  private static final int LATE = TABLE.index(TOO_LATE.name());
  private static final int UPDATED = TABLE.index(UPDATED_AT.name());

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
    sums.at(new Key(row.longAt(START), row.textAt(SOURCE)))
        .addRow(row.longAt(LOGINS), row.longAt(LATE), row.longAt(UPDATED));
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
