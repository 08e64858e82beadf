package clicklake.io.lake;

import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Positions that a file covers, gathered by partition. */
final class Covered {
  private final Map<SourcePartition, OffsetRanges.Builder> runs = new LinkedHashMap<>();
  private final Map<SourcePartition, long[]> rows = new HashMap<>();
  private @Nullable SourcePartition last;
  private OffsetRanges.Builder lastRuns = OffsetRanges.builder();
  private long[] lastRows = new long[1];

  void row(SourcePartition partition, long offset) {
    if (!partition.equals(last)) {
      lastRuns = runs.computeIfAbsent(partition, p -> OffsetRanges.builder());
      lastRows = rows.computeIfAbsent(partition, p -> new long[1]);
      last = partition;
    }
    lastRuns.add(offset);
    lastRows[0]++;
  }

  void holes(SourcePartition partition, OffsetRanges holes) {
    runs.computeIfAbsent(partition, p -> OffsetRanges.builder()).addAll(holes);
  }

  void addAll(Covered other) {
    other.runs.forEach((partition, builder) -> holes(partition, builder.build()));
  }

  Set<SourcePartition> partitions() {
    return runs.keySet();
  }

  List<Coverage> build() {
    List<Coverage> coverage = new ArrayList<>();
    runs.forEach(
        (partition, builder) -> {
          OffsetRanges covered = builder.build();
          if (!covered.isEmpty()) {
            long[] count = rows.get(partition);
            coverage.add(new Coverage(partition, covered, count == null ? 0 : count[0]));
          }
        });
    return coverage;
  }
}
