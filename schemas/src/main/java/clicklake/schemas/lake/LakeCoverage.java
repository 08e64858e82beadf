package clicklake.schemas.lake;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the lake covers of its sources: where readers start, and what they need not hand on. The
 * lake is the only checkpoint; readers ask it and nobody else.
 */
public interface LakeCoverage extends Serializable {

  /** Which lake is meant. */
  LakeLocation lake();

  /** Which of the lake's feeds is meant. */
  Feed feed();

  /** Reads both ledgers as they are now. */
  View read();

  /**
   * The landing files that bronze holds rows of, for files that the ledgers no longer list. All
   * dates are searched: a path may have been replaced on another day.
   *
   * @param sources paths of interest
   * @return of each such path, its generations
   */
  Map<String, List<Generation>> retired(Set<String> sources);

  /**
   * The records that bronze holds at some positions, as they were received. Positions that bronze
   * covers without a row were holes of the source.
   *
   * @param mostBytes when the records have this many bytes, those of higher positions are left out;
   *     one record may exceed it
   */
  BronzeRecords bronzeRecords(SourcePartition partition, OffsetRanges positions, int mostBytes);

  /**
   * Records found in bronze.
   *
   * @param records by ascending position
   * @param before none is missing at positions below this; {@link Long#MAX_VALUE} if none is at all
   */
  record BronzeRecords(List<BronzeRecord> records, long before) {
    public static final BronzeRecords NONE = new BronzeRecords(List.of(), Long.MAX_VALUE);

    public BronzeRecords {
      records = List.copyOf(records);
    }
  }

  /**
   * A record as bronze keeps it.
   *
   * @param offset its position
   * @param arrivalMillis when it arrived at its source
   * @param key its key as received
   * @param headers its headers as JSON
   * @param value its bytes as received
   */
  record BronzeRecord(
      long offset,
      long arrivalMillis,
      byte @Nullable [] key,
      @Nullable String headers,
      byte @Nullable [] value) {

    /** Bytes of key, headers and value. */
    public long size() {
      return (key == null ? 0 : key.length)
          + (headers == null ? 0 : headers.length())
          + (value == null ? 0 : value.length);
    }
  }

  /**
   * A generation of a landing file found in bronze's rows.
   *
   * @param arrivalMillis the file's modification time
   * @param size the file's bytes; -1 where it is not known, as in files that another engine rewrote
   */
  record Generation(int number, long arrivalMillis, long size) {}

  /**
   * Both ledgers at one moment.
   *
   * @param bronzeVersion bronze's version; -1 if there is no table
   * @param bronze coverage by partition
   * @param silver coverage by partition
   * @param finished files that were read to their end and are covered in both tables
   * @param retiredPartitions how many finished files the ledgers no longer list
   */
  record View(
      long bronzeVersion,
      Map<SourcePartition, OffsetRanges> bronze,
      Map<SourcePartition, OffsetRanges> silver,
      Set<SourcePartition> finished,
      long retiredPartitions) {

    public View {
      bronze = Map.copyOf(bronze);
      silver = Map.copyOf(silver);
      finished = Set.copyOf(finished);
    }

    /** An empty lake. */
    public static View empty() {
      return new View(-1, Map.of(), Map.of(), Set.of(), 0);
    }

    /** What both tables cover of a partition, for stamping batches. */
    public RawBatch.Seen seen(SourcePartition partition) {
      return new RawBatch.Seen(
          bronze.getOrDefault(partition, OffsetRanges.empty()),
          silver.getOrDefault(partition, OffsetRanges.empty()),
          bronzeVersion);
    }

    /** Positions that both tables cover; nobody needs to read them again. */
    public OffsetRanges covered(SourcePartition partition) {
      return bronze
          .getOrDefault(partition, OffsetRanges.empty())
          .intersection(silver.getOrDefault(partition, OffsetRanges.empty()));
    }

    /** The lowest position that not both tables cover: where a reader starts. */
    public long next(SourcePartition partition) {
      OffsetRanges covered = covered(partition);
      return !covered.isEmpty() && covered.first() == 0 ? covered.to(0) : 0;
    }

    /** Every partition that a ledger lists of this source. */
    public Set<SourcePartition> partitionsOf(String source) {
      Set<SourcePartition> found = new TreeSet<>();
      for (SourcePartition partition : bronze.keySet()) {
        if (partition.source().equals(source)) {
          found.add(partition);
        }
      }
      for (SourcePartition partition : silver.keySet()) {
        if (partition.source().equals(source)) {
          found.add(partition);
        }
      }
      return found;
    }
  }
}
