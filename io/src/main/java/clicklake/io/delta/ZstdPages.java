package clicklake.io.delta;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses pages with one native context and one output buffer for a whole file. */
final class ZstdPages implements BytesInputCompressor {
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private byte[] compressed = new byte[1 << 16];

  ZstdPages(int level) {
    context.setLevel(level);
  }

  /** The result is valid until the next call. */
  @Override
  public BytesInput compress(BytesInput page) throws IOException {
    byte[] plain = page.toByteArray();
    int bound = Math.toIntExact(Zstd.compressBound(plain.length));
    if (compressed.length < bound) {
      compressed = new byte[Math.max(bound, (int) Math.min(bound * 2L, Integer.MAX_VALUE - 8))];
    }
    int size = context.compressByteArray(compressed, 0, compressed.length, plain, 0, plain.length);
    return BytesInput.from(compressed, 0, size);
  }

  @Override
  public CompressionCodecName getCodecName() {
    return CompressionCodecName.ZSTD;
  }

  @Override
  public void release() {
    context.close();
  }
}
