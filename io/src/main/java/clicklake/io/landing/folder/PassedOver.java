package clicklake.io.landing.folder;

import clicklake.io.SourceException;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.SharedUntilUnused;
import clicklake.schemas.offset.OneLine;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is passed over in a landing folder, and what of it was reported: one per folder and process,
 * shared by all its plans and readers.
 *
 * <p>A damaged file is remembered until the folder shows another in its place or none, so that it
 * is not read at every listing. It is read again only while the lake waits for lines of it that
 * were handed out. Every other obstacle is checked at each listing, and reported once for as long
 * as it stays. Memory grows with what is wrong in the folder alone. Another process reports
 * everything again.
 */
public final class PassedOver {
  private static final Logger LOG = LoggerFactory.getLogger(PassedOver.class);
  private static final SharedUntilUnused<String, PassedOver> FOLDERS = new SharedUntilUnused<>();

  private final Set<LandingFile> damaged = new HashSet<>();

  /** The damaged files that are to be read once more. */
  private final Set<LandingFile> again = new HashSet<>();

  private final Map<LandingFile, String> unreadable = new HashMap<>();
  private Set<Listing.Obstacle> obstacles = Set.of();
  private long leftOut;

  public PassedOver() {}

  /** That of a folder, by the name that it was given as. */
  public static PassedOver in(String folder) {
    return FOLDERS.of(folder, PassedOver::new);
  }

  /**
   * Reports what is new in a listing and forgets what is gone from it.
   *
   * @param strict whether an obstacle ends the job
   * @return the files that may be read
   * @throws SourceException if strict, and records may lie behind an obstacle
   */
  public synchronized List<LandingFile> readable(
      LandingFolder folder, Listing listing, boolean strict) {
    for (Listing.Obstacle obstacle : listing.obstacles()) {
      String said = LandingFailures.obstacle(folder, obstacle);
      if (strict && obstacle.mayHoldRecords()) {
        throw new SourceException(said);
      }
      if (!obstacles.contains(obstacle)) {
        LOG.warn("{}; it is passed over", said);
      }
    }
    Set<Listing.Obstacle> now = Set.copyOf(listing.obstacles());
    if (!now.equals(obstacles) && !now.isEmpty()) {
      LOG.warn(
          "In the landing folder {} {} things are passed over, each named when it was first seen",
          folder,
          now.size());
    }
    obstacles = now;
    String example = listing.example();
    // Only what is more than ever: each file that is being written comes and goes under such a
    // name.
    if (example != null && listing.leftOut() > leftOut) {
      leftOut = listing.leftOut();
      LOG.warn(
          "In the landing folder {} {} names are left out, such as {}: read are files that end in"
              + " .ndjson, .jsonl or .json, perhaps with .gz, .zst or .bz2, and not what begins with"
              + " . or _",
          folder,
          leftOut,
          OneLine.of(example));
    }
    if (damaged.isEmpty() && unreadable.isEmpty()) {
      return listing.files();
    }
    Set<LandingFile> there = new HashSet<>(listing.files());
    damaged.retainAll(there);
    again.retainAll(there);
    unreadable.keySet().retainAll(there);
    List<LandingFile> files = new ArrayList<>(listing.files());
    files.removeIf(file -> damaged.contains(file) && !again.contains(file));
    return files;
  }

  /** Whether bronze has lines that silver has not decided: they may have to be read again. */
  public static boolean undecided(RawBatch.Seen seen) {
    return !seen.bronze().minus(seen.silver()).isEmpty();
  }

  /** Has a file be read once more, should it be a damaged one. */
  public synchronized void again(SourcePartition partition) {
    for (LandingFile file : damaged) {
      if (file.path().equals(partition.source()) && file.mayBe(partition.identity())) {
        again.add(file);
      }
    }
  }

  /** Whether a file was found to be damaged. */
  public synchronized boolean isDamaged(LandingFile file) {
    return damaged.contains(file);
  }

  /**
   * Passes over a file that cannot be read to its end.
   *
   * @return whether it is reported now
   * @throws SourceException instead, if strict
   */
  public synchronized boolean add(LandingFile file, FileBrokenException broken, boolean strict) {
    if (strict) {
      throw broken.asFailure();
    }
    if (broken.damaged()) {
      again.remove(file);
      if (!damaged.add(file)) {
        return false;
      }
      LOG.warn("{}; it is passed over until then", broken.said());
    } else {
      if (broken.said().equals(unreadable.put(file, broken.said()))) {
        return false;
      }
      LOG.warn("{}; it is passed over and tried again", broken.said());
    }
    return true;
  }
}
