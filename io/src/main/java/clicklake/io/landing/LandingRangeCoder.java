package clicklake.io.landing;

import clicklake.io.landing.folder.LandingFile;
import clicklake.io.source.PositionCoders;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link LandingRange}; lives as long as one round. */
final class LandingRangeCoder extends AtomicCoder<LandingRange> {
  private static final long serialVersionUID = 1L;
  private static final StringUtf8Coder TAG = StringUtf8Coder.of();
  private static final LandingRangeCoder INSTANCE = new LandingRangeCoder();

  private LandingRangeCoder() {}

  static LandingRangeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(LandingRange range, OutputStream out) throws IOException {
    VarInt.encode(range.spans().size(), out);
    for (FileSpan span : range.spans()) {
      PositionCoders.encodePartition(span.partition(), out);
      VarInt.encode(span.file().size(), out);
      VarInt.encode(span.file().modifiedMillis(), out);
      TAG.encode(span.file().tag(), out);
      VarInt.encode(span.fromLine(), out);
      VarInt.encode(span.atLine(), out);
      VarInt.encode(span.fromByte(), out);
      VarInt.encode(span.toByte(), out);
      PositionCoders.encodeSeen(span.seen(), out);
    }
  }

  @Override
  public LandingRange decode(InputStream in) throws IOException {
    int count = VarInt.decodeInt(in);
    List<FileSpan> spans = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      SourcePartition partition = PositionCoders.decodePartition(in);
      LandingFile file =
          new LandingFile(
              partition.source(), VarInt.decodeLong(in), VarInt.decodeLong(in), TAG.decode(in));
      long fromLine = VarInt.decodeLong(in);
      long atLine = VarInt.decodeLong(in);
      long fromByte = VarInt.decodeLong(in);
      long toByte = VarInt.decodeLong(in);
      spans.add(
          new FileSpan(
              file, partition, fromLine, atLine, fromByte, toByte, PositionCoders.decodeSeen(in)));
    }
    return new LandingRange(spans);
  }
}
