package clicklake.schemas.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * Coder of {@link ShardKey}: its number as a varint. Runners choose a shard's worker by a hash of
 * these bytes.
 */
public final class ShardKeyCoder extends AtomicCoder<ShardKey> {
  private static final long serialVersionUID = 1L;
  private static final ShardKeyCoder INSTANCE = new ShardKeyCoder();

  private ShardKeyCoder() {}

  public static ShardKeyCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(ShardKey value, OutputStream out) throws IOException {
    VarInt.encode(value.number(), out);
  }

  @Override
  public ShardKey decode(InputStream in) throws IOException {
    return new ShardKey(VarInt.decodeInt(in));
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public boolean isRegisterByteSizeObserverCheap(ShardKey value) {
    return true;
  }

  @Override
  protected long getEncodedElementByteSize(ShardKey value) {
    return VarInt.getLength(value.number());
  }
}
