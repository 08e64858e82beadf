package clicklake.io.source;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a continuous reader that does not depend on the kind of source: the queue of finished
 * batches, the checkpoint, backpressure, the watermark.
 *
 * <p>A batch's timestamp is the earliest arrival among its records. The watermark follows the
 * slowest partition that gave records lately and, when there is nothing to read, the clock; it is
 * neither ahead of the clock nor more than an hour behind it, whatever times records claim: what
 * waits for it would pile up. No result depends on it, only how soon a figure is shown.
 */
public abstract class BatchReader extends UnboundedSource.UnboundedReader<RawBatch> {
  private static final long LATEST = GlobalWindow.INSTANCE.maxTimestamp().getMillis();
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** A partition without records for so long no longer holds the watermark. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private static final Duration MAX_BEHIND = Duration.ofHours(1);

  /**
   * What a whole file in flight counts as, beside its bytes: it takes room in the ledgers, which
   * are written with every commit, however small it is.
   */
  private static final long BYTES_PER_FILE = 64 << 10;

  /** Where the last batch handed out of each partition ended: the content of the checkpoint. */
  protected final Map<SourcePartition, ReaderCheckpoint.Position> positions = new HashMap<>();

  protected final ReadSettings settings;
  protected final InFlightTracker tracker;
  private final BatchSource source;
  private final Deque<Ready> ready = new ArrayDeque<>();
  private final Map<SourcePartition, Arrival> arrivals = new HashMap<>();
  private @Nullable Ready current;
  private long watermark = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
  private java.time.@Nullable Instant lastLook;

  /** The earliest arrival in a partition's last batch, and when that was handed out. */
  private record Arrival(long millis, long handedOutMillis) {}

  private record Ready(RawBatch batch, long arrivalMillis, ReaderCheckpoint.Position after) {}

  protected BatchReader(BatchSource source, ReadSettings settings, InFlightTracker tracker) {
    this.source = source;
    this.settings = settings;
    this.tracker = tracker;
  }

  /**
   * Connects, and sets {@link #positions} to where the reader begins. Called once.
   *
   * @param view the lake as it is now
   */
  protected abstract void open(LakeCoverage.View view) throws IOException;

  /**
   * Looks for data and offers what is ready; returns soon, also without any.
   *
   * @return false if the source had nothing new: the reader stands at its end
   */
  protected abstract boolean read(LakeCoverage.View view) throws IOException;

  /** Compares where the reader stands with a new view of the lake. */
  protected abstract void compare(LakeCoverage.View view) throws IOException;

  /**
   * Queues a batch.
   *
   * @param arrivalMillis earliest arrival of its records
   * @param after where the reader stands once the batch is handed out
   */
  protected final void offer(RawBatch batch, long arrivalMillis, ReaderCheckpoint.Position after) {
    ready.add(new Ready(batch, arrivalMillis, after));
  }

  /** Forgets queued batches of a partition, whose reader moved. */
  protected final void withdraw(SourcePartition partition) {
    ready.removeIf(one -> one.batch().partition().equals(partition));
    arrivals.remove(partition);
  }

  @Override
  public final boolean start() throws IOException {
    open(tracker.newView());
    lastLook = tracker.readAt();
    tracker.begin(positions);
    return advance();
  }

  @Override
  public final boolean advance() throws IOException {
    current = null;
    if (ready.isEmpty()) {
      if (!tracker.mayReadOn()) {
        compareIfNew(tracker.view());
        LockSupport.parkNanos(PAUSE.toNanos());
        return false;
      }
      LakeCoverage.View view = tracker.view();
      compareIfNew(view);
      if (!read(view) && ready.isEmpty()) {
        arrivals.clear();
        // Clocks of producers and files differ from ours by some seconds.
        raise(settings.clock().millis() - settings.linger().multipliedBy(2).toMillis());
      }
    }
    Ready next = ready.poll();
    if (next == null) {
      return false;
    }
    current = next;
    RawBatch batch = next.batch();
    positions.put(batch.partition(), next.after());
    tracker.handedOut(
        batch.partition(), batch.to(), batch.bytes().length + (batch.last() ? BYTES_PER_FILE : 0));
    arrivals.put(batch.partition(), new Arrival(next.arrivalMillis(), settings.clock().millis()));
    return true;
  }

  private void compareIfNew(LakeCoverage.View view) throws IOException {
    java.time.Instant readAt = tracker.readAt();
    if (!readAt.equals(lastLook)) {
      lastLook = readAt;
      compare(view);
    }
  }

  private void raise(long millis) {
    watermark = Math.max(watermark, Math.min(millis, settings.clock().millis()));
  }

  @Override
  public final RawBatch getCurrent() {
    return handedOut().batch();
  }

  @Override
  public final Instant getCurrentTimestamp() {
    long millis = handedOut().arrivalMillis();
    return Instant.ofEpochMilli(
        Math.max(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis(), Math.min(millis, LATEST)));
  }

  private Ready handedOut() {
    Ready batch = current;
    if (batch == null) {
      throw new NoSuchElementException("advance() has not returned true");
    }
    return batch;
  }

  @Override
  public final Instant getWatermark() {
    raise(settings.clock().millis() - MAX_BEHIND.toMillis());
    long idleBefore = settings.clock().millis() - IDLE.toMillis();
    arrivals.values().stream()
        .filter(arrival -> arrival.handedOutMillis() >= idleBefore)
        .mapToLong(Arrival::millis)
        .min()
        .ifPresent(this::raise);
    return Instant.ofEpochMilli(watermark);
  }

  @Override
  public final ReaderCheckpoint getCheckpointMark() {
    FailPoint.MARK_TAKEN.reach();
    return ReaderCheckpoint.of(positions);
  }

  @Override
  public final UnboundedSource<RawBatch, ReaderCheckpoint> getCurrentSource() {
    return source;
  }
}
