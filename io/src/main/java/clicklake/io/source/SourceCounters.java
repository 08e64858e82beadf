package clicklake.io.source;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/** The sources' counters, by the names that metrics systems show. */
public final class SourceCounters {
  /** Files that were replaced or deleted between listing and the end of their reading. */
  public static final Counter FILES_CHANGED = Metrics.counter("source", "files_changed");

  /** Files whose compressed data is damaged or cut off, once a process. */
  public static final Counter FILES_DAMAGED = Metrics.counter("source", "files_damaged");

  /** Files that may not be opened or that the disk does not give, each time the reason changes. */
  public static final Counter FILES_UNREADABLE = Metrics.counter("source", "files_unreadable");

  /** How often a reader went back to the lake's next because that had stood still. */
  public static final Counter WENT_BACK = Metrics.counter("source", "went_back");

  /** Records that the source no longer has and silver had not decided, taken from bronze. */
  public static final Counter TAKEN_FROM_BRONZE = Metrics.counter("source", "taken_from_bronze");

  private SourceCounters() {}
}
