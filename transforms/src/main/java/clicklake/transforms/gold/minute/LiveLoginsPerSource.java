package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.live;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link #TABLE}: logins in time by minute and source. */
public final class LiveLoginsPerSource extends LiveCounts<LiveLoginsPerSource.Key> {
  /** Logins per minute and source that arrived in time. */
  public static final GoldTable TABLE =
      live(
          "live_logins_per_source",
          "Unique login events per minute of event_time and source that arrived in time",
          filled("source", Type.STRING, "the source, or unknown"),
          number("logins", "unique events with action login that arrived in time"));

  private static final int SOURCE = TABLE.index("source");

  /** A source in a minute. */
  public record Key(long minute, String source) {}

  public LiveLoginsPerSource(Duration lateness) {
    super(TABLE, "logins", lateness);
  }

  @Override
  public List<String> reads() {
    return and("action", "source");
  }

  @Override
  @Nullable Key key(SilverEvent event) {
    return event.action() == Action.LOGIN ? new Key(event.minute(), event.sourceOrUnknown()) : null;
  }

  @Override
  Key key(TableReader.Row row) {
    return new Key(minute(row), row.textAt(SOURCE));
  }

  @Override
  public void emitRows(Key key, LiveFigures figures, RowSink out) {
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
