package clicklake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.DeltaTables;
import clicklake.protocol.SilverTable;
import clicklake.protocol.SilverTable.Event;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.GoldLake;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldCountersTest {
  @TempDir Path folder;

  private Map<String, Long> refresh(GoldLake lake) {
    RefreshPlan plan = lake.plan(Aggregations.EXACT, "1").orElseThrow();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
    pipeline.apply(
        new RunPlan(
            plan,
            Aggregations.EXACT,
            Aggregations.of(Duration.ZERO),
            lake,
            lake,
            Clock.systemUTC()));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    Map<String, Long> counts = new TreeMap<>();
    for (MetricResult<Long> counter :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder().addNameFilter(MetricNameFilter.inNamespace("gold")).build())
            .getCounters()) {
      counts.merge(counter.getName().getName(), counter.getCommitted(), Long::sum);
    }
    return counts;
  }

  private static long rows(GoldLake lake) {
    return Aggregations.EXACT.stream().mapToLong(table -> lake.rows(table.schema())).sum();
  }

  @Test
  void rowsReadAndWrittenAndDatesAreCounted() {
    SilverTable silver = new SilverTable(folder);
    GoldLake lake = GoldLake.of(DeltaTables.at(LakeLocation.of(folder)));
    silver.add(
        new Event("2024-02-29T23:59:59Z", "view", "ann"),
        new Event("2024-03-01T00:00:00Z", "view", "ann"),
        new Event("2024-03-01T12:00:00Z", "view", "bob"));

    Map<String, Long> first = refresh(lake);

    assertThat(first)
        .isEqualTo(
            new TreeMap<>(
                Map.of("rows_read", 3L, "rows_written", rows(lake), "dates_recomputed", 12L)));

    silver.add(new Event("2024-03-01T13:00:00Z", "view", "bob"));

    assertThat(refresh(lake))
        .isEqualTo(
            new TreeMap<>(Map.of("rows_read", 17L, "rows_written", 16L, "dates_recomputed", 5L)));
  }
}
