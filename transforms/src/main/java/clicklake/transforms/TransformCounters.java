package clicklake.transforms;

import clicklake.schemas.contract.RejectReason;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;

/**
 * The transforms' counters, by the names that metrics systems show. Each is added to once a batch,
 * so that counting costs nothing. They count work: what a runner repeats counts again.
 */
public final class TransformCounters {
  private static final String PARSE = "parse";
  private static final String DEDUPE = "dedupe";
  private static final String GOLD = "gold";

  /** Records of the batches that arrived; those that silver covers already are not parsed. */
  public static final Counter RECORDS = Metrics.counter(PARSE, "records");

  /** Bytes of these records' values. */
  public static final Counter RECORD_BYTES = Metrics.counter(PARSE, "bytes");

  /** Valid events. */
  public static final Counter EVENTS = Metrics.counter(PARSE, "events");

  private static final List<Counter> REJECTS =
      Arrays.stream(RejectReason.values())
          .map(reason -> Metrics.counter(PARSE, "rejects_" + reason.code()))
          .toList();

  /** Events whose record claims to have arrived before the year 2000. */
  public static final Counter IMPLAUSIBLE_ARRIVALS = Metrics.counter(PARSE, "implausible_arrival");

  /** Events that were not known: rows proposed to silver. */
  public static final Counter ROWS = Metrics.counter(DEDUPE, "rows");

  /** Rows with other content than a known event of the same time: the committer chooses. */
  public static final Counter CONFLICTING_ROWS = Metrics.counter(DEDUPE, "conflicting_rows");

  /** Identical copies of known events. */
  public static final Counter COPIES = Metrics.counter(DEDUPE, "copies");

  /** Copies of known events at another time: duplicates with other content. */
  public static final Counter CONFLICTS = Metrics.counter(DEDUPE, "conflicts");

  /** Ids that the cache of silver's ids read from silver. */
  public static final Counter IDS_LOADED = Metrics.counter(DEDUPE, "ids_loaded");

  /** Ids that the cache forgot: of idle dates, or of a table that is no longer there. */
  public static final Counter IDS_FORGOTTEN = Metrics.counter(DEDUPE, "ids_forgotten");

  /** Rows of silver and of gold that refreshes read. */
  public static final Counter ROWS_READ = Metrics.counter(GOLD, "rows_read");

  /** Rows of gold that refreshes wrote to new files. */
  public static final Counter ROWS_WRITTEN = Metrics.counter(GOLD, "rows_written");

  /** Dates with new files in a committed table, for each table that has a date. */
  public static final Counter DATES_RECOMPUTED = Metrics.counter(GOLD, "dates_recomputed");

  private TransformCounters() {}

  /** Records that the contract refuses for this reason before others: {@code rejects_<reason>}. */
  public static Counter rejects(RejectReason reason) {
    return REJECTS.get(reason.ordinal());
  }

  /** Adds to a counter, if there is anything to add. */
  public static void add(Counter counter, long number) {
    if (number > 0) {
      counter.inc(number);
    }
  }
}
