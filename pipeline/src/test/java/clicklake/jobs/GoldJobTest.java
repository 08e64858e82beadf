package clicklake.jobs;

import static clicklake.schemas.table.EventTables.SILVER_EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.DeltaTables;
import clicklake.protocol.SilverTable;
import clicklake.protocol.SilverTable.Event;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.minute.ActiveUsersPerMinute;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.table.GoldTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldJobTest {
  private static final Event FIRST = new Event("2024-02-29T23:59:59.999999Z", "view", "ann");
  private static final Event MIDNIGHT = new Event("2024-03-01T00:00:00Z", "view", "ann");
  private static final Event SAME_MICROSECOND = new Event("2024-03-01T00:00:00Z", "click", "bob");
  private static final Event EDGE = new Event("2024-03-01T00:01:00Z", "view", "bob");

  private static final TableSchema EVENTS_PER_MINUTE = EventsPerMinute.TABLE.schema();
  private static final TableSchema ACTIVE_USERS_PER_MINUTE = ActiveUsersPerMinute.TABLE.schema();

  @TempDir Path lake;
  private SilverTable silver;

  @BeforeEach
  void open() {
    silver = new SilverTable(lake);
  }

  private GoldReport refresh() {
    return new GoldJob(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--targetParallelism=2")
                .create(),
            LakeLocation.of(lake),
            null,
            null,
            0,
            null,
            Clock.systemUTC())
        .run();
  }

  @Test
  void withoutSilverNothingIsDone() {
    assertThat(refresh()).isEqualTo(new GoldReport(-1, Set.of(), Map.of()));
    assertThat(silver.version(EVENTS_PER_MINUTE)).isEqualTo(-1);
  }

  @Test
  void anEventOnTheEdgeOfAMinuteBelongsToTheMinuteThatStartsThere() {
    silver.add(FIRST, MIDNIGHT, SAME_MICROSECOND, EDGE);

    GoldReport report = refresh();

    assertThat(report.silverVersion()).isEqualTo(1);
    assertThat(report.dates())
        .containsExactlyInAnyOrder(LocalDate.of(2024, 2, 29), LocalDate.of(2024, 3, 1));
    assertThat(report.rows())
        .containsEntry(EVENTS_PER_MINUTE.path(), 4L)
        .containsEntry(ACTIVE_USERS_PER_MINUTE.path(), 3L)
        .containsOnlyKeys(Aggregations.EXACT.stream().map(GoldTable::path).toList());
    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly(
            "2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z click 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z view 1",
            "2024-03-01T00:01:00Z..2024-03-01T00:02:00Z view 1");
    assertThat(silver.rows(ACTIVE_USERS_PER_MINUTE))
        .containsExactly(
            "2024-02-29T23:59:00Z..2024-03-01T00:00:00Z users 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z users 2",
            "2024-03-01T00:01:00Z..2024-03-01T00:02:00Z users 1");
    assertThat(silver.mark(EVENTS_PER_MINUTE))
        .isEqualTo(
            "{\"format\":1,\"silverTableId\":\""
                + silver.id()
                + "\",\"silverVersion\":1,\"rules\":\"1\",\"version\":1}");
  }

  @Test
  void aSecondRefreshDoesNothing() {
    silver.add(FIRST);
    refresh();
    long before = silver.version(EVENTS_PER_MINUTE);

    assertThat(refresh().dates()).isEmpty();
    assertThat(silver.version(EVENTS_PER_MINUTE)).isEqualTo(before);
  }

  @Test
  void onlyTouchedDatesAreRewrittenAndTheResultIsThatOfAFreshStart() {
    silver.add(FIRST, MIDNIGHT);
    refresh();
    Set<String> untouched = silver.files(EVENTS_PER_MINUTE, "2024-02-29");
    Set<String> touched = silver.files(EVENTS_PER_MINUTE, "2024-03-01");
    silver.add(MIDNIGHT, EDGE);

    assertThat(refresh().dates()).containsExactly(LocalDate.of(2024, 3, 1));
    assertThat(silver.files(EVENTS_PER_MINUTE, "2024-02-29")).isEqualTo(untouched);
    assertThat(silver.files(EVENTS_PER_MINUTE, "2024-03-01")).doesNotContainAnyElementsOf(touched);
    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly(
            "2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z view 2",
            "2024-03-01T00:01:00Z..2024-03-01T00:02:00Z view 1");
  }

  @Test
  void aDateThatVanishedFromSilverLosesItsRows() {
    silver.add(FIRST, MIDNIGHT);
    refresh();
    silver.remove("2024-03-01");
    refresh();

    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly("2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 1");
  }

  @Test
  void anOptimizeOfSilverOrGoldChangesNoTotal() throws IOException {
    silver.add(FIRST, MIDNIGHT);
    refresh();
    silver.optimize(SILVER_EVENTS);
    silver.optimize(EVENTS_PER_MINUTE);
    assertThat(refresh().dates()).isEmpty();
    silver.add(MIDNIGHT);
    refresh();

    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly(
            "2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z view 2");
  }

  @Test
  void aPlanThatALaterRefreshOvertookChangesNothing() {
    silver.add(FIRST);
    refresh();
    silver.add(FIRST);
    GoldLake gold = GoldLake.of(DeltaTables.at(LakeLocation.of(lake)));
    RefreshPlan slow = gold.plan(List.of(EventsPerMinute.TABLE), "1").orElseThrow();
    silver.add(FIRST);
    refresh();
    long version = silver.version(EVENTS_PER_MINUTE);

    assertThat(gold.commit(slow, EVENTS_PER_MINUTE, List.of()))
        .isEqualTo(GoldLake.Outcome.ALREADY_THERE);
    assertThat(silver.version(EVENTS_PER_MINUTE)).isEqualTo(version);
    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly("2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 3");
  }

  @Test
  void twoRefreshesAtOnceBothEndRight() throws Exception {
    silver.add(FIRST, MIDNIGHT);
    var threads = Executors.newFixedThreadPool(2);
    try {
      Callable<GoldReport> job = this::refresh;
      for (var done : threads.invokeAll(List.of(job, job))) {
        assertThat(done.get().silverVersion()).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(silver.rows(EVENTS_PER_MINUTE))
        .containsExactly(
            "2024-02-29T23:59:00Z..2024-03-01T00:00:00Z view 1",
            "2024-03-01T00:00:00Z..2024-03-01T00:01:00Z view 1");
  }
}
