package clicklake.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import scala.collection.JavaConverters;

/**
 * Keeps one Spark session with delta-spark alive and answers SQL, a line of JSON for a line of
 * JSON.
 *
 * <p>A question on standard input is {@code {"sql": "..."}}. The answer on standard output is
 * {@code {"columns": [{"name": ..., "type": ...}], "rows": [[...]]}}, or {@code {"error": "..."}}.
 * The first line it writes, once Spark is up, is {@code {"ready": true}}. Timestamps and dates are
 * ISO strings (UTC), binaries Base64, decimals and non-finite numbers strings; a struct is an
 * object, a map an object whose keys are strings. The process ends with its standard input.
 */
public final class SparkReaderMain {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SparkReaderMain() {}

  /** Runs until the end of standard input; the only argument is a folder for temporary files. */
  public static void main(String[] args) throws IOException {
    PrintStream answers =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    System.setOut(System.err); // a library that prints must not end up between two answers
    try (BufferedReader questions =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SparkSession spark = session(Path.of(args[0]))) {
      // The first query loads several thousand classes; let that be part of starting.
      spark.sql("SELECT 1").collectAsList();
      write(answers, Map.of("ready", true));
      for (String line = questions.readLine(); line != null; line = questions.readLine()) {
        write(answers, answer(spark, line));
      }
    }
  }

  private static SparkSession session(Path temporary) {
    return SparkSession.builder()
        .master("local[2]")
        .appName("clicklake-spark-reader")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", temporary.resolve("local").toString())
        .config("spark.sql.warehouse.dir", temporary.resolve("warehouse").toUri().toString())
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.hadoop.fs.s3a.path.style.access", true)
        .config("spark.hadoop.fs.s3a.connection.ssl.enabled", false)
        .config("spark.hadoop.fs.s3a.endpoint.region", "us-east-1")
        // Where a bucket is, and its keys, a statement says.
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", true)
        .config("spark.default.parallelism", 2)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", 2)
        .config("spark.databricks.delta.snapshotPartitions", 1)
        // Tests read many small tables, each for a moment.
        .config("spark.databricks.delta.delta.log.cacheSize", 16)
        .config("spark.databricks.delta.delta.log.cacheRetentionMinutes", 5)
        .getOrCreate();
  }

  private static Map<String, Object> answer(SparkSession spark, String line) {
    try {
      JsonNode sql = JSON.readTree(line).path("sql");
      if (!sql.isTextual()) {
        return Map.of("error", "a question is {\"sql\": \"...\"}, not " + line);
      }
      Dataset<Row> result = spark.sql(sql.textValue());
      List<Map<String, String>> columns = new ArrayList<>();
      for (StructField field : result.schema().fields()) {
        columns.add(Map.of("name", field.name(), "type", field.dataType().catalogString()));
      }
      List<List<Object>> rows = new ArrayList<>();
      for (Row row : result.collectAsList()) {
        List<Object> values = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
          values.add(plain(row.get(i)));
        }
        rows.add(values);
      }
      return Map.of("columns", columns, "rows", rows);
    } catch (Exception | LinkageError failure) {
      // spark.sql throws checked exceptions it does not declare; the asking test decides what it
      // is.
      return Map.of("error", failure.toString());
    }
  }

  private static Object plain(Object value) {
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? value : value.toString();
    }
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Row row) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (int i = 0; i < row.size(); i++) {
        fields.put(row.schema().fieldNames()[i], plain(row.get(i)));
      }
      return fields;
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      Map<String, Object> entries = new LinkedHashMap<>();
      JavaConverters.mapAsJavaMap(map)
          .forEach((key, item) -> entries.put(String.valueOf(plain(key)), plain(item)));
      return entries;
    }
    if (value instanceof scala.collection.Iterable<?> items) {
      List<Object> list = new ArrayList<>();
      JavaConverters.asJavaIterable(items).forEach(item -> list.add(plain(item)));
      return list;
    }
    return value.toString(); // Instant, LocalDate, LocalDateTime, String: ISO forms by themselves
  }

  private static void write(PrintStream answers, Map<String, ?> answer) throws IOException {
    answers.println(JSON.writeValueAsString(answer));
    answers.flush();
  }
}
