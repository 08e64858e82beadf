package clicklake.schemas.table;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Work that nobody waits for, done in the order in which it was given. The thread behind it is a
 * daemon and ends when it has had nothing to do for a while.
 */
public final class BackgroundWork {
  private static final long IDLE_SECONDS = 5;

  /** All that has something to do. */
  private static final Set<BackgroundWork> BUSY = ConcurrentHashMap.newKeySet();

  private final ThreadPoolExecutor thread;
  private int unfinished;

  /**
   * @param name name of the thread
   */
  public BackgroundWork(String name) {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, name);
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Has something done later.
   *
   * @param work handles its own failures
   */
  public synchronized void add(Runnable work) {
    unfinished++;
    BUSY.add(this);
    thread.execute(
        () -> {
          try {
            work.run();
          } finally {
            done();
          }
        });
  }

  private synchronized void done() {
    unfinished--;
    if (unfinished == 0) {
      BUSY.remove(this);
    }
    notifyAll();
  }

  /** Waits until all that was given is done. Not to be called by the work itself. */
  public synchronized void await() throws InterruptedException {
    while (unfinished > 0) {
      wait();
    }
  }

  /** Waits until all work in this process is done: at the end of a job. */
  public static void awaitAll() throws InterruptedException {
    while (!BUSY.isEmpty()) {
      for (BackgroundWork work : BUSY) {
        work.await();
      }
    }
  }
}
