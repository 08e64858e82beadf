package clicklake.console;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * SIGTERM and SIGINT, as a wish to end well: the process stops its job and exits with 0, and the
 * engines' own shutdown hooks clean up after them. (From inside a shutdown hook neither is
 * possible: the exit code is fixed by then.)
 */
public final class ShutdownSignals {
  private ShutdownSignals() {}

  /**
   * Calls {@code stop} at the first of these signals, then exits with 0; at the latest after {@code
   * within}, whatever still runs. Further signals change nothing.
   */
  public static void stopAndExit(Duration within, Runnable stop) {
    AtomicBoolean seen = new AtomicBoolean();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (seen.compareAndSet(false, true)) {
              ProcessEnd.haltAfter(within, 0);
              stop.run();
              ProcessEnd.exit(0);
            }
          });
    }
  }
}
