package clicklake.io.source;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Encodes partitions, and what the lake covers of them, for checkpoints and ranges. */
public final class PositionCoders {
  private PositionCoders() {}

  public static void encodePartition(SourcePartition partition, OutputStream out)
      throws IOException {
    StringUtf8Coder.of().encode(partition.source(), out);
    VarInt.encode(partition.number(), out);
    StringUtf8Coder.of().encode(partition.identity(), out);
  }

  public static SourcePartition decodePartition(InputStream in) throws IOException {
    String source = StringUtf8Coder.of().decode(in);
    int number = VarInt.decodeInt(in);
    return new SourcePartition(source, number, StringUtf8Coder.of().decode(in));
  }

  public static void encodeSeen(RawBatch.Seen seen, OutputStream out) throws IOException {
    encodeRuns(seen.bronze(), out);
    encodeRuns(seen.silver(), out);
    VarInt.encode(seen.version(), out);
  }

  public static RawBatch.Seen decodeSeen(InputStream in) throws IOException {
    OffsetRanges bronze = decodeRuns(in);
    OffsetRanges silver = decodeRuns(in);
    return new RawBatch.Seen(bronze, silver, VarInt.decodeLong(in));
  }

  private static void encodeRuns(OffsetRanges runs, OutputStream out) throws IOException {
    long[] bounds = runs.bounds();
    VarInt.encode(bounds.length, out);
    for (long bound : bounds) {
      VarInt.encode(bound, out);
    }
  }

  private static OffsetRanges decodeRuns(InputStream in) throws IOException {
    long[] bounds = new long[VarInt.decodeInt(in)];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = VarInt.decodeLong(in);
    }
    return OffsetRanges.ofBounds(bounds);
  }
}
