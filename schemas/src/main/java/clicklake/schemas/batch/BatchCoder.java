package clicklake.schemas.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Coders of this package write a value into a byte array and put the array's length before it, so
 * that a value of any size crosses a stream in two reads.
 */
abstract class BatchCoder<T> extends AtomicCoder<T> {
  private static final long serialVersionUID = 1L;

  @Override
  public final void encode(T value, OutputStream out) throws IOException {
    Bytes head = new Bytes(sizeHint(value));
    Slice tail = write(value, head);
    VarInt.encode(head.size() + tail.length(), out);
    out.write(head.array(), 0, head.size());
    out.write(tail.array(), tail.start(), tail.length());
  }

  @Override
  public final T decode(InputStream in) throws IOException {
    byte[] bytes = new byte[VarInt.decodeInt(in)];
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new CoderException("stream ends within a value of " + bytes.length + " bytes");
    }
    Bytes.Reader reader = new Bytes.Reader(bytes, 0);
    T value = read(reader);
    if (reader.position() != bytes.length) {
      throw new CoderException("value ends at byte " + reader.position() + " of " + bytes.length);
    }
    return value;
  }

  /** About how many bytes {@link #write} writes, without what it returns. */
  abstract int sizeHint(T value);

  /**
   * Writes a value.
   *
   * @return its last bytes, if the value has them as they are to be written: most of it, so they
   *     are not copied once more
   */
  abstract Slice write(T value, Bytes out);

  abstract T read(Bytes.Reader in);

  static void putText(Bytes out, @Nullable String text) {
    if (text == null) {
      out.putVarint(0);
    } else {
      byte[] bytes = text.getBytes(UTF_8);
      out.putVarint(bytes.length + 1L);
      out.putBytes(bytes, 0, bytes.length);
    }
  }

  static @Nullable String readNullableText(Bytes.Reader in) {
    int length = (int) in.readVarint() - 1;
    return length < 0 ? null : new String(in.readBytes(length), UTF_8);
  }

  static String readText(Bytes.Reader in) {
    int length = (int) in.readVarint() - 1;
    return new String(in.readBytes(length), UTF_8);
  }

  static void putPartition(Bytes out, SourcePartition partition) {
    putText(out, partition.source());
    out.putVarint(partition.number());
    putText(out, partition.identity());
  }

  static SourcePartition readPartition(Bytes.Reader in) {
    String source = readText(in);
    int number = (int) in.readVarint();
    return new SourcePartition(source, number, readText(in));
  }

  static void putPartitions(Bytes out, List<SourcePartition> partitions) {
    out.putVarint(partitions.size());
    for (SourcePartition partition : partitions) {
      putPartition(out, partition);
    }
  }

  static List<SourcePartition> readPartitions(Bytes.Reader in) {
    int count = (int) in.readVarint();
    List<SourcePartition> partitions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      partitions.add(readPartition(in));
    }
    return partitions;
  }

  /** Bounds as differences: most runs are short and near each other. */
  static void putRuns(Bytes out, OffsetRanges runs) {
    out.putVarint(runs.runCount());
    long at = 0;
    for (int i = 0; i < runs.runCount(); i++) {
      out.putVarint(runs.from(i) - at);
      out.putVarint(runs.to(i) - runs.from(i));
      at = runs.to(i);
    }
  }

  static OffsetRanges readRuns(Bytes.Reader in) {
    int count = (int) in.readVarint();
    long[] bounds = new long[2 * count];
    long at = 0;
    for (int i = 0; i < bounds.length; i++) {
      at += in.readVarint();
      bounds[i] = at;
    }
    return OffsetRanges.ofBounds(bounds);
  }
}
