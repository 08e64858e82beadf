package clicklake.schemas.fault;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Named moments at which a process can be made to die, to freeze or to run out of memory, so that
 * crash tests hit the moment they mean.
 *
 * <p>{@code -Dclicklake.kill.at=NAME} or {@code NAME:3} ends the JVM at the first or third time it
 * reaches the point, without running any shutdown hook, as kill -9 would; {@code
 * -Dclicklake.freeze.at=NAME} stops the process with SIGSTOP until somebody sends SIGCONT; {@code
 * -Dclicklake.exhaust.at=NAME} throws the error of a heap that is full. Without these properties a
 * fail point costs one comparison.
 */
public enum FailPoint {
  /** A bundle's bronze files are written, and nobody knows of them yet. */
  RECORDS_WRITTEN,
  /** A bundle's silver files are written, and nobody knows of them yet. */
  EVENTS_WRITTEN,
  /** The committer decided, and the version is not yet put. */
  BEFORE_COMMIT,
  /** The version is put, and the committer does not know it yet. */
  AFTER_COMMIT,
  /** Silver is committed, and its rejects are not yet in quarantine. */
  BEFORE_QUARANTINE,
  /** Quarantine is committed. */
  AFTER_QUARANTINE,
  /** A checkpoint of a table's log is written and does not have its name yet. */
  LOG_CHECKPOINT,
  /** The runner took the mark of a continuous reader, and its own checkpoint is not complete. */
  MARK_TAKEN,
  /** A gold table's files are written and not yet committed. */
  GOLD_WRITTEN;

  private static final @Nullable String KILL = System.getProperty("clicklake.kill.at");
  private static final @Nullable String FREEZE = System.getProperty("clicklake.freeze.at");
  private static final @Nullable String EXHAUST = System.getProperty("clicklake.exhaust.at");
  private static final ConcurrentHashMap<FailPoint, AtomicInteger> REACHED =
      new ConcurrentHashMap<>();

  /** Dies, freezes or runs out of memory here if the JVM was started so. */
  public void reach() {
    if (KILL != null || FREEZE != null || EXHAUST != null) {
      int times = REACHED.computeIfAbsent(this, point -> new AtomicInteger()).incrementAndGet();
      if (meant(KILL, times)) {
        System.err.println("fail point " + this + " reached: dying");
        System.err.flush();
        Runtime.getRuntime().halt(137);
      }
      if (meant(FREEZE, times)) {
        System.err.println("fail point " + this + " reached: freezing");
        System.err.flush();
        freeze();
      }
      if (meant(EXHAUST, times)) {
        System.err.println("fail point " + this + " reached: out of memory");
        System.err.flush();
        throw new OutOfMemoryError("Java heap space");
      }
    }
  }

  private boolean meant(@Nullable String wanted, int times) {
    if (wanted == null) {
      return false;
    }
    int colon = wanted.indexOf(':');
    String name = colon < 0 ? wanted : wanted.substring(0, colon);
    int time = colon < 0 ? 1 : Integer.parseInt(wanted.substring(colon + 1));
    return name.equals(name()) && time == times;
  }

  private static void freeze() {
    try {
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("cannot stop this process at a fail point", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
