package clicklake.io.source;

import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one split of a continuous source has handed out and the lake does not cover yet, and how
 * long the lake has stood still behind it.
 *
 * <p>There is one per split and process, not per reader, for as long as there are readers. Runners
 * reopen readers, and a new reader must not reset the bytes in flight or the time for which a
 * partition has stood still. It is used by one reader at a time; the lock is for the moment in
 * which one reader follows another.
 */
public final class InFlightTracker {
  private static final Duration NEAR_THE_LIMIT = Duration.ofSeconds(1);

  private final LakeCoverage lake;
  private final ReadSettings settings;
  private final Clock clock;
  private final Map<SourcePartition, Deque<HandedOut>> inFlight = new HashMap<>();
  private final Map<SourcePartition, Still> still = new HashMap<>();
  private final Map<SourcePartition, Long> emptyBelow = new HashMap<>();
  private long inFlightBytes;
  private LakeCoverage.@Nullable View view;
  private Instant readAt = Instant.MIN;

  private record HandedOut(long to, long bytes) {}

  private record Still(long next, Instant since) {}

  private record Split(Feed feed, String name) {}

  InFlightTracker(LakeCoverage lake, ReadSettings settings) {
    this.lake = lake;
    this.settings = settings;
    this.clock = settings.clock();
  }

  /**
   * The tracker of a split.
   *
   * @param split name of the split, unique within the process among those of one feed
   */
  public static InFlightTracker of(String split, LakeCoverage lake, ReadSettings settings) {
    return OpenLakes.of(
        lake.lake(),
        InFlightTracker.class,
        new Split(lake.feed(), split),
        () -> new InFlightTracker(lake, settings));
  }

  /** The lake that is watched, for questions beyond its coverage. */
  public LakeCoverage lake() {
    return lake;
  }

  /** The lake as it was at most {@code coverageEvery} ago; asks it first if that is past. */
  public synchronized LakeCoverage.View view() {
    refresh(settings.coverageEvery());
    return knownView();
  }

  /** The lake as it is now. */
  public synchronized LakeCoverage.View newView() {
    refresh(Duration.ZERO);
    return knownView();
  }

  private LakeCoverage.View knownView() {
    LakeCoverage.View known = view;
    if (known == null) {
      throw new IllegalStateException("the lake was never read");
    }
    return known;
  }

  /** Asks the lake if the last look is older than {@code maxAge}. */
  private void refresh(Duration maxAge) {
    Instant now = clock.instant();
    if (view != null && !maxAge.isZero() && now.isBefore(readAt.plus(maxAge))) {
      return;
    }
    LakeCoverage.View seen = lake.read();
    view = seen;
    readAt = now;
    // A finished file is not asked about again.
    still.keySet().removeIf(seen.finished()::contains);
    for (Iterator<Map.Entry<SourcePartition, Deque<HandedOut>>> i = inFlight.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<SourcePartition, Deque<HandedOut>> entry = i.next();
      boolean finished = seen.finished().contains(entry.getKey());
      long next = seen.next(entry.getKey());
      Deque<HandedOut> queue = entry.getValue();
      while (!queue.isEmpty() && (finished || queue.element().to() <= next)) {
        inFlightBytes -= queue.remove().bytes();
      }
      if (queue.isEmpty()) {
        i.remove();
      }
    }
  }

  /** Whether the reader may hand out more; looks at the lake every second while it may not. */
  public synchronized boolean mayReadOn() {
    if (inFlightBytes > settings.maxInFlightBytes()) {
      refresh(NEAR_THE_LIMIT);
    }
    return inFlightBytes <= settings.maxInFlightBytes();
  }

  /** Notes a batch that was handed out. */
  synchronized void handedOut(SourcePartition partition, long to, long bytes) {
    inFlight.computeIfAbsent(partition, key -> new ArrayDeque<>()).add(new HandedOut(to, bytes));
    inFlightBytes += bytes;
  }

  /** A reader begins at these positions: what was handed out above them comes again. */
  synchronized void begin(Map<SourcePartition, ReaderCheckpoint.Position> positions) {
    for (SourcePartition partition : new ArrayList<>(inFlight.keySet())) {
      ReaderCheckpoint.Position position = positions.get(partition);
      dropFrom(partition, position == null ? 0 : position.next());
    }
  }

  private void dropFrom(SourcePartition partition, long position) {
    Deque<HandedOut> queue = inFlight.get(partition);
    while (queue != null && !queue.isEmpty() && queue.getLast().to() > position) {
      inFlightBytes -= queue.removeLast().bytes();
    }
    if (queue != null && queue.isEmpty()) {
      inFlight.remove(partition);
    }
  }

  /**
   * Whether the reader has to go back to {@code next}; to be asked after each look at the lake.
   *
   * @param waiting whether the reader stands above {@code next} or otherwise waits for the lake
   * @param next the lake's {@code next} of the partition
   * @return true once when {@code next} has not moved for {@code rereadAfter} of waiting
   */
  public synchronized boolean stoodStill(SourcePartition partition, boolean waiting, long next) {
    if (!waiting) {
      still.remove(partition);
      return false;
    }
    Instant now = clock.instant();
    Still before = still.get(partition);
    if (before == null || before.next() != next) {
      still.put(partition, new Still(next, now));
      return false;
    }
    if (now.isBefore(before.since().plus(settings.rereadAfter()))) {
      return false;
    }
    still.put(partition, new Still(next, now));
    dropFrom(partition, next);
    return true;
  }

  /**
   * Notes where a partition began when this process first came, and the lake knew nothing of it.
   */
  public synchronized void firstCame(SourcePartition partition, long beginning) {
    emptyBelow.putIfAbsent(partition, beginning);
  }

  /** Positions below were gone before this process came: they are no loss of ours. */
  public synchronized long emptyBelow(SourcePartition partition) {
    return emptyBelow.getOrDefault(partition, 0L);
  }

  /** When the lake was last asked; grows with every look. */
  public synchronized Instant readAt() {
    return readAt;
  }
}
