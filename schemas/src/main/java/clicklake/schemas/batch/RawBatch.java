package clicklake.schemas.batch;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A block of records of one source partition, as received, stamped by its reader with the exact run
 * of positions that the block covers.
 *
 * <p>The run {@code [from, to)} begins where the reader stood before the block and ends where it
 * stood after it, so it also covers offsets that hold no record (compacted away, transaction
 * markers, blank lines). {@code bronzeCovered} and {@code silverCovered} are the positions in the
 * run that the tables covered when the reader looked, at version {@code seenVersion} of bronze;
 * they only save work.
 *
 * <p>Two framings: {@link Framing#LINES} is a piece of a file as it is, split at LF by the cursor;
 * {@link Framing#RECORDS} is a sequence of records with offset, arrival, key, headers and value. Of
 * a value that is too long to be kept only the head is there, with the length and the digest of the
 * whole.
 */
public final class RawBatch {

  /** How records lie in the bytes. */
  public enum Framing {
    /** Lines that end in LF (the last one perhaps not), offsets counted from {@code from}. */
    LINES,
    /** Records written by {@link Builder}. */
    RECORDS
  }

  /**
   * Added to the length of a value of which only the head is there. Above every length, so that one
   * comparison tells such a record from all others.
   */
  private static final long HEAD_ONLY = 1L << 40;

  private static final int SHA_256_BYTES = 32;

  private final SourcePartition partition;
  private final long from;
  private final long to;
  private final boolean last;
  private final OffsetRanges bronzeCovered;
  private final OffsetRanges silverCovered;
  private final long seenVersion;
  private final Framing framing;
  private final long arrivalMillis;
  private final byte[] bytes;

  RawBatch(
      SourcePartition partition,
      long from,
      long to,
      boolean last,
      OffsetRanges bronzeCovered,
      OffsetRanges silverCovered,
      long seenVersion,
      Framing framing,
      long arrivalMillis,
      byte[] bytes) {
    this.partition = requireNonNull(partition);
    this.from = from;
    this.to = to;
    this.last = last;
    this.bronzeCovered = requireNonNull(bronzeCovered);
    this.silverCovered = requireNonNull(silverCovered);
    this.seenVersion = seenVersion;
    this.framing = requireNonNull(framing);
    this.arrivalMillis = arrivalMillis;
    this.bytes = requireNonNull(bytes);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(partition + ": no run [" + from + ", " + to + ")");
    }
  }

  /**
   * A piece of a landing file.
   *
   * @param from index of the first line in {@code bytes}
   * @param to index after the last line in {@code bytes}
   * @param last whether the file ends here
   * @param arrivalMillis the file's modification time
   */
  public static RawBatch ofLines(
      SourcePartition partition,
      long from,
      long to,
      boolean last,
      Seen seen,
      long arrivalMillis,
      byte[] bytes) {
    return new RawBatch(
        partition,
        from,
        to,
        last,
        seen.bronze(),
        seen.silver(),
        seen.version(),
        Framing.LINES,
        arrivalMillis,
        bytes);
  }

  /**
   * What the tables covered when the reader looked.
   *
   * @param version bronze's version at that look, -1 if it had none
   */
  public record Seen(OffsetRanges bronze, OffsetRanges silver, long version) {
    /** Nothing covered: a new table. */
    public static final Seen NOTHING = new Seen(OffsetRanges.empty(), OffsetRanges.empty(), -1);

    /** The part of this that lies in {@code [from, to)}. */
    public Seen within(long from, long to) {
      if (bronze.isEmpty() && silver.isEmpty()) {
        return this;
      }
      OffsetRanges range = OffsetRanges.of(from, to);
      return new Seen(bronze.intersection(range), silver.intersection(range), version);
    }
  }

  public SourcePartition partition() {
    return partition;
  }

  /** First position covered. */
  public long from() {
    return from;
  }

  /** One past the last position covered. */
  public long to() {
    return to;
  }

  /** Whether the partition ends here: the last block of a file. */
  public boolean last() {
    return last;
  }

  /** Positions of the run that bronze covered when the reader looked. */
  public OffsetRanges bronzeCovered() {
    return bronzeCovered;
  }

  /** Positions of the run that silver covered when the reader looked. */
  public OffsetRanges silverCovered() {
    return silverCovered;
  }

  /** Bronze's version when the reader looked; -1 if it had none. */
  public long seenVersion() {
    return seenVersion;
  }

  public Framing framing() {
    return framing;
  }

  long arrivalMillis() {
    return arrivalMillis;
  }

  /** The encoded records; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** A cursor before the first record. */
  public Cursor cursor() {
    return framing == Framing.LINES ? new LineCursor() : new RecordCursor();
  }

  /**
   * Walks over the records of a batch. After {@link #next()} returned true the other methods
   * describe the record; slices point into {@link #bytes()}.
   */
  public abstract class Cursor {
    long offset;
    long arrival;
    int valueStart;
    int valueLength;
    int keyStart;
    int keyLength = -1;
    int headersStart;
    int headersLength = -1;
    long wholeLength = -1;
    int wholeSha256Start;

    private Cursor() {}

    /** Goes to the next record; false at the end. Blank lines are passed over. */
    public abstract boolean next();

    public long offset() {
      return offset;
    }

    /** When the record arrived at its source, milliseconds since 1970. */
    public long arrivalMillis() {
      return arrival;
    }

    /** The batch's bytes, which all slices point into. */
    public byte[] bytes() {
      return bytes;
    }

    public int valueStart() {
      return valueStart;
    }

    /** Length of the value in bytes; -1 for a null value. */
    public int valueLength() {
      return valueLength;
    }

    public int keyStart() {
      return keyStart;
    }

    /** Length of the key in bytes; -1 for none. */
    public int keyLength() {
      return keyLength;
    }

    public int headersStart() {
      return headersStart;
    }

    /** Length of the headers' JSON in bytes; -1 for none. */
    public int headersLength() {
      return headersLength;
    }

    /** Whether the value is only the head of what was received. */
    public boolean headOnly() {
      return wholeLength >= 0;
    }

    /** Length of the value as it was received, of which only the head is here. */
    public long wholeLength() {
      return wholeLength;
    }

    /** SHA-256 of the value as it was received, of which only the head is here, in hexadecimal. */
    public String wholeSha256() {
      return HexFormat.of().formatHex(bytes, wholeSha256Start, wholeSha256Start + SHA_256_BYTES);
    }

    /**
     * Appends the record with its offset and arrival, for {@link #copyAt}. Of a value that is only
     * a head, nothing is kept of the whole.
     */
    public void copyTo(Bytes target) {
      target.putSignedVarint(offset);
      target.putSignedVarint(arrival);
      putNullable(target, bytes(), keyStart, keyLength);
      putNullable(target, bytes(), headersStart, headersLength);
      putNullable(target, bytes(), valueStart, valueLength);
    }
  }

  private static void putNullable(Bytes target, byte[] source, int start, int length) {
    target.putVarint(length + 1L);
    if (length > 0) {
      target.putBytes(source, start, length);
    }
  }

  /**
   * A cursor on the one record that {@link Cursor#copyTo} wrote; it has no next.
   *
   * @param partition where the record comes from
   * @param array an array with the record in it; not to be changed while the cursor is in use
   * @param start where the record begins
   */
  public static Cursor copyAt(SourcePartition partition, byte[] array, int start) {
    return new RawBatch(
        partition,
        0,
        0,
        false,
        OffsetRanges.empty(),
        OffsetRanges.empty(),
        -1,
        Framing.RECORDS,
        0,
        array)
    .new CopyCursor(start);
  }

  private final class CopyCursor extends Cursor {
    CopyCursor(int start) {
      Bytes.Reader reader = new Bytes.Reader(bytes, start);
      offset = reader.readSignedVarint();
      arrival = reader.readSignedVarint();
      keyLength = (int) reader.readVarint() - 1;
      keyStart = reader.position();
      reader.skip(Math.max(0, keyLength));
      headersLength = (int) reader.readVarint() - 1;
      headersStart = reader.position();
      reader.skip(Math.max(0, headersLength));
      valueLength = (int) reader.readVarint() - 1;
      valueStart = reader.position();
    }

    @Override
    public boolean next() {
      return false;
    }
  }

  private final class LineCursor extends Cursor {
    private int at;
    private long line = from;

    LineCursor() {
      arrival = arrivalMillis;
    }

    @Override
    public boolean next() {
      while (at < bytes.length) {
        int start = at;
        int end = lineEnd(bytes, start);
        at = end + 1;
        long index = line++;
        if (!blank(bytes, start, end)) {
          offset = index;
          valueStart = start;
          valueLength = end - start;
          return true;
        }
      }
      return false;
    }
  }

  /** Whether bytes of a line are spaces, tabs and CR alone: no record. */
  public static boolean blank(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /** A digest for values that are not kept whole. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Index of the LF at or after {@code start}, or the array's length. */
  public static int lineEnd(byte[] bytes, int start) {
    int i = start;
    // Eight bytes at a time: the classic search for a zero byte, after xor with LFs.
    for (int limit = bytes.length - 8; i <= limit; i += 8) {
      long word = Bytes.longAt(bytes, i) ^ 0x0A0A0A0A0A0A0A0AL;
      long hit = word - 0x0101010101010101L & ~word & 0x8080808080808080L;
      if (hit != 0) {
        return i + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
    }
    while (i < bytes.length && bytes[i] != '\n') {
      i++;
    }
    return i;
  }

  private final class RecordCursor extends Cursor {
    private final Bytes.Reader reader = new Bytes.Reader(bytes, 0);

    RecordCursor() {
      offset = from - 1;
    }

    @Override
    public boolean next() {
      if (reader.position() >= bytes.length) {
        return false;
      }
      offset += 1 + reader.readVarint();
      arrival += reader.readSignedVarint();
      keyLength = (int) reader.readVarint() - 1;
      keyStart = reader.position();
      reader.skip(Math.max(0, keyLength));
      headersLength = (int) reader.readVarint() - 1;
      headersStart = reader.position();
      reader.skip(Math.max(0, headersLength));
      long length = reader.readVarint();
      wholeLength = -1;
      if (length >= HEAD_ONLY) {
        length -= HEAD_ONLY;
        wholeLength = reader.readVarint();
        wholeSha256Start = reader.position();
        reader.skip(SHA_256_BYTES);
      }
      valueLength = (int) length - 1;
      valueStart = reader.position();
      reader.skip(Math.max(0, valueLength));
      return true;
    }
  }

  /**
   * Frames records of one partition, in ascending order of their offsets. After a batch is built
   * the next one begins where it ended, in the same memory.
   */
  public static final class Builder {
    private final SourcePartition partition;
    private long from;
    private final Bytes records = new Bytes(1 << 16);
    private long offset;
    private long arrival;

    /**
     * @param from where the reader stands: the first position covered
     */
    public Builder(SourcePartition partition, long from) {
      this.partition = partition;
      this.from = from;
      this.offset = from - 1;
    }

    /** Adds a record; its offset must be above that of the record before. */
    public Builder add(
        long recordOffset,
        long arrivalMillis,
        @Nullable ByteBuffer key,
        @Nullable String headersJson,
        @Nullable ByteBuffer value) {
      begin(recordOffset, arrivalMillis, key, headersJson);
      putNullable(value);
      return this;
    }

    /**
     * Adds a record of whose value only the head is kept; its offset must be above that of the
     * record before.
     *
     * @param wholeLength length of the value as it was received
     * @param wholeSha256 its digest
     */
    public Builder addHead(
        long recordOffset,
        long arrivalMillis,
        @Nullable ByteBuffer key,
        @Nullable String headersJson,
        ByteBuffer head,
        long wholeLength,
        byte[] wholeSha256) {
      if (wholeSha256.length != SHA_256_BYTES) {
        throw new IllegalArgumentException("no SHA-256 has " + wholeSha256.length + " bytes");
      }
      begin(recordOffset, arrivalMillis, key, headersJson);
      records.putVarint(HEAD_ONLY + head.remaining() + 1);
      records.putVarint(wholeLength);
      records.putBytes(ByteBuffer.wrap(wholeSha256));
      records.putBytes(head);
      return this;
    }

    private void begin(
        long recordOffset,
        long arrivalMillis,
        @Nullable ByteBuffer key,
        @Nullable String headersJson) {
      if (recordOffset <= offset) {
        throw new IllegalArgumentException(
            partition + ": offset " + recordOffset + " after " + offset);
      }
      records.putVarint(recordOffset - offset - 1);
      records.putSignedVarint(arrivalMillis - arrival);
      putNullable(key);
      putNullable(headersJson == null ? null : StandardCharsets.UTF_8.encode(headersJson));
      offset = recordOffset;
      arrival = arrivalMillis;
    }

    private void putNullable(@Nullable ByteBuffer bytes) {
      if (bytes == null) {
        records.putVarint(0);
      } else {
        records.putVarint(bytes.remaining() + 1L);
        records.putBytes(bytes);
      }
    }

    /** Bytes framed so far. */
    public int size() {
      return records.size();
    }

    /**
     * The batch.
     *
     * @param to where the reader stands now: one past the last position covered
     */
    public RawBatch build(long to, Seen seen) {
      return build(to, seen, false);
    }

    /**
     * The batch.
     *
     * @param to where the reader stands now: one past the last position covered
     * @param last whether the partition ends there
     */
    public RawBatch build(long to, Seen seen, boolean last) {
      if (to <= offset) {
        throw new IllegalArgumentException(partition + ": run ends at " + to + " below " + offset);
      }
      RawBatch batch =
          new RawBatch(
              partition,
              from,
              to,
              last,
              seen.bronze(),
              seen.silver(),
              seen.version(),
              Framing.RECORDS,
              0,
              records.toByteArray());
      records.clear();
      from = to;
      offset = to - 1;
      arrival = 0;
      return batch;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawBatch batch
        && partition.equals(batch.partition)
        && from == batch.from
        && to == batch.to
        && last == batch.last
        && bronzeCovered.equals(batch.bronzeCovered)
        && silverCovered.equals(batch.silverCovered)
        && seenVersion == batch.seenVersion
        && framing == batch.framing
        && arrivalMillis == batch.arrivalMillis
        && Arrays.equals(bytes, batch.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * partition.hashCode() + Long.hashCode(from);
  }

  @Override
  public String toString() {
    return partition + "[" + from + ", " + to + ") " + bytes.length + " bytes";
  }
}
