package clicklake.schemas.lake;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.Serializable;
import java.util.List;

/**
 * Opens writers for the rows of one bundle.
 *
 * <p>Every writer keeps at most one open file per date, opens files only when a row comes, and
 * hands out {@link Proposal}s when it is finished. Nothing it writes is part of a table before a
 * committer says so; a bundle that fails leaves stray files, which maintenance removes.
 */
public interface LakeWriters extends Serializable {

  /** A writer for records as received, for bronze. */
  Records openRecords();

  /** A writer for refused records, for silver's outbox. */
  Rejects openRejects();

  /** A writer for unique events, for silver; of the feed of events alone. */
  Events openEvents();

  /** What all writers share. */
  interface Writer extends AutoCloseable {
    /** Closes the files and says what was written; the writer is of no further use. */
    List<Proposal> finish();

    /** Gives up what {@link #finish()} has not handed out and deletes it; harmless afterwards. */
    @Override
    void close();
  }

  /** Writes records as received. */
  interface Records extends Writer {
    /** Adds the record that the cursor stands on. */
    void write(SourcePartition partition, RawBatch.Cursor record);

    /** Marks positions without a record as covered. */
    void cover(SourcePartition partition, OffsetRanges holes);

    /** Notes that the partition ends at this offset, exclusive. */
    void end(SourcePartition partition, long offset);

    /** Notes which version of the table the source knew; the lowest counts. */
    void seen(long version);
  }

  /** Writes refused records. */
  interface Rejects extends Writer {
    /** Adds the record that the cursor stands on with the reason of its refusal. */
    void write(SourcePartition partition, RawBatch.Cursor record, Reject reject);

    /** Marks positions that give no event (holes, blank lines) as covered. */
    void cover(SourcePartition partition, OffsetRanges positions);

    /** Notes that the partition ends at this offset, exclusive. */
    void end(SourcePartition partition, long offset);
  }

  /** Writes unique events. */
  interface Events extends Writer {
    /** Adds the event that the cursor stands on. */
    void write(EventBatch.Cursor event, boolean conflicting);

    /**
     * Adds a record that repeats an event.
     *
     * @param originalInSilver whether the event was seen in silver, not only on its way there
     * @param conflict whether the record has other content than the event
     */
    void duplicate(EventBatch.Cursor event, boolean originalInSilver, boolean conflict);

    /** Says what the decisions rest on: silver's version at the last refresh. */
    void asOf(SilverIds.Version version);
  }
}
