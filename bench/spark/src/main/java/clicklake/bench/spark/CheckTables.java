package clicklake.bench.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Compares a peer's tables with the generator's counts.
 *
 * <p>Arguments: {@code TABLES EXPECTED_JSON delta|parquet}. Prints one line of JSON with {@code
 * verified}, the number of {@code checks}, and what is {@code wrong}. Users of a minute may be
 * estimated; their sum must lie within 3 %.
 */
public final class CheckTables {
  private static final List<String> ACTIONS = List.of("view", "click", "add_to_cart", "purchase");
  private static final double USERS_TOLERANCE = 0.03;

  private final SparkSession spark;
  private final String tables;
  private final String format;
  private final JsonNode expected;
  private final List<String> wrong = new ArrayList<>();
  private int checks;

  private CheckTables(SparkSession spark, String tables, String format, JsonNode expected) {
    this.spark = spark;
    this.tables = tables;
    this.format = format;
    this.expected = expected;
  }

  /** Checks everything; the exit code is 0 even if something is wrong. */
  public static void main(String[] args) throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode expected = json.readTree(Path.of(args[1]).toFile());
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()) {
      CheckTables check = new CheckTables(spark, args[0], args[2], expected);
      check.all();
      System.out.println(
          json.writeValueAsString(
              Map.of(
                  "verified",
                  check.wrong.isEmpty(),
                  "checks",
                  check.checks,
                  "wrong",
                  String.join("; ", check.wrong))));
    }
  }

  private void all() {
    equal("bronze", read("bronze").count(), "lines");
    equal("quarantine", read("quarantine").count(), "invalid");
    checkSilver();
    checkGold();
  }

  private void checkSilver() {
    Dataset<Row> silver = read("silver");
    Row row =
        silver
            .agg(
                count(lit(1)),
                countDistinct("event_id"),
                count("_rescued_data"),
                min(length(col("user_key"))))
            .first();
    equal("silver", row.getLong(0), "distinct");
    equal("silver's ids", row.getLong(1), "distinct");
    equal("silver's rescued data", row.getLong(2), "rescued");
    equal("length of a key", ((Number) row.get(3)).longValue(), 64);
    for (Row action : silver.groupBy("action").count().collectAsList()) {
      equal("silver's " + action.getString(0), action.getLong(1), action.getString(0));
    }
  }

  private void checkGold() {
    Dataset<Row> gold = read("gold");
    for (String action : ACTIONS) {
      equal("gold's " + action, gold.agg(sum(action)).first().getLong(0), action);
    }
    Row row = gold.agg(count(lit(1)), countDistinct("minute"), sum("users")).first();
    equal("gold", row.getLong(0), "minutes");
    equal("gold's minutes", row.getLong(1), "minutes");
    double ratio = row.getLong(2) / expected.get("users_per_minute_sum").asDouble();
    checks++;
    if (Math.abs(ratio - 1) > USERS_TOLERANCE) {
      wrong.add("gold's users are " + ratio + " of those expected");
    }
  }

  private Dataset<Row> read(String table) {
    return spark
        .read()
        .format(format)
        .option("recursiveFileLookup", format.equals("parquet") && !table.equals("gold"))
        .load(tables + "/" + table);
  }

  private void equal(String what, long found, String key) {
    equal(what, found, expected.path(key).asLong(-1));
  }

  private void equal(String what, long found, long wanted) {
    checks++;
    if (found != wanted) {
      wrong.add(what + ": " + found + ", not " + wanted);
    }
  }
}
