package clicklake.io.landing;

import clicklake.io.landing.folder.Compression;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Compresses what tests put into landing files. */
final class Compressed {
  private Compressed() {}

  static byte[] of(Compression compression, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    switch (compression) {
      case NONE -> bytes.write(plain);
      case GZIP -> {
        try (OutputStream out = new GZIPOutputStream(bytes)) {
          out.write(plain);
        }
      }
      case ZSTD -> {
        // With a checksum, as the zstd command writes it; without, a changed bit may not show.
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
          bytes.write(context.setChecksum(true).compress(plain));
        }
      }
      case BZIP2 -> {
        try (OutputStream out = new BZip2CompressorOutputStream(bytes)) {
          out.write(plain);
        }
      }
    }
    return bytes.toByteArray();
  }
}
