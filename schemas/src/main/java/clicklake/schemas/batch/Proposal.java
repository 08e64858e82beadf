package clicklake.schemas.batch;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.SourcePartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A proposal to a table's committer: a written Parquet file, the positions it covers, and all that
 * the committer must know to check it. A proposal may be repeated, late, or lost; it decides
 * nothing.
 *
 * @param kind which table it is meant for
 * @param content the file; null if this is coverage alone (holes, duplicates)
 * @param createdAtMillis when it was written, milliseconds since 1970; also in the file's name
 * @param coverage the positions of its rows and of holes; positions of duplicates are not in it
 * @param endOffsets for partitions whose end was read (files): one past the last position
 * @param tableId id of the table that {@code asOf} speaks of; empty if there was no table yet
 * @param asOf version of the table that the writer knew; -1 if there was no table yet
 * @param keys for {@link Kind#EVENTS}: the event of each row, in the file's order
 * @param conflicting for {@link Kind#EVENTS}: indexes of rows of whose event the writer knew a copy
 *     with other content
 * @param duplicates for {@link Kind#EVENTS}: records that repeat an event
 */
public record Proposal(
    Kind kind,
    @Nullable DataFile content,
    long createdAtMillis,
    List<Coverage> coverage,
    Map<SourcePartition, Long> endOffsets,
    String tableId,
    long asOf,
    EventKeys keys,
    List<Integer> conflicting,
    Duplicates duplicates)
    implements ShardElement {

  /** Older files are refused: no snapshot that could still add them is that old. */
  public static final Duration MAX_AGE = Duration.ofDays(1);

  /** Which table a file is meant for. */
  public enum Kind {
    /** Records as received, for bronze. */
    RECORDS,
    /** Unique events, for silver. */
    EVENTS,
    /** Refused records, for silver's outbox and from there for quarantine. */
    REJECTS
  }

  public Proposal {
    requireNonNull(kind, "kind");
    coverage = List.copyOf(coverage);
    endOffsets = Map.copyOf(endOffsets);
    requireNonNull(tableId, "tableId");
    requireNonNull(keys, "keys");
    conflicting = List.copyOf(conflicting);
    requireNonNull(duplicates, "duplicates");
  }

  /** A file of records or of rejects, which carry no event keys. */
  public static Proposal of(
      Kind kind,
      @Nullable DataFile content,
      long createdAtMillis,
      List<Coverage> coverage,
      Map<SourcePartition, Long> endOffsets,
      String tableId,
      long asOf) {
    return new Proposal(
        kind,
        content,
        createdAtMillis,
        coverage,
        endOffsets,
        tableId,
        asOf,
        EventKeys.empty(),
        List.of(),
        Duplicates.none());
  }

  /** Every partition that the proposal speaks of. */
  public Set<SourcePartition> partitions() {
    Set<SourcePartition> all = new TreeSet<>(endOffsets.keySet());
    coverage.forEach(one -> all.add(one.partition()));
    all.addAll(duplicates.partitions());
    return all;
  }

  /** Rows of the file; 0 if this is coverage alone. */
  public long rows() {
    return content == null ? 0 : content.rows();
  }
}
