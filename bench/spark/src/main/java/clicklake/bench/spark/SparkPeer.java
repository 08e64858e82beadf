package clicklake.bench.spark;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.current_date;
import static org.apache.spark.sql.functions.current_timestamp;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.window;

import com.sun.management.OperatingSystemMXBean;
import io.delta.tables.DeltaTable;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * A native Spark job, {@code Trigger.AvailableNow}: one query whose {@code foreachBatch} writes
 * bronze, quarantine and silver with transaction ids, then a stateful one from silver to minutes.
 *
 * <p>Arguments: {@code SOURCE OUT [files=0] [state=rocksdb|heap] [cache=true|false]
 * [dedupe=task|agg] [parts=2] [codec=zstd|snappy] [level=3] [linesLevel=1]}; SOURCE is a folder of NDJSON, or
 * {@code kafka:HOST:PORT/TOPIC}; {@code files} is how many go into a micro-batch, 0 for all.
 *
 * <p>Tuned: JSON is read once, by Jackson's streaming parser, and the parsed frame is kept for the
 * two tables that need it; duplicates are dropped by one hash set per task after one exchange;
 * Delta writes statistics only of the columns that readers prune by; shuffle partitions are the
 * cores. Each batch reads the source twice, once for bronze. What it does not do: its tables are
 * each exactly-once by transaction id, as long as the checkpoint is there and a batch holds again
 * what it held; ids are remembered for ten minutes of event time; nothing names the source's
 * positions across tables or proves what became of them.
 */
public final class SparkPeer {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "files", "0", "state", "rocksdb", "cache", "true", "dedupe", "task", "parts", "2",
          "codec", "zstd", "level", "3", "linesLevel", "1");

  private static final int RECORDS_OF_A_FILE = 160_000;
  private static final String IDS_REMEMBERED = "10 minutes";

  private final SparkSession spark;
  private final String source;
  private final String out;
  private final Map<String, String> settings;

  private SparkPeer(SparkSession spark, String source, String out, Map<String, String> settings) {
    this.spark = spark;
    this.source = source;
    this.out = out;
    this.settings = settings;
  }

  /** Runs both queries and prints one line of JSON. */
  public static void main(String[] args) throws TimeoutException, StreamingQueryException {
    Map<String, String> settings = settings(args);
    SparkSession spark = session(args[1], settings);
    SparkPeer peer = new SparkPeer(spark, args[0], args[1], settings);
    peer.createTables();
    double startSeconds =
        (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
    long startCpu = cpuNanos();
    long start = System.nanoTime();
    peer.events().awaitTermination();
    long middle = System.nanoTime();
    peer.gold().awaitTermination();
    long end = System.nanoTime();
    System.out.println(
        String.format(
            Locale.ROOT,
            "{\"peer\":\"spark\",\"start_s\":%.2f,\"job_s\":%.2f,\"start_cpu_s\":%.2f,"
                + "\"job_cpu_s\":%.2f,\"events_s\":%.2f,\"gold_s\":%.2f}",
            startSeconds,
            (end - start) / 1e9,
            startCpu / 1e9,
            (cpuNanos() - startCpu) / 1e9,
            (middle - start) / 1e9,
            (end - middle) / 1e9));
    spark.stop();
  }

  private static Map<String, String> settings(String[] args) {
    Map<String, String> settings = new TreeMap<>(DEFAULTS);
    for (int i = 2; i < args.length; i++) {
      String[] pair = args[i].split("=", 2);
      if (pair.length != 2 || !DEFAULTS.containsKey(pair[0])) {
        throw new IllegalArgumentException(
            "settings are key=value with a key of " + DEFAULTS.keySet() + ", not " + args[i]);
      }
      settings.put(pair[0], pair[1]);
    }
    return settings;
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static SparkSession session(String out, Map<String, String> settings) {
    String stateStore = "org.apache.spark.sql.execution.streaming.state.";
    return SparkSession.builder()
        .master("local[2]")
        .appName("peer")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", settings.get("parts"))
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.sql.adaptive.coalescePartitions.enabled", "false")
        .config("spark.sql.parquet.compression.codec", settings.get("codec"))
        .config("spark.hadoop.parquet.compression.codec.zstd.level", settings.get("level"))
        .config("spark.io.compression.codec", "lz4")
        .config("spark.shuffle.compress", "true")
        .config("spark.sql.maxConcurrentOutputFileWriters", "16")
        .config("spark.sql.streaming.noDataMicroBatches.enabled", "false")
        .config(
            "spark.sql.streaming.stateStore.providerClass",
            stateStore
                + (settings.get("state").equals("rocksdb")
                    ? "RocksDBStateStoreProvider"
                    : "HDFSBackedStateStoreProvider"))
        .config("spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled", "true")
        .config("spark.sql.streaming.stateStore.rocksdb.trackTotalNumberOfRows", "false")
        .config("spark.sql.streaming.metricsEnabled", "false")
        .config("spark.cleaner.periodicGC.interval", "60min")
        .config("spark.sql.inMemoryColumnarStorage.compressed", "false")
        .config("spark.local.dir", out + "/_tmp")
        .config("spark.sql.warehouse.dir", out + "/_warehouse")
        .getOrCreate();
  }

  private void createTables() {
    create(
        "bronze",
        "raw STRING, ingest_time TIMESTAMP, source STRING, position BIGINT, ingest_date DATE",
        "ingest_date",
        "ingest_time");
    create(
        "quarantine",
        "raw STRING, reason STRING, ingest_time TIMESTAMP, source STRING, ingest_date DATE",
        "ingest_date",
        "ingest_time");
    create(
        "silver",
        "event_id STRING, schema_version INT, event_time TIMESTAMP, user_key STRING,"
            + " action STRING, page STRING, referrer STRING, device_type STRING, country STRING,"
            + " ip_key STRING, user_agent STRING, source STRING, product_id STRING, price DOUBLE,"
            + " _rescued_data STRING, ingest_time TIMESTAMP, event_date DATE",
        "event_date",
        "event_time");
    create(
        "gold",
        "minute TIMESTAMP, view BIGINT, click BIGINT, add_to_cart BIGINT, purchase BIGINT,"
            + " users BIGINT",
        "",
        "minute");
  }

  private void create(String table, String columns, String partition, String statistics) {
    spark.sql(
        "CREATE TABLE IF NOT EXISTS delta.`"
            + path(table)
            + "` ("
            + columns
            + ") USING delta"
            + (partition.isEmpty() ? "" : " PARTITIONED BY (" + partition + ")")
            + " TBLPROPERTIES('delta.dataSkippingStatsColumns'='"
            + statistics
            + "')");
  }

  private String path(String table) {
    return out + "/" + table;
  }

  private Dataset<Row> lines() {
    int files = Integer.parseInt(settings.get("files"));
    if (!source.startsWith("kafka:")) {
      DataStreamReader reader = spark.readStream();
      if (files > 0) {
        reader = reader.option("maxFilesPerTrigger", String.valueOf(files));
      }
      return reader
          .text(source)
          .select(
              col("value").as("raw"),
              col("_metadata.file_name").as("source"),
              col("_metadata.file_block_start").as("position"));
    }
    String[] place = source.substring("kafka:".length()).split("/", 2);
    DataStreamReader reader =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", place[0])
            .option("subscribe", place[1])
            .option("startingOffsets", "earliest")
            .option("failOnDataLoss", "true")
            .option("kafka.fetch.max.bytes", "52428800")
            .option("kafka.max.partition.fetch.bytes", "8388608")
            .option("kafka.max.poll.records", "5000");
    if (files > 0) {
      reader = reader.option("maxOffsetsPerTrigger", String.valueOf(files * RECORDS_OF_A_FILE));
    }
    return reader
        .load()
        .select(
            col("value").cast("string").as("raw"),
            concat(col("topic"), lit("-"), col("partition")).as("source"),
            col("offset").as("position"));
  }

  private StreamingQuery events() throws TimeoutException {
    VoidFunction2<Dataset<Row>, Long> writeBatch = this::writeBatch;
    return write(lines(), "events").foreachBatch(writeBatch).start();
  }

  private void writeBatch(Dataset<Row> lines, Long batch) {
    append(
        lines
            .withColumn("ingest_time", current_timestamp())
            .withColumn("ingest_date", to_date(col("ingest_time")))
            .select("raw", "ingest_time", "source", "position", "ingest_date"),
        "bronze",
        batch,
        "ingest_date");
    boolean cache = Boolean.parseBoolean(settings.get("cache"));
    // The frame that is kept holds the line only where it is refused.
    Dataset<Row> parsed =
        ParseLines.of(lines.withColumnRenamed("source", "line_source"))
            .withColumn("raw", when(col("reason").isNotNull(), col("raw")));
    if (cache) {
      parsed = parsed.persist(StorageLevel.MEMORY_AND_DISK());
    }
    append(
        parsed
            .filter(col("reason").isNotNull())
            .select(
                col("raw"),
                col("reason"),
                current_timestamp().as("ingest_time"),
                col("line_source").as("source"),
                current_date().as("ingest_date")),
        "quarantine",
        batch,
        "ingest_date");
    Dataset<Row> valid = parsed.filter(col("reason").isNull()).drop("raw", "line_source", "reason");
    Dataset<Row> unique =
        settings.get("dedupe").equals("task")
            ? valid
                .repartition(Integer.parseInt(settings.get("parts")), col("event_id"))
                .filter(
                    udf(new FirstSeen(), DataTypes.BooleanType)
                        .asNondeterministic()
                        .apply(col("event_id")))
            : valid.dropDuplicates("event_id");
    if (batch > 0) {
      unique = withoutEarlier(unique, valid);
    }
    append(silver(unique), "silver", batch, "event_date");
    if (cache) {
      parsed.unpersist();
    }
  }

  /** Drops events of earlier batches, looking only at what may hold a duplicate by its time. */
  private Dataset<Row> withoutEarlier(Dataset<Row> unique, Dataset<Row> valid) {
    Object earliest = valid.agg(min("event_time")).first().get(0);
    Dataset<Row> earlier =
        spark
            .read()
            .format("delta")
            .load(path("silver"))
            .filter(col("event_time").geq(lit(earliest).minus(expr("interval " + IDS_REMEMBERED))))
            .select("event_id");
    return unique.join(
        earlier, unique.col("event_id").equalTo(earlier.col("event_id")), "left_anti");
  }

  private static Dataset<Row> silver(Dataset<Row> events) {
    return events
        .withColumn("user_key", sha2(col("user_id"), 256))
        .withColumn("ip_key", sha2(col("ip_hash"), 256))
        .withColumn("ingest_time", current_timestamp())
        .withColumn("event_date", to_date(col("event_time")))
        .select(
            "event_id",
            "schema_version",
            "event_time",
            "user_key",
            "action",
            "page",
            "referrer",
            "device_type",
            "country",
            "ip_key",
            "user_agent",
            "source",
            "product_id",
            "price",
            "_rescued_data",
            "ingest_time",
            "event_date");
  }

  private StreamingQuery gold() throws TimeoutException {
    Dataset<Row> minutes =
        spark
            .readStream()
            .format("delta")
            .load(path("silver"))
            .select("event_time", "action", "user_key")
            .withWatermark("event_time", IDS_REMEMBERED)
            .groupBy(window(col("event_time"), "1 minute"))
            .agg(
                countOf("view"),
                countOf("click"),
                countOf("add_to_cart"),
                countOf("purchase"),
                approx_count_distinct("user_key", 0.02).as("users"))
            .withColumn("minute", col("window.start"))
            .select("minute", "view", "click", "add_to_cart", "purchase", "users");
    VoidFunction2<Dataset<Row>, Long> merge =
        (batch, id) ->
            DeltaTable.forPath(spark, path("gold"))
                .as("t")
                .merge(batch.as("s"), "t.minute = s.minute")
                .whenMatched()
                .updateAll()
                .whenNotMatched()
                .insertAll()
                .execute();
    return write(minutes, "gold").outputMode("update").foreachBatch(merge).start();
  }

  private static Column countOf(String action) {
    return sum(when(col("action").equalTo(action), 1L).otherwise(0L)).as(action);
  }

  private DataStreamWriter<Row> write(Dataset<Row> rows, String query) {
    return rows.writeStream()
        .queryName(query)
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", out + "/_checkpoints/" + query);
  }

  private void append(Dataset<Row> rows, String table, long batch, String partition) {
    // Lines as received are so like each other that the lightest level makes them no larger.
    boolean lines = table.equals("bronze") || table.equals("quarantine");
    rows.sparkSession()
        .conf()
        .set(
            "parquet.compression.codec.zstd.level", settings.get(lines ? "linesLevel" : "level"));
    rows.write()
        .format("delta")
        .mode("append")
        .partitionBy(partition)
        .option("txnAppId", "peer-" + table)
        .option("txnVersion", batch)
        .save(path(table));
  }
}
