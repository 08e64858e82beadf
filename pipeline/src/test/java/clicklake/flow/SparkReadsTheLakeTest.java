package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import clicklake.io.testing.ObjectStore;
import clicklake.io.testing.SparkReader;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.table.GoldTable;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader that is not ours, on every table of a lake that the jobs made. */
class SparkReadsTheLakeTest {
  private static final List<TableSchema> ALL =
      Stream.concat(EventTables.EVENTS.stream(), Aggregations.ALL.stream().map(GoldTable::schema))
          .toList();

  @TempDir Path folder;

  private String lake = "";

  /** Spark finds the lake where the jobs put it: in a folder, or in a store by Hadoop's s3a. */
  private SparkReader spark() {
    SparkReader spark = SparkReader.shared();
    Path place = folder.resolve("lake");
    if (ObjectStore.keepsLakes()) {
      spark.reach(ObjectStore.ofTemporaryFolders(), ObjectStore.bucketOf(place));
      lake = ObjectStore.hadoopLocation(place);
    } else {
      lake = place.toString();
    }
    return spark;
  }

  private String table(TableSchema schema) {
    return lake + "/" + schema.path();
  }

  private ProducedCounts round(long seed) throws Exception {
    ProducedCounts produced =
        LandingProducer.withFilesOf(folder.resolve("landing"), 0, 1_000, Clock.systemUTC())
            .produce(
                ProducePlan.of(seed, 3_000).withShares(0.05, 0.05, 0.03, 0.02),
                RateLimiter.UNLIMITED,
                ProduceProgress.SILENT)
            .counts();
    Program.round("--landing=" + folder.resolve("landing"), "--lake=" + folder.resolve("lake"));
    assertThat(Program.run("gold", "--lake=" + folder.resolve("lake"))).isZero();
    return produced;
  }

  @Test
  void everyTableOfAStoreIsRead() throws Exception {
    String before = System.getProperty(ObjectStore.STORAGE, "");
    System.setProperty(ObjectStore.STORAGE, "s3");
    try {
      SparkReader spark = spark();
      ProducedCounts produced = round(1);
      Map<TableSchema, Long> counts = counts(spark);
      assertCounts(counts, produced);
      // A count alone is taken from the log.
      counts.forEach(
          (schema, count) ->
              assertThat(spark.read(table(schema)))
                  .as("%s", schema)
                  .hasSize(Math.toIntExact(count)));
      assertMinutes(spark, produced.events());
    } finally {
      System.setProperty(ObjectStore.STORAGE, before);
    }
  }

  private Map<TableSchema, Long> counts(SparkReader spark) {
    Map<TableSchema, Long> counts = new HashMap<>();
    ALL.forEach(schema -> counts.put(schema, spark.count(table(schema))));
    return counts;
  }

  private static void assertCounts(Map<TableSchema, Long> counts, ProducedCounts produced) {
    assertThat(counts)
        .contains(
            entry(EventTables.BRONZE_EVENTS, produced.records()),
            entry(EventTables.SILVER_EVENTS, produced.events()),
            entry(EventTables.QUARANTINE_EVENTS, produced.rejected()));
    assertThat(counts.values()).doesNotContain(0L);
  }

  @Test
  void everyTableIsReadRearrangedAndGoneOnWith() throws Exception {
    SparkReader spark = spark();
    ProducedCounts first = round(1);
    Map<TableSchema, Long> firstVersions = new HashMap<>();
    for (TableSchema schema : ALL) {
      firstVersions.put(schema, spark.version(table(schema)));
    }
    Map<TableSchema, Long> firstCounts = counts(spark);
    assertCounts(firstCounts, first);
    assertMinutes(spark, first.events());

    for (TableSchema schema : ALL) {
      spark.optimize(table(schema));
      assertThat(spark.count(table(schema))).isEqualTo(firstCounts.get(schema));
    }
    ProducedCounts second = round(2);
    assertThat(Program.run("verify", "--gold", "--lake=" + folder.resolve("lake"))).isZero();

    assertThat(spark.count(table(EventTables.BRONZE_EVENTS)))
        .isEqualTo(first.records() + second.records());
    assertThat(spark.count(table(EventTables.SILVER_EVENTS)))
        .isEqualTo(first.events() + second.events());
    assertThat(spark.count(table(EventTables.QUARANTINE_EVENTS)))
        .isEqualTo(first.rejected() + second.rejected());
    assertMinutes(spark, first.events() + second.events());

    for (TableSchema schema : ALL) {
      assertThat(spark.readVersion(table(schema), firstVersions.get(schema)))
          .as("%s as it was", schema)
          .hasSize(Math.toIntExact(firstCounts.get(schema)));
      assertThat(spark.sql("DESCRIBE DETAIL " + SparkReader.name(table(schema))).get(0))
          .containsEntry("partitionColumns", Stream.ofNullable(schema.partitionColumn()).toList());
      Map<String, String> types = new HashMap<>(spark.schema(table(schema)));
      if (schema.partitionColumn() != null) {
        assertThat(types.remove(schema.partitionColumn())).isEqualTo("date");
      }
      assertThat(types).isEqualTo(types(schema));
    }
  }

  /** Gold says of silver what Spark's own grouping says. */
  private void assertMinutes(SparkReader spark, long events) {
    String gold = SparkReader.name(table(EventsPerMinute.TABLE.schema()));
    String silver = SparkReader.name(table(EventTables.SILVER_EVENTS));
    List<Map<String, @Nullable Object>> differences =
        spark.sql(
            "SELECT coalesce(g.window_start, s.window_start) AS minute FROM "
                + gold
                + " g FULL OUTER JOIN (SELECT date_trunc('MINUTE', event_time) AS window_start,"
                + " action, count(*) AS n FROM "
                + silver
                + " GROUP BY 1, 2) s ON g.window_start = s.window_start AND g.action = s.action"
                + " WHERE g.event_count IS NULL OR s.n IS NULL OR g.event_count <> s.n");
    assertThat(differences).isEmpty();
    assertThat(spark.sql("SELECT sum(event_count) AS n FROM " + gold).get(0))
        .containsEntry("n", events);
  }

  private static Map<String, String> types(TableSchema schema) {
    return schema.columns().stream()
        .collect(
            Collectors.toMap(
                column -> column.name(),
                column ->
                    switch (column.type()) {
                      case STRING -> "string";
                      case INT -> "int";
                      case LONG -> "bigint";
                      case DOUBLE -> "double";
                      case BOOLEAN -> "boolean";
                      case BINARY -> "binary";
                      case TIMESTAMP -> "timestamp";
                      case DATE -> "date";
                      case PRICE -> "decimal(18,4)";
                    }));
  }
}
