package clicklake.io.append;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.offset.SourcePartition;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/**
 * One run of positions of one source partition, and the records in it. A position without a record
 * is a hole of the source; it is covered like the others.
 *
 * @param partition what was read: name, number, and which thing of that name is meant
 * @param from first position
 * @param to one past the last position
 * @param records what was found, by ascending position
 */
public record PositionedRecords(
    SourcePartition partition, long from, long to, List<Positioned> records) {

  /**
   * A record and where it was found.
   *
   * @param position its position within the partition: an offset, a line
   * @param record the record
   */
  public record Positioned(long position, GenericRecord record) {
    public Positioned {
      requireNonNull(record, "record");
    }
  }

  /**
   * @throws IllegalArgumentException if a record lies outside the run, or not above the one before
   */
  public PositionedRecords {
    requireNonNull(partition, "partition");
    records = List.copyOf(records);
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no run of " + partition + ": [" + from + ", " + to + ")");
    }
    long least = from;
    for (Positioned each : records) {
      if (each.position() < least || each.position() >= to) {
        throw new IllegalArgumentException(
            "position "
                + each.position()
                + " of "
                + partition
                + " is not within ["
                + least
                + ", "
                + to
                + ")");
      }
      least = each.position() + 1;
    }
  }
}
