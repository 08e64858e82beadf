package clicklake.io.source;

import java.util.concurrent.atomic.AtomicLong;

/** Names for sources, so that a process can keep what it knows of each apart. */
public final class SourceIds {
  private static final AtomicLong LAST = new AtomicLong();

  private SourceIds() {}

  /** A name that no other source has, in any process. */
  public static String next(String kind) {
    return kind + "-" + Mark.THIS_RUN + "-" + LAST.incrementAndGet();
  }
}
