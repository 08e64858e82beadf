package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TimeSpans;
import clicklake.transforms.gold.plan.SilverChanges.AddedFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Silver up to one version: the files that it has, and what changed since earlier versions. Reads
 * the log when it is asked, and for each version once. It looks at each commit by itself: it stops
 * where a full recompute reads less, and recomputes a date that lost a file even if that file came
 * after the version.
 */
final class SilverHistory {
  /**
   * With more new files than these everything is recomputed, from the files that silver has now:
   * where files are compacted, these are fewer.
   */
  static final int MAX_NEW_FILES = 300_000;

  /** With fewer new files than these, the size of the whole table is not looked up. */
  static final int MIN_FILES_TO_COMPARE = 5_000;

  /** So many bytes of new files are never too many: silver may be small. */
  private static final long MIN_BYTES_TO_COMPARE = 32L << 20;

  private final TableLog log;
  private final TableState silver;
  private final Predicate<String> exists;
  private final Map<String, Boolean> existing = new HashMap<>();
  private final Map<Long, Optional<SilverChanges>> changes = new HashMap<>();
  private @Nullable List<DataFile> files;
  private long maxNewBytes = -1;

  /**
   * @param silver the version
   * @param exists whether a file of silver is in the storage, by its path below silver
   */
  SilverHistory(TableLog log, TableState silver, Predicate<String> exists) {
    this.log = log;
    this.silver = silver;
    this.exists = exists;
  }

  /** The version that this is the history of. */
  TableState silver() {
    return silver;
  }

  /** All files of the version, without their statistics. */
  List<DataFile> files() {
    List<DataFile> known = files;
    if (known == null) {
      List<DataFile> all = new ArrayList<>();
      log.showFiles(silver, null, file -> all.add(withoutStatistics(file)));
      known = all;
      files = known;
    }
    return known;
  }

  /**
   * What changed since a version; empty if the log no longer holds it, or if a full recompute reads
   * less than the changes.
   */
  Optional<SilverChanges> changesSince(long version) {
    // Most tables are at the same version, and the log may be long.
    return changes.computeIfAbsent(version, this::readChanges);
  }

  private Optional<SilverChanges> readChanges(long version) {
    List<AddedFile> added = new ArrayList<>();
    Set<LocalDate> recomputed = new HashSet<>();
    boolean[] clear = {true};
    long[] bytes = {0};
    boolean complete =
        log.showCommits(
            version,
            silver.version(),
            commit -> {
              for (String path : commit.removes()) {
                LocalDate date = FileDates.ofPath(path);
                if (date == null) {
                  clear[0] = false;
                } else {
                  recomputed.add(date);
                }
              }
              for (DataFile file : commit.adds()) {
                added.add(new AddedFile(withoutStatistics(file), TimeSpans.ofEvents(file)));
                bytes[0] += file.sizeBytes();
              }
              clear[0] &= !tooMany(added.size(), bytes[0]);
              return clear[0];
            });
    if (!complete || !clear[0]) {
      return Optional.empty();
    }
    for (AddedFile one : added) {
      LocalDate date = FileDates.of(one.file());
      if (!recomputed.contains(date) && !exists(one.file())) {
        recomputed.add(date);
      }
    }
    added.removeIf(one -> recomputed.contains(FileDates.of(one.file())));
    return Optional.of(new SilverChanges(added, recomputed));
  }

  private boolean tooMany(int newFiles, long newBytes) {
    return newFiles > MAX_NEW_FILES || newFiles > MIN_FILES_TO_COMPARE && newBytes > maxNewBytes();
  }

  /** More bytes than these in new files were compacted since: a full recompute reads less. */
  private long maxNewBytes() {
    if (maxNewBytes < 0) {
      maxNewBytes =
          MIN_BYTES_TO_COMPARE + 2 * files().stream().mapToLong(DataFile::sizeBytes).sum();
    }
    return maxNewBytes;
  }

  private boolean exists(DataFile file) {
    return existing.computeIfAbsent(file.path(), exists::test);
  }

  /**
   * What it takes to read a file: the statistics of all of silver's files would fill the memory.
   */
  private static DataFile withoutStatistics(DataFile file) {
    return new DataFile(file.path(), file.sizeBytes(), file.rows(), file.date(), "");
  }
}
