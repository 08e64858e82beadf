package clicklake.io.landing;

import clicklake.io.landing.folder.FileBrokenException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFailures;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.Listing;
import clicklake.io.landing.folder.PassedOver;
import clicklake.io.source.BatchReader;
import clicklake.io.source.BatchSource;
import clicklake.io.source.InFlightTracker;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one split of a landing folder, a file at a time, the oldest first.
 *
 * <p>{@link #positions} holds every file that was begun and is not yet finished in the lake: where
 * to go on, and the generation of a path that the lake does not know yet.
 */
final class LandingReader extends BatchReader {
  private static final Logger LOG = LoggerFactory.getLogger(LandingReader.class);

  private final BatchSource source;
  private final LandingFolder folder;
  private final LandingSettings landing;
  private final @Nullable ReaderCheckpoint checkpoint;

  /** Files found finished in bronze's rows: not looked up again. */
  private final Set<LandingFile> done;

  private final PassedOver passedOver;

  private final Deque<LandingFile> waiting = new ArrayDeque<>();
  private final Map<LandingFile, SourcePartition> partitions = new HashMap<>();
  private @Nullable Instant listedAt;

  /** The lake as it was when {@link #waiting} was made. */
  private LakeCoverage.View listed = LakeCoverage.View.empty();

  private @Nullable FileSpan span;
  private @Nullable FileBlocks blocks;

  LandingReader(
      BatchSource source,
      LandingSettings landing,
      ReadSettings settings,
      InFlightTracker tracker,
      Set<LandingFile> done,
      @Nullable ReaderCheckpoint checkpoint) {
    super(source, settings, tracker);
    this.source = source;
    this.landing = landing;
    this.folder = LandingFolder.of(landing);
    this.passedOver = PassedOver.in(landing.folder());
    this.done = done;
    this.checkpoint = checkpoint;
  }

  @Override
  protected void open(LakeCoverage.View view) {
    if (checkpoint == null) {
      return;
    }
    checkpoint
        .positions()
        .forEach(
            (partition, position) -> {
              if (!view.finished().contains(partition)) {
                positions.put(
                    partition,
                    checkpoint.ofThisRun() ? position : lowest(position, view.next(partition)));
              }
            });
  }

  private static ReaderCheckpoint.Position lowest(ReaderCheckpoint.Position position, long next) {
    return position.next() <= next
        ? new ReaderCheckpoint.Position(
            position.next(), position.byteAt(), false, position.seenVersion())
        : new ReaderCheckpoint.Position(next, -1, false, position.seenVersion());
  }

  @Override
  protected boolean read(LakeCoverage.View view) throws IOException {
    while (true) {
      if (blocks == null && !openNext(view)) {
        return false;
      }
      if (readBlock(view)) {
        return true;
      }
    }
  }

  /** Opens the next file; false if there is none. */
  private boolean openNext(LakeCoverage.View view) throws IOException {
    Instant now = settings.clock().instant();
    boolean due = listedAt == null || !now.isBefore(listedAt.plus(landing.pollEvery()));
    // A waiting file may have left the ledgers, finished by another copy of the job.
    boolean doubtful = view.retiredPartitions() != listed.retiredPartitions();
    if (waiting.isEmpty() ? due : doubtful) {
      listedAt = now;
      list(view);
    }
    while (!waiting.isEmpty()) {
      LandingFile file = waiting.remove();
      SourcePartition partition = partitions.get(file);
      if (partition == null) {
        continue;
      }
      ReaderCheckpoint.Position at = positions.get(partition);
      FileSpan next =
          FileSpan.from(file, partition, listed.next(partition), listed.seen(partition));
      if (at != null) {
        boolean jump = at.byteAt() >= 0 && !file.compressed();
        next =
            new FileSpan(
                file,
                partition,
                at.next(),
                jump ? at.next() : 0,
                jump ? at.byteAt() : 0,
                file.size(),
                new RawBatch.Seen(OffsetRanges.empty(), OffsetRanges.empty(), at.seenVersion()));
      }
      try {
        blocks = FileBlocks.open(folder, next, settings);
        span = next;
        return true;
      } catch (FileChangedException changed) {
        leave(changed);
      } catch (FileBrokenException broken) {
        passOver(file, broken);
      }
    }
    return false;
  }

  /** Lists the folder; what the lake has finished or this reader handed out is left aside. */
  private void list(LakeCoverage.View view) {
    Listing listing;
    try {
      listing = folder.list();
    } catch (IOException failure) {
      throw LandingFailures.notListed(folder, failure);
    }
    List<LandingFile> files =
        passedOver.readable(folder, listing, landing.strictFiles()).stream()
            .filter(file -> source.owns(file.path().hashCode()))
            .toList();
    done.retainAll(new HashSet<>(files));
    listed = view;
    Map<LandingFile, SourcePartition> found =
        Generations.unfinished(files, listed, tracker.lake(), positions.keySet(), done);
    if (!positions.keySet().containsAll(found.values())) {
      // New to this reader, but another copy of the job may have been faster: look once more.
      listed = tracker.newView();
      found = Generations.unfinished(files, listed, tracker.lake(), positions.keySet(), done);
    }
    partitions.clear();
    partitions.putAll(found);
    waiting.clear();
    files.stream()
        .filter(partitions::containsKey)
        .filter(file -> !ended(partitions.get(file)))
        .forEach(waiting::add);
  }

  private boolean ended(@Nullable SourcePartition partition) {
    ReaderCheckpoint.Position position = partition == null ? null : positions.get(partition);
    return position != null && position.ended();
  }

  /** Offers one block of the open file; false if there was none, and the file is closed. */
  private boolean readBlock(LakeCoverage.View view) throws IOException {
    FileSpan file = span;
    FileBlocks open = blocks;
    if (file == null || open == null) {
      return false;
    }
    LineBlocks.Block block;
    try {
      block = open.next();
    } catch (FileChangedException changed) {
      leave(changed);
      closeFile();
      return false;
    } catch (FileBrokenException broken) {
      closeFile();
      passOver(file.file(), broken);
      return false;
    }
    if (block == null) {
      closeFile();
      return false;
    }
    offer(
        FileBlocks.batch(file, block, seen(view, file)),
        file.file().modifiedMillis(),
        new ReaderCheckpoint.Position(
            block.to(),
            file.file().compressed() ? -1 : block.byteAfter(),
            block.last(),
            file.seen().version()));
    if (block.last()) {
      closeFile();
    }
    return true;
  }

  /**
   * What the tables cover of the file. While bronze does not list it, the version stays the one at
   * which it was found to be new: the committer refuses the batch if files were retired since,
   * because this file may have been among them.
   */
  private static RawBatch.Seen seen(LakeCoverage.View view, FileSpan file) {
    RawBatch.Seen seen = view.seen(file.partition());
    return view.bronze().containsKey(file.partition())
        ? seen
        : new RawBatch.Seen(seen.bronze(), seen.silver(), file.seen().version());
  }

  private static void leave(FileChangedException changed) {
    LOG.warn("Landing file {}; the next listing decides", changed.getMessage());
    SourceCounters.FILES_CHANGED.inc();
  }

  private void passOver(LandingFile file, FileBrokenException broken) {
    if (passedOver.add(file, broken, landing.strictFiles())) {
      broken.counter().inc();
    }
  }

  private void closeFile() throws IOException {
    FileBlocks open = blocks;
    blocks = null;
    span = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  protected void compare(LakeCoverage.View view) throws IOException {
    for (SourcePartition partition : List.copyOf(positions.keySet())) {
      ReaderCheckpoint.Position position = positions.get(partition);
      long next = view.next(partition);
      if (position == null || view.finished().contains(partition)) {
        positions.remove(partition);
        tracker.stoodStill(partition, false, next);
      } else if (tracker.stoodStill(partition, position.ended() || position.next() > next, next)) {
        LOG.warn(
            "The lake has stood still at line {} of {} for {}; reading again from there",
            next,
            partition,
            settings.rereadAfter());
        SourceCounters.WENT_BACK.inc();
        goBack(partition);
      }
    }
    FileSpan reading = span;
    if (reading != null && view.finished().contains(reading.partition())) {
      closeFile();
    }
  }

  /** The next listing finds the file where the lake stands, under a number that is free. */
  private void goBack(SourcePartition partition) throws IOException {
    FileSpan reading = span;
    if (reading != null && reading.partition().equals(partition)) {
      closeFile();
    }
    withdraw(partition);
    positions.remove(partition);
    passedOver.again(partition);
    listedAt = null;
    waiting.clear();
  }

  @Override
  public void close() throws IOException {
    closeFile();
  }
}
