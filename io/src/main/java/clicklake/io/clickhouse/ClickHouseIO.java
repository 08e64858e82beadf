package clicklake.io.clickhouse;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.table.Backoff;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes elements to ClickHouse as rows of a table.
 *
 * <pre>{@code
 * readings.apply(
 *     ClickHouseIO.<Reading>write(ClickHouseSettings.of("http://localhost:8123"))
 *         .into("weather.readings", "station", "measured_at", "celsius")
 *         .withValues(reading -> List.of(reading.station(), reading.at(), reading.celsius())));
 * }</pre>
 *
 * <p><b>Guarantee.</b> Each row is inserted at least once: a bundle that the runner repeats, and an
 * insert whose answer was lost, insert rows again. In a {@code ReplacingMergeTree} whose sorting
 * key and version are functions of the element, that changes nothing, and the result is exactly
 * once.
 *
 * <p><b>A server that is away</b> holds up the pipeline: an insert is tried again, with growing
 * pauses, for {@link Write#withRetryFor}, and then fails the bundle. {@link Write#withLatestOf}
 * never holds up anything: of rows with the same key the newest waits in memory until the server
 * takes it, and is lost with the process. That is for figures that are put again and again.
 *
 * <p>What does not depend on time (a wrong password, a missing table or column) fails at once.
 * Values are those of {@link RowText}.
 */
public final class ClickHouseIO {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseIO.class);

  private ClickHouseIO() {}

  /** Writes to a server; {@link Write#into} and {@link Write#withValues} say what. */
  public static <T> Write<T> write(ClickHouseSettings settings) {
    return new Write<>(settings, null, null, null, null, 10_000, Duration.ofMinutes(5));
  }

  /**
   * Waits until rows of {@link Write#withLatestOf} that this process has for a server are sent, but
   * no longer than so: at the end of a job.
   *
   * @return whether all are sent
   */
  public static boolean awaitSent(ClickHouseSettings settings, Duration atMost)
      throws InterruptedException {
    return LatestRows.of(settings).awaitSent(atMost);
  }

  /**
   * A table and some of its columns; the others have their defaults.
   *
   * @param table with its database
   */
  public record Target(String table, List<String> columns) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Target {
      columns = List.copyOf(columns);
    }
  }

  /** A write that is being described. */
  public static final class Write<T> extends PTransform<PCollection<T>, PDone> {
    private static final long serialVersionUID = 1L;

    private final ClickHouseSettings settings;
    private final @Nullable SerializableFunction<T, Target> target;
    private final @Nullable SerializableFunction<T, List<@Nullable Object>> values;
    private final @Nullable SerializableFunction<T, String> key;
    private final @Nullable SerializableFunction<T, Long> version;
    private final int maxRows;
    private final Duration retryFor;

    private Write(
        ClickHouseSettings settings,
        @Nullable SerializableFunction<T, Target> target,
        @Nullable SerializableFunction<T, List<@Nullable Object>> values,
        @Nullable SerializableFunction<T, String> key,
        @Nullable SerializableFunction<T, Long> version,
        int maxRows,
        Duration retryFor) {
      this.settings = requireNonNull(settings, "settings");
      this.target = target;
      this.values = values;
      this.key = key;
      this.version = version;
      this.maxRows = maxRows;
      this.retryFor = retryFor;
    }

    /**
     * The table, with its database, and the columns that are written; others have their defaults.
     */
    public Write<T> into(String table, String... columns) {
      Target one = new Target(table, List.of(columns));
      return into(element -> one);
    }

    /** The table of each element. */
    public Write<T> into(SerializableFunction<T, Target> targetOf) {
      return new Write<>(settings, targetOf, values, key, version, maxRows, retryFor);
    }

    /** The values of an element's row, in the order of the columns. */
    public Write<T> withValues(SerializableFunction<T, List<@Nullable Object>> valuesOf) {
      return new Write<>(settings, target, valuesOf, key, version, maxRows, retryFor);
    }

    /**
     * Never waits for the server: of elements with one key the newest is sent when it can be.
     *
     * @param versionOf the element with the higher version is the newer, in whatever order they
     *     come
     */
    public Write<T> withLatestOf(
        SerializableFunction<T, String> keyOf, SerializableFunction<T, Long> versionOf) {
      return new Write<>(settings, target, values, keyOf, versionOf, maxRows, retryFor);
    }

    /** How many rows an insert holds at most; 10,000 if not said. A bundle ends with one. */
    public Write<T> withMaxRows(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("an insert holds at least one row, not " + rows);
      }
      return new Write<>(settings, target, values, key, version, rows, retryFor);
    }

    /** How long an insert is tried again before it fails the bundle; 5 minutes if not said. */
    public Write<T> withRetryFor(Duration duration) {
      return new Write<>(settings, target, values, key, version, maxRows, duration);
    }

    @Override
    public PDone expand(PCollection<T> elements) {
      if (target == null || values == null) {
        throw new IllegalArgumentException("a write to ClickHouse needs into(…) and withValues(…)");
      }
      elements.apply(
          "WriteRows", ParDo.of(key == null ? new InsertFn<>(this) : new PutLatestFn<>(this)));
      return PDone.in(elements.getPipeline());
    }

    private Target targetOf(T element) {
      return requireNonNull(target).apply(element);
    }

    private List<@Nullable Object> valuesOf(T element) {
      return requireNonNull(values).apply(element);
    }

    private String keyOf(T element) {
      return requireNonNull(key).apply(element);
    }

    private long versionOf(T element) {
      return requireNonNull(version).apply(element);
    }
  }

  /** Inserts a bundle's rows, and waits for the server. */
  private static final class InsertFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final Counter written = Metrics.counter(ClickHouseIO.class, "rows_written");
    private final Counter triedAgain = Metrics.counter(ClickHouseIO.class, "inserts_tried_again");
    private final Write<T> write;
    private transient @Nullable ClickHouseClient client;
    private transient Map<Target, List<List<@Nullable Object>>> rows = new LinkedHashMap<>();

    InsertFn(Write<T> write) {
      this.write = write;
    }

    @Setup
    public void setup() {
      client = new ClickHouseClient(write.settings);
    }

    @StartBundle
    public void startBundle() {
      rows = new LinkedHashMap<>();
    }

    @ProcessElement
    public void process(@Element T element) throws InterruptedException {
      Target target = write.targetOf(element);
      List<List<@Nullable Object>> waiting =
          rows.computeIfAbsent(target, table -> new ArrayList<>());
      waiting.add(write.valuesOf(element));
      if (waiting.size() >= write.maxRows) {
        insert(target, waiting);
        rows.remove(target);
      }
    }

    @FinishBundle
    public void finishBundle() throws InterruptedException {
      for (Map.Entry<Target, List<List<@Nullable Object>>> waiting : rows.entrySet()) {
        insert(waiting.getKey(), waiting.getValue());
      }
      rows = new LinkedHashMap<>();
    }

    private void insert(Target target, List<List<@Nullable Object>> all)
        throws InterruptedException {
      long deadline = System.nanoTime() + write.retryFor.toNanos();
      for (int failures = 0; ; failures++) {
        try {
          requireNonNull(client).insert(target.table(), target.columns(), all);
          written.inc(all.size());
          return;
        } catch (ClickHouseException e) {
          if (!e.isPassing() || System.nanoTime() - deadline >= 0) {
            throw e;
          }
          if (failures == 0) {
            LOG.warn("{}; trying again for {}", e.getMessage(), write.retryFor);
          }
          triedAgain.inc();
          Backoff.upTo(Duration.ofMillis(200L << Math.min(failures, 6)));
        }
      }
    }
  }

  /** Puts rows where the newest of each key is sent from. */
  private static final class PutLatestFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final Counter put = Metrics.counter(ClickHouseIO.class, "rows_put");
    private final Write<T> write;

    PutLatestFn(Write<T> write) {
      this.write = write;
    }

    @ProcessElement
    public void process(@Element T element) {
      LatestRows.of(write.settings)
          .put(
              write.targetOf(element),
              write.keyOf(element),
              write.versionOf(element),
              write.valuesOf(element));
      put.inc();
    }
  }
}
