package clicklake.io.source;

import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Coder of {@link ReaderCheckpoint}; begins with a format number, because checkpoints outlive the
 * code.
 */
public final class ReaderCheckpointCoder extends AtomicCoder<ReaderCheckpoint> {
  private static final long serialVersionUID = 1L;
  private static final int FORMAT = 1;
  private static final ReaderCheckpointCoder INSTANCE = new ReaderCheckpointCoder();

  private ReaderCheckpointCoder() {}

  public static ReaderCheckpointCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ReaderCheckpoint checkpoint, OutputStream out) throws IOException {
    VarInt.encode(FORMAT, out);
    StringUtf8Coder.of().encode(checkpoint.run(), out);
    VarInt.encode(checkpoint.positions().size(), out);
    for (Map.Entry<SourcePartition, ReaderCheckpoint.Position> entry :
        new TreeMap<>(checkpoint.positions()).entrySet()) {
      PositionCoders.encodePartition(entry.getKey(), out);
      VarInt.encode(entry.getValue().next(), out);
      VarInt.encode(entry.getValue().byteAt() + 1, out);
      out.write(entry.getValue().ended() ? 1 : 0);
      VarInt.encode(entry.getValue().seenVersion() + 1, out);
    }
  }

  @Override
  public ReaderCheckpoint decode(InputStream in) throws IOException {
    int format = VarInt.decodeInt(in);
    if (format != FORMAT) {
      throw SourceFailures.unknownFormat(format, FORMAT);
    }
    String run = StringUtf8Coder.of().decode(in);
    int count = VarInt.decodeInt(in);
    Map<SourcePartition, ReaderCheckpoint.Position> positions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      SourcePartition partition = PositionCoders.decodePartition(in);
      long next = VarInt.decodeLong(in);
      long byteAt = VarInt.decodeLong(in) - 1;
      boolean ended = in.read() == 1;
      long seenVersion = VarInt.decodeLong(in) - 1;
      positions.put(partition, new ReaderCheckpoint.Position(next, byteAt, ended, seenVersion));
    }
    return new ReaderCheckpoint(run, positions);
  }
}
