package clicklake.io.commit;

import clicklake.schemas.table.BackgroundWork;
import org.jspecify.annotations.Nullable;

/**
 * When silver's outbox is published to quarantine: with each commit, or behind it. Shared by all
 * committers of a process for one lake.
 *
 * <p>Behind a commit, one publication runs at a time, and takes all that came meanwhile. A failure
 * is thrown by the next commit.
 */
public final class Publishing {
  private final @Nullable BackgroundWork background;
  private boolean planned;
  private @Nullable RuntimeException failure;

  private Publishing(@Nullable BackgroundWork background) {
    this.background = background;
  }

  /** Each commit publishes before it returns. */
  public static Publishing withCommits() {
    return new Publishing(null);
  }

  /** A thread publishes behind the commits. */
  public static Publishing behindCommits() {
    return new Publishing(new BackgroundWork("quarantine publisher"));
  }

  /** Has a publisher publish. */
  void publish(QuarantinePublisher publisher) {
    if (background == null) {
      publisher.publish();
      return;
    }
    synchronized (this) {
      if (planned) {
        return;
      }
      planned = true;
    }
    background.add(
        () -> {
          synchronized (this) {
            planned = false;
          }
          try {
            publisher.publish();
          } catch (RuntimeException e) {
            synchronized (this) {
              failure = e;
            }
          }
        });
  }

  /**
   * Throws what the last publication failed with, if it did.
   *
   * @throws RuntimeException its failure
   */
  void check() {
    RuntimeException thrown;
    synchronized (this) {
      thrown = failure;
      failure = null;
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  /** Waits until nothing is left to publish of what was committed before. */
  public void await() {
    if (background == null) {
      return;
    }
    try {
      background.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
