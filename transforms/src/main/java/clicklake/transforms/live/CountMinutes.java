package clicklake.transforms.live;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.TextField;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts unique events by minute where they leave dedupe, a batch at a time: what is sent on is a
 * few figures a minute, not the events. Minutes that are closed, or far in the future, are left
 * out: they are silver's.
 */
public final class CountMinutes {
  private static final String UNKNOWN = "unknown";

  private final LiveSettings settings;
  private final Map<Long, MinuteFigures> minutes = new HashMap<>();
  private @Nullable MinuteFigures last;
  private long closedUntil = Long.MAX_VALUE;
  private long openUntil = Long.MIN_VALUE;

  public CountMinutes(LiveSettings settings) {
    this.settings = settings;
  }

  /** Begins a batch: looks at the clock. */
  public void begin() {
    closedUntil = settings.closedUntil();
    openUntil = settings.openUntil();
  }

  /** Counts the event under a cursor. */
  public void count(EventBatch.Cursor event) {
    long micros = event.eventMicros();
    long minute = micros - Math.floorMod(micros, SilverEvent.MICROS_OF_MINUTE);
    if (minute <= closedUntil || minute > openUntil) {
      return;
    }
    MinuteFigures figures = at(minute);
    long late = settings.isLate(minute, event.arrivalMillis()) ? 1 : 0;
    Action action = event.action();
    figures.addEvents(action, 1, late);
    if (action == Action.LOGIN) {
      String source = event.text(TextField.SOURCE);
      figures.addLoginsOfFew(source == null ? UNKNOWN : source, 1, late);
    }
    int start = event.start(TextField.USER_ID);
    figures.addUser(
        Arrays.copyOfRange(event.bytes(), start, start + event.length(TextField.USER_ID)));
  }

  private MinuteFigures at(long minute) {
    MinuteFigures known = last;
    if (known == null || known.minute() != minute) {
      known = minutes.computeIfAbsent(minute, MinuteFigures::new);
      last = known;
    }
    return known;
  }

  /** Hands out what was counted, and forgets it. */
  public void drain(Consumer<MinuteFigures> out) {
    minutes.values().forEach(out);
    minutes.clear();
    last = null;
  }
}
