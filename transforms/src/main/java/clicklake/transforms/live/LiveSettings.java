package clicklake.transforms.live;

import static java.util.Objects.requireNonNull;

import clicklake.transforms.gold.table.SilverEvent;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;

/**
 * When a minute is over.
 *
 * @param lateness how long after a minute's end its events may arrive and be in time
 * @param settle how much later silver has what arrived until then, as a rule: when it has passed,
 *     silver's figures take the place of the panes'
 * @param clock tells what time it is; must be serializable
 */
public record LiveSettings(Duration lateness, Duration settle, Clock clock)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Clocks of clients run ahead by minutes. */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(10);

  public LiveSettings {
    requireNonNull(lateness, "lateness");
    requireNonNull(settle, "settle");
    requireNonNull(clock, "clock");
  }

  /** Whether an event was too late for its minute: its own two times decide. */
  public boolean isLate(long minuteMicros, long arrivalMillis) {
    return arrivalMillis * 1000
        > minuteMicros + SilverEvent.MICROS_OF_MINUTE + lateness.toNanos() / 1000;
  }

  /**
   * The latest start of a minute that is counted now, in microseconds since 1970. Minutes behind it
   * are for silver alone: broken clocks may name any number of them.
   */
  public long openUntil() {
    return clock.millis() * 1000 + MAX_AHEAD.toNanos() / 1000;
  }

  /**
   * The start of the newest minute that is closed now, in microseconds since 1970, or a time in
   * that minute: minutes up to it are silver's alone.
   */
  public long closedUntil() {
    return clock.millis() * 1000
        - SilverEvent.MICROS_OF_MINUTE
        - lateness.plus(settle).toNanos() / 1000;
  }
}
