package clicklake.io.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Compresses pages with one native context and one output buffer for a whole file. */
final class ZstdPages implements BytesInputCompressor {
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final Plain plain = new Plain();
  private byte[] compressed = new byte[1 << 16];

  ZstdPages(int level) {
    context.setLevel(level);
  }

  /** A page before compression, in one array that is kept for the next. */
  private static final class Plain extends ByteArrayOutputStream {
    Plain() {
      super(1 << 16);
    }

    byte[] array() {
      return buf;
    }
  }

  /** The result is valid until the next call. */
  @Override
  public BytesInput compress(BytesInput page) throws IOException {
    plain.reset();
    page.writeAllTo(plain);
    int bound = Math.toIntExact(Zstd.compressBound(plain.size()));
    if (compressed.length < bound) {
      compressed = new byte[Math.max(bound, (int) Math.min(bound * 2L, Integer.MAX_VALUE - 8))];
    }
    int size =
        context.compressByteArray(compressed, 0, compressed.length, plain.array(), 0, plain.size());
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
