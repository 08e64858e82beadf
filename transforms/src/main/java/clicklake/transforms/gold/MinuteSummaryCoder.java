package clicklake.transforms.gold;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link MinuteSummary}: its bytes with their length before them. */
public final class MinuteSummaryCoder extends AtomicCoder<MinuteSummary> {
  private static final long serialVersionUID = 1L;
  private static final MinuteSummaryCoder INSTANCE = new MinuteSummaryCoder();

  private MinuteSummaryCoder() {}

  public static MinuteSummaryCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(MinuteSummary summary, OutputStream out) throws IOException {
    byte[] bytes = summary.toBytes();
    VarInt.encode(bytes.length, out);
    out.write(bytes);
  }

  @Override
  public MinuteSummary decode(InputStream in) throws IOException {
    byte[] bytes = new byte[VarInt.decodeInt(in)];
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new CoderException("stream ends within a summary of " + bytes.length + " bytes");
    }
    return MinuteSummary.of(bytes);
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
