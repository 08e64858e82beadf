package clicklake.io.kafka;

import clicklake.io.source.PositionCoders;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link KafkaRange}; lives as long as one round. */
final class KafkaRangeCoder extends AtomicCoder<KafkaRange> {
  private static final long serialVersionUID = 1L;
  private static final KafkaRangeCoder INSTANCE = new KafkaRangeCoder();

  private KafkaRangeCoder() {}

  static KafkaRangeCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(KafkaRange range, OutputStream out) throws IOException {
    PositionCoders.encodePartition(range.partition(), out);
    VarInt.encode(range.from(), out);
    VarInt.encode(range.readFrom(), out);
    VarInt.encode(range.to(), out);
    PositionCoders.encodeSeen(range.seen(), out);
  }

  @Override
  public KafkaRange decode(InputStream in) throws IOException {
    SourcePartition partition = PositionCoders.decodePartition(in);
    long from = VarInt.decodeLong(in);
    long readFrom = VarInt.decodeLong(in);
    long to = VarInt.decodeLong(in);
    return new KafkaRange(partition, from, readFrom, to, PositionCoders.decodeSeen(in));
  }
}
