package clicklake.io.lake;

import clicklake.io.commit.CommitReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link CommitReport}: its numbers as varints, in their order. */
final class CommitReportCoder extends AtomicCoder<CommitReport> {
  private static final long serialVersionUID = 1L;
  private static final CommitReportCoder INSTANCE = new CommitReportCoder();

  private CommitReportCoder() {}

  static CommitReportCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(CommitReport value, OutputStream out) throws IOException {
    VarInt.encode(value.records(), out);
    VarInt.encode(value.events(), out);
    VarInt.encode(value.rejects(), out);
    VarInt.encode(value.duplicates(), out);
    VarInt.encode(value.conflicts(), out);
    VarInt.encode(value.deferred(), out);
    VarInt.encode(value.bronzeVersion(), out);
    VarInt.encode(value.silverVersion(), out);
  }

  @Override
  public CommitReport decode(InputStream in) throws IOException {
    return new CommitReport(
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in));
  }

  @Override
  public boolean consistentWithEquals() {
    return true;
  }
}
