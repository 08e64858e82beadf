package clicklake.gold;

import clicklake.io.lake.DeltaTables;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.refresh.LocalRefresh;
import clicklake.transforms.gold.table.GoldTable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A refresh of gold tables, step by step, so that a test may stop it between any two. */
final class Refresher {
  private final GoldLake lake;
  private final List<GoldTable> tables;
  private final String rules;
  private final LocalRefresh work;
  private final int buckets;

  Refresher(Path lake, List<GoldTable> tables, Duration lateness, int buckets) {
    this.buckets = buckets;
    this.lake = GoldLake.of(DeltaTables.at(LakeLocation.of(lake)));
    this.tables = tables;
    this.rules = "test " + lateness;
    this.work =
        new LocalRefresh(
            Aggregations.of(lateness), this.lake.tableRows(), this.lake.files(Clock.systemUTC()));
  }

  /** A refresh of which everything is done but the commits. */
  record Written(RefreshPlan plan, Map<String, List<DataFile>> files) {}

  Optional<Written> write() {
    return lake.plan(tables, rules)
        .map(plan -> new Written(plan, work.refresh(plan.inputs(), inBuckets(plan.spec()))));
  }

  /**
   * The same over several buckets, which little data would not be spread over; and, with an even
   * number of them, with files of whole days, as of news of many days.
   */
  private RefreshSpec inBuckets(RefreshSpec plain) {
    Map<String, Integer> bucketOf = new HashMap<>();
    plain.tables().forEach(table -> bucketOf.put(table, buckets));
    return new RefreshSpec(
        plain.tables(),
        bucketOf,
        buckets % 2 == 0 ? plain.tables() : plain.wholeDays(),
        plain.days(),
        plain.kept());
  }

  /** Commits as many tables, in order. */
  void commit(Written written, int most) {
    lake.commit(written.plan(), tables.subList(0, Math.min(most, tables.size())), written.files());
  }

  /** Refreshes until every table says what silver says. */
  void refresh() {
    for (Optional<Written> written = write();
        written.isPresent() && !written.get().plan().upToDate();
        written = write()) {
      commit(written.get(), tables.size());
    }
  }
}
