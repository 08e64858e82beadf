package clicklake.io.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Apache Spark with delta-spark in a child process: what it reads from a table, and what it does to
 * one, is the word of an engine that is not ours.
 *
 * <p>One session answers one statement after the other, in the time zone UTC. Values arrive as:
 * every integer type a {@code Long}, float and double a {@code Double} (NaN and the infinities a
 * {@code String}), decimals their plain text, timestamps and dates ISO text ({@code
 * 2024-01-01T10:00:00.123456Z}), binaries Base64, arrays lists, structs and maps maps with text
 * keys, null null. Tables are named by their folder, or by their location in a store that was made
 * known ({@link #reach}).
 */
public final class SparkReader implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);
  private static final List<String> OPENED_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  /** Stands behind the last answer of a process that has ended. */
  private static final String ENDED = "";

  private static @Nullable SparkReader shared;

  private final Path folder;
  private final ChildProcess process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  private SparkReader() throws IOException {
    String classPath = ServiceClassPath.of("spark-reader");
    folder = Files.createTempDirectory("clicklake-spark-");
    process =
        ChildProcess.java("clicklake.services.SparkReaderMain")
            .name("Spark reader")
            .classPath(classPath)
            .flags("-Xmx1536m", "-XX:+UseSerialGC", "-Duser.timezone=UTC")
            // Half the processor time of a short session is the optimising compiler's.
            .flags("-XX:TieredStopAtLevel=1")
            .flags(opens())
            .arguments(folder.toString())
            .environment("SPARK_LOCAL_IP", "127.0.0.1")
            .log(folder.resolve("spark.log"))
            .standardOutputTo(answers::add)
            .start();
    process.whenEnded(() -> answers.add(ENDED));
  }

  /** What a JVM has to open for Spark. */
  static String[] opens() {
    return OPENED_PACKAGES.stream()
        .map(opened -> "--add-opens=java.base/" + opened + "=ALL-UNNAMED")
        .toArray(String[]::new);
  }

  /**
   * The reader of this test JVM: started at the first call, stopped when the JVM ends, and started
   * anew if it has died.
   */
  public static synchronized SparkReader shared() {
    SparkReader reader = shared;
    if (reader == null || !reader.process.isAlive()) {
      if (reader != null) {
        reader.close();
      }
      reader = startNew();
      shared = reader;
      Runtime.getRuntime().addShutdownHook(new Thread(reader::close, "close-shared-spark"));
    }
    return reader;
  }

  /** Starts a reader of the caller's own, who closes it. Takes five seconds and more. */
  public static SparkReader startNew() {
    SparkReader reader;
    try {
      reader = new SparkReader();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make a folder for the Spark reader", failure);
    }
    try {
      reader.nextAnswer("its start", PATIENCE);
      return reader;
    } catch (RuntimeException | Error failure) {
      reader.close();
      throw failure;
    }
  }

  /**
   * Spark refused a statement, or failed in it; the message has the statement and Spark's words.
   */
  public static final class StatementFailed extends RuntimeException {
    private StatementFailed(String sql, String error) {
      super(error + "\nin: " + sql);
    }
  }

  /**
   * Runs one statement.
   *
   * @return its rows, each a map in the order of its columns
   * @throws StatementFailed when Spark fails in it
   * @throws IllegalStateException when Spark dies or takes over three minutes; it is then ended
   */
  public List<Map<String, @Nullable Object>> sql(String sql) {
    JsonNode answer = ask(sql);
    List<String> names = new ArrayList<>();
    answer.path("columns").forEach(column -> names.add(column.path("name").textValue()));
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("rows")) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), JSON.convertValue(row.get(i), Object.class));
      }
      rows.add(Collections.unmodifiableMap(values));
    }
    return rows;
  }

  /** Every row of a table as it is now, in no order. */
  public List<Map<String, @Nullable Object>> read(Path table) {
    return read(location(table));
  }

  /** The same of a table at a location. */
  public List<Map<String, @Nullable Object>> read(String table) {
    return sql("SELECT * FROM " + name(table));
  }

  /** Every row of a table as of a version, in no order. */
  public List<Map<String, @Nullable Object>> readVersion(Path table, long version) {
    return readVersion(location(table), version);
  }

  /** The same of a table at a location. */
  public List<Map<String, @Nullable Object>> readVersion(String table, long version) {
    return sql("SELECT * FROM " + name(table) + " VERSION AS OF " + version);
  }

  /** The number of a table's rows. */
  public long count(Path table) {
    return count(location(table));
  }

  /** The same of a table at a location. */
  public long count(String table) {
    return (Long) single("SELECT count(*) AS count FROM " + name(table), "count");
  }

  /** The columns of a table in order, each with its type in Spark's words ({@code bigint} …). */
  public Map<String, String> schema(Path table) {
    return schema(location(table));
  }

  /** The same of a table at a location. */
  public Map<String, String> schema(String table) {
    Map<String, String> columns = new LinkedHashMap<>();
    ask("SELECT * FROM " + name(table) + " LIMIT 0")
        .path("columns")
        .forEach(
            column ->
                columns.put(column.path("name").textValue(), column.path("type").textValue()));
    return columns;
  }

  /** The commits of a table, newest first, as {@code DESCRIBE HISTORY} gives them. */
  public List<Map<String, @Nullable Object>> history(Path table) {
    return history(location(table));
  }

  /** The same of a table at a location. */
  public List<Map<String, @Nullable Object>> history(String table) {
    return sql("DESCRIBE HISTORY " + name(table));
  }

  /** The table's newest version. */
  public long version(Path table) {
    return version(location(table));
  }

  /** The same of a table at a location. */
  public long version(String table) {
    return (Long) single("DESCRIBE HISTORY " + name(table) + " LIMIT 1", "version");
  }

  /** Compacts the files of a table. */
  public List<Map<String, @Nullable Object>> optimize(Path table) {
    return optimize(location(table));
  }

  /** The same of a table at a location. */
  public List<Map<String, @Nullable Object>> optimize(String table) {
    return sql("OPTIMIZE " + name(table));
  }

  /** Sets a table back to a version, by a new commit. */
  public void restore(Path table, long version) {
    sql("RESTORE TABLE " + name(table) + " TO VERSION AS OF " + version);
  }

  /** Deletes the rows for which an SQL predicate holds. */
  public void delete(Path table, String predicate) {
    sql("DELETE FROM " + name(table) + " WHERE " + predicate);
  }

  /** How SQL calls the Delta table in a folder: {@code delta.`/folder`}. */
  public static String name(Path table) {
    return name(location(table));
  }

  /** How SQL calls the Delta table at a location, such as {@code s3a://bucket/lake/table}. */
  public static String name(String table) {
    return "delta.`" + table.replace("`", "``") + "`";
  }

  private static String location(Path table) {
    return table.toAbsolutePath().toString();
  }

  /** From now on statements reach a bucket of this store by {@code s3a://}. */
  public void reach(ObjectStore store, String bucket) {
    String setting = "SET `fs.s3a.bucket." + bucket + ".%s`=`%s`";
    sql(setting.formatted("endpoint", store.endpoint()));
    sql(setting.formatted("access.key", ObjectStore.ACCESS_KEY));
    sql(setting.formatted("secret.key", ObjectStore.SECRET_KEY));
  }

  /** The process, to kill, to suspend, or to read the log of. */
  public ChildProcess process() {
    return process;
  }

  /** Ends Spark and deletes its temporary files. */
  @Override
  public void close() {
    process.close();
    TemporaryFolder.delete(folder);
  }

  private Object single(String sql, String column) {
    Object value = sql(sql).get(0).get(column);
    if (value == null) {
      throw new StatementFailed(sql, "null in " + column);
    }
    return value;
  }

  private synchronized JsonNode ask(String sql) {
    process.writeLine(JSON.createObjectNode().put("sql", sql).toString());
    JsonNode answer = nextAnswer(sql, PATIENCE);
    if (answer.has("error")) {
      throw new StatementFailed(sql, answer.path("error").textValue());
    }
    return answer;
  }

  private JsonNode nextAnswer(String question, Duration timeout) {
    try {
      String line = answers.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        // An answer that comes later must not be taken for the next one.
        process.kill9();
        throw process.failure("gave no answer within " + timeout + " to " + question);
      }
      if (line.equals(ENDED)) {
        answers.add(ENDED);
        throw process.failure("ended before it answered " + question);
      }
      return JSON.readTree(line);
    } catch (JsonProcessingException garbled) {
      throw new IllegalStateException("The Spark reader's answer is not JSON", garbled);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      process.kill9();
      throw new IllegalStateException("Interrupted while waiting for Spark", interrupted);
    }
  }
}
