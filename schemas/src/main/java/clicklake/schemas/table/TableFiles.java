package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The data files of one table, in it or only proposed. */
public interface TableFiles {

  /** Whether a file is there, in the table or not. */
  boolean exists(String path);

  /**
   * Shows files one after the other. Where each read waits for a network, the small ones among the
   * next files are fetched meanwhile; what the visitor reads of them is then in memory.
   */
  default void readEach(List<DataFile> files, Consumer<DataFile> visitor) {
    files.forEach(visitor);
  }

  /**
   * How many rows a file has: what its statistics tell, or else what the file itself tells.
   *
   * @throws LakeException if the file must be read and cannot be
   */
  long countRows(DataFile file);

  /**
   * Position, arrival and, for events, key and digest of every row, in the file's order.
   *
   * @throws LakeException if the file cannot be read
   */
  List<RowFacts> rows(DataFile file);

  /**
   * Which generations of landing files a file has rows of.
   *
   * @throws LakeException if the file cannot be read
   */
  Collection<LandedGeneration> landed(DataFile file);

  /**
   * Writes a copy of a file without some of its rows, under a new name of the same date; the
   * original stays.
   *
   * @param file the original
   * @param dropped rows to leave out
   * @param createdAtMillis when the new file is created
   * @return the copy
   */
  DataFile rewriteWithout(DataFile file, Predicate<RowFacts> dropped, long createdAtMillis);

  /** Deletes a proposed file that will not be committed; no error if it is not there. */
  void delete(String path);

  /**
   * What a committer must know of a row.
   *
   * @param source {@code _source}
   * @param partition {@code _partition}
   * @param offset {@code _offset}
   * @param arrivalMicros {@code _ingested_at}
   * @param idHigh upper half of the event id; 0 where the table has no events
   * @param idLow lower half of the event id
   * @param eventMicros event time
   * @param digest digest of the content
   */
  record RowFacts(
      String source,
      int partition,
      long offset,
      long arrivalMicros,
      long idHigh,
      long idLow,
      long eventMicros,
      long digest)
      implements Comparable<RowFacts> {

    /** The partition's name in ledgers. */
    public String partitionName() {
      return source + "/" + partition;
    }

    /** By rank: arrival, source, partition, offset. */
    @Override
    public int compareTo(RowFacts other) {
      int order = Long.compare(arrivalMicros, other.arrivalMicros);
      if (order == 0) {
        order = source.compareTo(other.source);
      }
      if (order == 0) {
        order = Integer.compare(partition, other.partition);
      }
      return order == 0 ? Long.compare(offset, other.offset) : order;
    }
  }
}
