package clicklake.crash;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Counts the stories that were told in this JVM, prints a line for each, and a total at the end.
 */
final class Tally implements BeforeAllCallback {
  private static final AtomicInteger STORIES = new AtomicInteger();
  private static final AtomicInteger KILL_STORIES = new AtomicInteger();
  private static final AtomicInteger KILLS = new AtomicInteger();
  private static final AtomicLong REPLAYED = new AtomicLong();

  /** Counts a story that ended well. */
  static void report(Life life, String course, LakeContents.Balance balance) {
    long replayed = life.replayedRows();
    STORIES.incrementAndGet();
    KILL_STORIES.addAndGet(life.kills() > 0 ? 1 : 0);
    KILLS.addAndGet(life.kills());
    REPLAYED.addAndGet(replayed);
    System.out.println(
        course + ": kills " + life.kills() + ", replayed rows " + replayed + ", " + balance);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // The root's store is closed after the last class.
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(Tally.class))
        .getOrComputeIfAbsent(
            Tally.class, type -> (ExtensionContext.Store.CloseableResource) Tally::total);
  }

  private static void total() {
    System.out.println(
        "total: stories "
            + STORIES
            + ", with kills "
            + KILL_STORIES
            + ", kills "
            + KILLS
            + ", replayed rows "
            + REPLAYED);
  }
}
