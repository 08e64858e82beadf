package clicklake.io.kafka;

import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeCoverage.BronzeRecord;
import clicklake.schemas.lake.LakeCoverage.BronzeRecords;
import clicklake.schemas.offset.OffsetRanges;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Bronze may hold a record that silver has not decided and the broker no longer has: compaction or
 * retention came between the commits of the two tables. To the reader its position is a hole; were
 * it covered as one, the record would be in bronze and nowhere else. So positions that bronze covers
 * and silver does not, and that the broker has no record at, are looked up in bronze. There are none
 * of them unless a job ended between the two commits, and without them nothing is asked.
 */
/** Gives back to batches the records that bronze holds and the broker no longer has. */
final class BronzeFill {
  private static final Logger LOG = LoggerFactory.getLogger(BronzeFill.class);

  private BronzeFill() {}

  /**
   * The batch with bronze's records at its holes. Of many records it takes as many as fit: then it
   * ends before the batch that was given.
   *
   * @param maxBytes of records taken from bronze; one may exceed it
   */
  static RawBatch fill(RawBatch batch, LakeCoverage lake, int maxBytes) {
    OffsetRanges undecided = batch.bronzeCovered().minus(batch.silverCovered());
    if (undecided.isEmpty()) {
      return batch;
    }
    OffsetRanges holes = undecided.minus(positions(batch));
    if (holes.isEmpty()) {
      return batch;
    }
    BronzeRecords found = lake.bronzeRecords(batch.partition(), holes, maxBytes);
    if (found.records().isEmpty()) {
      return batch;
    }
    SourceCounters.TAKEN_FROM_BRONZE.inc(found.records().size());
    LOG.info(
        "{}: {} undecided records from offset {} on are gone from the topic; taken from bronze",
        batch.partition(),
        found.records().size(),
        found.records().get(0).offset());
    return part(batch, batch.from(), Math.min(batch.to(), found.before()), found.records());
  }

  /** The rest of a batch from a position within it on. */
  static RawBatch startingAt(RawBatch batch, long from) {
    return part(batch, from, batch.to(), List.of());
  }

  /** The earliest arrival among a batch's records. */
  static long earliestArrival(RawBatch batch) {
    long earliest = Long.MAX_VALUE;
    for (RawBatch.Cursor record = batch.cursor(); record.next(); ) {
      earliest = Math.min(earliest, record.arrivalMillis());
    }
    return earliest;
  }

  private static OffsetRanges positions(RawBatch batch) {
    OffsetRanges.Builder positions = OffsetRanges.builder();
    for (RawBatch.Cursor record = batch.cursor(); record.next(); ) {
      positions.add(record.offset());
    }
    return positions.build();
  }

  /** A batch's records from {@code from} to {@code to}, and others in between. */
  private static RawBatch part(RawBatch batch, long from, long to, List<BronzeRecord> others) {
    RawBatch.Builder builder = new RawBatch.Builder(batch.partition(), from);
    Iterator<BronzeRecord> more = others.iterator();
    BronzeRecord next = more.hasNext() ? more.next() : null;
    for (RawBatch.Cursor record = batch.cursor(); record.next() && record.offset() < to; ) {
      if (record.offset() < from) {
        continue;
      }
      while (next != null && next.offset() < record.offset()) {
        add(builder, next);
        next = more.hasNext() ? more.next() : null;
      }
      add(builder, record);
    }
    while (next != null) {
      add(builder, next);
      next = more.hasNext() ? more.next() : null;
    }
    RawBatch.Seen seen =
        new RawBatch.Seen(batch.bronzeCovered(), batch.silverCovered(), batch.seenVersion());
    return builder.build(to, seen.within(from, to));
  }

  private static void add(RawBatch.Builder builder, RawBatch.Cursor record) {
    ByteBuffer key = slice(record, record.keyStart(), record.keyLength());
    ByteBuffer bytes = slice(record, record.headersStart(), record.headersLength());
    String headers = bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
    ByteBuffer value = slice(record, record.valueStart(), record.valueLength());
    if (value == null || !record.headOnly()) {
      builder.add(record.offset(), record.arrivalMillis(), key, headers, value);
    } else {
      builder.addHead(
          record.offset(),
          record.arrivalMillis(),
          key,
          headers,
          value,
          record.wholeLength(),
          HexFormat.of().parseHex(record.wholeSha256()));
    }
  }

  private static void add(RawBatch.Builder builder, BronzeRecord record) {
    byte[] key = record.key();
    byte[] value = record.value();
    builder.add(
        record.offset(),
        record.arrivalMillis(),
        key == null ? null : ByteBuffer.wrap(key),
        record.headers(),
        value == null ? null : ByteBuffer.wrap(value));
  }

  private static @Nullable ByteBuffer slice(RawBatch.Cursor record, int start, int length) {
    return length < 0 ? null : ByteBuffer.wrap(record.bytes(), start, length);
  }
}
