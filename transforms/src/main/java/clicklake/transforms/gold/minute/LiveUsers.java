package clicklake.transforms.gold.minute;

import static clicklake.transforms.gold.table.GoldColumns.USERS_SKETCH;
import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_MINUTE;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.GoldTable;
import java.time.Duration;
import java.util.List;

/**
 * A live table of distinct users by minute: their estimated number, and the sketch of them. Which
 * events' users are in it is the subclass's to say.
 */
public abstract class LiveUsers extends LateAwareAggregation<Long, LiveUsers.Figures> {
  private final int sketch;

  /** Figures of a minute. */
  public static final class Figures {
    final UserSketch users = UserSketch.empty();
    final LiveFigures events = new LiveFigures();
  }

  /**
   * @param table with a number of users, {@code users_sketch} and what live tables end with
   * @param lateness how long after a minute's end its events may arrive
   */
  LiveUsers(GoldTable table, Duration lateness) {
    super(table, lateness);
    this.sketch = table.index(USERS_SKETCH.name());
  }

  @Override
  public final List<String> reads() {
    return and("user_id");
  }

  @Override
  public final Figures createAccumulator() {
    return new Figures();
  }

  @Override
  public final void add(TableReader.Row row, long day, Accumulators<Long, Figures> accumulators) {
    Figures figures = accumulators.at(minute(row));
    figures.users.addAll(UserSketch.of(row.bytesAt(sketch)));
    addRow(row, 0, figures.events);
  }

  @Override
  public final void emitRows(Long minute, Figures figures, RowSink out) {
    out.row(
        minute,
        minute + MICROS_OF_MINUTE,
        Math.round(figures.users.estimate()),
        figures.users.toBytes(),
        figures.events.tooLate(),
        figures.events.updatedAt());
  }

  @Override
  public final long start(Long minute) {
    return minute;
  }
}
