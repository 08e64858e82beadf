package clicklake.console;

import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The process ends with an exit code of ours and one line, and it does end: whatever an engine
 * inside it does.
 *
 * <p>Engines end processes with codes of their own (Spark with 50 to 56, Flink's actors with 255),
 * and an error in a thread that nobody waits for would leave a job that stands still. Both become 1
 * with a line.
 */
public final class ProcessEnd {
  private static final Duration END_WITHIN = Duration.ofSeconds(9);
  private static final Duration OWN_WORDS_WITHIN = Duration.ofSeconds(2);
  private static final int UNDECIDED = -1;
  private static final int SIGNALLED = 128;

  private static final AtomicInteger CODE = new AtomicInteger(UNDECIDED);
  private static final CountDownLatch DECIDED = new CountDownLatch(1);
  private static final AtomicBoolean TOLD = new AtomicBoolean();
  private static volatile boolean guarded;

  private ProcessEnd() {}

  /** Holds from now on what the class promises; for a main method. */
  public static void guard() {
    guarded = true;
    Thread.setDefaultUncaughtExceptionHandler(ProcessEnd::broken);
    for (String name : new String[] {"HUP", "INT", "TERM"}) {
      letEnd(new Signal(name));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessEnd::correct, "exit code"));
  }

  /** Ends the process; at the latest after some seconds, whatever its shutdown hooks do. */
  public static void exit(int code) {
    decide(code);
    haltAfter(END_WITHIN, code);
    System.exit(code);
  }

  /** Ends the process with 1 because of a failure, which is told in one line. */
  public static void exitFor(Throwable failure) {
    tell(failure);
    exit(1);
  }

  /** Tells a failure in one line; of a guarded process only the first. */
  public static void tell(Throwable failure) {
    if (!guarded || TOLD.compareAndSet(false, true)) {
      String line;
      try {
        line = FailureLine.of(failure);
      } catch (OutOfMemoryError e) {
        line = "out of memory; raise the heap: JAVA_OPTS=-Xmx2g";
      }
      System.err.println("clicklake: " + line);
    }
  }

  /** Ends the process without mercy after a while. */
  static void haltAfter(Duration within, int code) {
    try {
      new Timer("end at the latest", true)
          .schedule(
              new TimerTask() {
                @Override
                public void run() {
                  Runtime.getRuntime().halt(code);
                }
              },
              within.toMillis());
    } catch (OutOfMemoryError e) {
      // Not even a thread: nothing orderly can be expected.
      Runtime.getRuntime().halt(code);
    }
  }

  private static void decide(int code) {
    CODE.compareAndSet(UNDECIDED, code);
    DECIDED.countDown();
  }

  /** Notes that the end is the signal's, so that {@link #correct} leaves its code alone. */
  private static void letEnd(Signal signal) {
    AtomicReference<SignalHandler> usual = new AtomicReference<>(SignalHandler.SIG_DFL);
    usual.set(
        Signal.handle(
            signal,
            caught -> {
              decide(SIGNALLED + caught.getNumber());
              usual.get().handle(caught);
            }));
  }

  /**
   * An error of the JVM ends the process in whatever thread it strikes; others end their thread.
   */
  private static void broken(Thread thread, Throwable failure) {
    if (failure instanceof VirtualMachineError) {
      exitFor(failure);
    } else {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      failure.printStackTrace();
    }
  }

  /** Runs while the process ends: if that was not by us, ends it as we would. */
  private static void correct() {
    if (CODE.get() != UNDECIDED) {
      return;
    }
    boolean decided = false;
    try {
      // The job sees its engine go and says why.
      decided = DECIDED.await(OWN_WORDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!decided && TOLD.compareAndSet(false, true)) {
      System.err.println(
          "clicklake: the engine ended this process; its log says why; start the job again: what"
              + " is committed stays");
    }
    System.err.flush();
    Runtime.getRuntime().halt(decided ? CODE.get() : 1);
  }
}
