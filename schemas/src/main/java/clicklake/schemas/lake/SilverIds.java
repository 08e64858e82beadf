package clicklake.schemas.lake;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads which events silver holds, by date and by commit; of the feed of events alone. */
public interface SilverIds extends Serializable {

  /** Which lake is meant; equal handles may share a cache. */
  LakeLocation lake();

  /**
   * Asks the storage for silver's newest version, unless this process knows it from a moment ago.
   * Takes as long as the storage takes to answer.
   */
  default void look() {}

  /** Silver's newest version that this process knows. */
  Version latest();

  /** Shows every event that silver holds at a version with an event date among these. */
  void scan(Version version, Set<LocalDate> dates, Visitor visitor);

  /**
   * Shows the files that commits after {@code since}, up to {@code until}, added with new rows.
   * Both versions must be of one table.
   *
   * @return false if the log no longer goes back that far; then only some were shown, if any
   */
  boolean showAdded(Version since, Version until, Consumer<AddedFile> visitor);

  /** Shows every event of some files. */
  void scan(List<AddedFile> files, Visitor visitor);

  /** Positions of these partitions that silver covers at the version last given as the latest. */
  Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions);

  /**
   * A version of a table.
   *
   * @param tableId the table's id in its log; empty if there is no table yet
   * @param number the version; -1 if there is no table yet
   */
  record Version(String tableId, long number) implements Serializable {
    /** Before the table exists. */
    public static final Version NONE = new Version("", -1);
  }

  /**
   * A file that a commit added.
   *
   * @param path relative to the table
   * @param date its event date
   * @param sizeBytes its length
   */
  record AddedFile(String path, LocalDate date, long sizeBytes) {}

  /** Is shown events. */
  interface Visitor {
    void event(long idHigh, long idLow, long eventMicros, long digest);
  }
}
