package clicklake.io.landing;

import clicklake.io.landing.folder.LandingFile;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition of a listed file, by what the lake knows of its path.
 *
 * <p>A file known by path, size, modification time and ETag, where there is one, is that partition.
 * A file of a known path that differs is the next generation of the path. When finished files were
 * retired from the ledgers, bronze's rows are searched first: a generation with the same
 * modification time and size is this very file, finished long ago. Where bronze no longer knows the
 * size, the time decides.
 */
final class Generations {
  private Generations() {}

  /**
   * The partitions of files that are not finished.
   *
   * @param files the listing
   * @param handedOut partitions that a reader has begun, which the lake may not know yet
   * @param done files found to be finished by earlier calls; this call adds to it
   */
  static Map<LandingFile, SourcePartition> unfinished(
      List<LandingFile> files,
      LakeCoverage.View view,
      LakeCoverage lake,
      Collection<SourcePartition> handedOut,
      Set<LandingFile> done) {
    Map<String, List<SourcePartition>> known = new HashMap<>();
    for (Collection<SourcePartition> some :
        List.of(view.bronze().keySet(), view.silver().keySet(), view.finished(), handedOut)) {
      for (SourcePartition partition : some) {
        known.computeIfAbsent(partition.source(), path -> new ArrayList<>()).add(partition);
      }
    }
    // What the lake lists wins over what a reader has begun: a number goes to one content only.
    Map<String, String> names = new HashMap<>();
    for (SourcePartition partition : view.silver().keySet()) {
      names.put(partition.name(), partition.identity());
    }
    for (SourcePartition partition : view.bronze().keySet()) {
      names.put(partition.name(), partition.identity());
    }
    Map<LandingFile, SourcePartition> found = new LinkedHashMap<>();
    List<LandingFile> unknown = new ArrayList<>();
    for (LandingFile file : files) {
      SourcePartition same = sameContent(file, known.getOrDefault(file.path(), List.of()), names);
      if (same == null) {
        if (!done.contains(file)) {
          unknown.add(file);
          // Keeps the listing's order.
          found.put(file, file.generation(0));
        }
      } else if (!view.finished().contains(same)) {
        found.put(file, same);
      }
    }
    Map<String, List<LakeCoverage.Generation>> retired = retired(unknown, view, lake);
    for (LandingFile file : unknown) {
      int number = 0;
      for (SourcePartition partition : known.getOrDefault(file.path(), List.of())) {
        number = Math.max(number, partition.number() + 1);
      }
      for (LakeCoverage.Generation generation : retired.getOrDefault(file.path(), List.of())) {
        // A generation that a ledger still lists is known by its size and time.
        if (generation.arrivalMillis() == file.modifiedMillis()
            && (generation.size() < 0 || generation.size() == file.size())
            && !names.containsKey(file.generation(generation.number()).name())) {
          done.add(file);
        }
        number = Math.max(number, generation.number() + 1);
      }
      if (done.contains(file)) {
        found.remove(file);
      } else {
        found.put(file, file.generation(number));
      }
    }
    return found;
  }

  private static @Nullable SourcePartition sameContent(
      LandingFile file, List<SourcePartition> known, Map<String, String> names) {
    SourcePartition best = null;
    for (SourcePartition partition : known) {
      if (file.mayBe(partition.identity())
          && names.getOrDefault(partition.name(), partition.identity()).equals(partition.identity())
          && (best == null || isBetter(partition, best, file.identity()))) {
        best = partition;
      }
    }
    return best;
  }

  /** The very identity is better than one that lacks the tag; of equals the last is. */
  private static boolean isBetter(SourcePartition one, SourcePartition other, String identity) {
    boolean exact = one.identity().equals(identity);
    return exact == other.identity().equals(identity) ? one.number() > other.number() : exact;
  }

  private static Map<String, List<LakeCoverage.Generation>> retired(
      List<LandingFile> unknown, LakeCoverage.View view, LakeCoverage lake) {
    if (view.retiredPartitions() == 0 || unknown.isEmpty()) {
      return Map.of();
    }
    Set<String> paths = new HashSet<>();
    for (LandingFile file : unknown) {
      paths.add(file.path());
    }
    return lake.retired(paths);
  }
}
