package clicklake.jobs;

import clicklake.io.lake.DeltaTables;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.verify.GoldComparison;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Recomputes gold: each table from all of the version of silver that the table names, and compares
 * row by row. What is computed lies in a folder of its own below the lake meanwhile.
 */
public final class VerifyGold {
  private final PipelineOptions options;
  private final LakeLocation lake;

  /**
   * @param options Beam's options, which name the runner that computes
   */
  public VerifyGold(PipelineOptions options, LakeLocation lake) {
    this.options = options;
    this.lake = lake;
  }

  /** What tables say that are computed together. */
  private record Base(String silverTableId, long silverVersion, String rules) {
    static Base of(SourceVersions mark) {
      return new Base(mark.silverTableId(), mark.silverVersion(), mark.rules());
    }
  }

  /** Whether the lake has live tables at all. */
  private static boolean refreshed(GoldLake lake) {
    return Aggregations.LIVE.stream().anyMatch(table -> lake.sourceVersions(table).isPresent());
  }

  /**
   * Verifies every table.
   *
   * @throws LakeException if silver is not there any more in the version that a table names
   */
  List<GoldComparison> run() {
    GoldLake is = GoldLake.of(DeltaTables.at(lake));
    List<GoldComparison> comparisons = new ArrayList<>();
    Map<Base, List<GoldTable>> together = new LinkedHashMap<>();
    for (GoldTable table : Aggregations.ALL) {
      Optional<SourceVersions> mark = is.sourceVersions(table);
      if (mark.isEmpty() && Aggregations.ADDED_LATER.contains(table) && refreshed(is)) {
        continue;
      }
      if (mark.isEmpty()) {
        comparisons.add(
            new GoldComparison(
                table.path(),
                -1,
                0,
                0,
                0,
                List.of("not there, or it does not say what it was computed from; run gold")));
        continue;
      }
      together.computeIfAbsent(Base.of(mark.get()), base -> new ArrayList<>()).add(table);
    }
    GoldLake recomputed = GoldLake.of(DeltaTables.at(lake.below("_verify-" + UUID.randomUUID())));
    try {
      together.forEach(
          (base, tables) -> {
            RefreshPlan plan =
                is.planRecompute(tables, base.silverTableId(), base.silverVersion(), base.rules());
            BoundedRun.run(
                options,
                new RunPlan(
                    plan,
                    tables,
                    Aggregations.of(LiveTables.lateness(base.rules())),
                    is,
                    recomputed,
                    Clock.systemUTC()));
            tables.forEach(table -> comparisons.add(is.compare(table, recomputed)));
          });
    } finally {
      recomputed.delete();
    }
    return comparisons;
  }
}
