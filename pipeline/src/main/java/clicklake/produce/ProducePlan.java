package clicklake.produce;

import java.time.Instant;

/**
 * What to produce. Equal plans give byte-identical records, on any machine and at any time.
 *
 * @param seed of all chance
 * @param records in all, duplicates and broken ones included; blank lines are no records
 * @param users how many shoppers there are
 * @param startTime when the first click may happen
 * @param days how many days the clicks are spread over, more or less; 0 for shoppers who come again
 *     after some hours
 * @param duplicates share of records that repeat an earlier one byte for byte
 * @param late share of events that arrive minutes to hours after later ones
 * @param broken share of records that the contract rejects
 * @param unknownFields share of events with fields that the contract lacks
 * @param form whether records are lines of files or values of messages
 * @param maxRecordSize in bytes; the few oversized records are larger than this
 */
public record ProducePlan(
    long seed,
    long records,
    int users,
    Instant startTime,
    int days,
    double duplicates,
    double late,
    double broken,
    double unknownFields,
    Form form,
    int maxRecordSize) {

  /** How a record is carried. */
  public enum Form {
    /** Lines of a file: none is empty, some end in a CR, and blank lines stand between them. */
    LINES,
    /** Values of messages: some broken ones are empty. */
    VALUES
  }

  public ProducePlan {
    if (records < 0 || users < 1 || days < 0 || maxRecordSize < 1) {
      throw new IllegalArgumentException(
          "records "
              + records
              + ", users "
              + users
              + ", days "
              + days
              + ", maxRecordSize "
              + maxRecordSize);
    }
    for (double share : new double[] {duplicates, late, broken, unknownFields}) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("not a share: " + share);
      }
    }
  }

  /** The shares of the command line's defaults, as lines, one user for every hundred records. */
  public static ProducePlan of(long seed, long records) {
    return new ProducePlan(
        seed,
        records,
        (int) Math.max(10, Math.min(1_000_000, records / 100)),
        Instant.parse("2024-01-01T00:00:00Z"),
        0,
        0.02,
        0.02,
        0.01,
        0.02,
        Form.LINES,
        1 << 20);
  }

  /** The same with other shares of trouble. */
  public ProducePlan withShares(
      double newDuplicates, double newLate, double newBroken, double newUnknownFields) {
    return new ProducePlan(
        seed,
        records,
        users,
        startTime,
        days,
        newDuplicates,
        newLate,
        newBroken,
        newUnknownFields,
        form,
        maxRecordSize);
  }

  /** The same in another form. */
  public ProducePlan withForm(Form newForm) {
    return new ProducePlan(
        seed,
        records,
        users,
        startTime,
        days,
        duplicates,
        late,
        broken,
        unknownFields,
        newForm,
        maxRecordSize);
  }

  /** The same, spread over so many days. */
  public ProducePlan withDays(int newDays) {
    return new ProducePlan(
        seed,
        records,
        users,
        startTime,
        newDays,
        duplicates,
        late,
        broken,
        unknownFields,
        form,
        maxRecordSize);
  }
}
