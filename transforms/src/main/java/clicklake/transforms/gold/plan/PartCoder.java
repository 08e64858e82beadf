package clicklake.transforms.gold.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link Part}: two varints. Deterministic: a part is the key of a shuffle. */
public final class PartCoder extends AtomicCoder<Part> {
  private static final long serialVersionUID = 1L;
  private static final PartCoder INSTANCE = new PartCoder();

  private PartCoder() {}

  public static PartCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(Part part, OutputStream out) throws IOException {
    VarInt.encode(part.aggregation(), out);
    VarInt.encode(part.number(), out);
  }

  @Override
  public Part decode(InputStream in) throws IOException {
    int aggregation = VarInt.decodeInt(in);
    return new Part(aggregation, VarInt.decodeLong(in));
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }

  @Override
  public boolean isRegisterByteSizeObserverCheap(Part part) {
    return true;
  }

  @Override
  protected long getEncodedElementByteSize(Part part) {
    return (long) VarInt.getLength(part.aggregation()) + VarInt.getLength(part.number());
  }
}
