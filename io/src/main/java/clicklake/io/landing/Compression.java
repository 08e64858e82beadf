package clicklake.io.landing;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a landing file is compressed, told by the end of its name. */
enum Compression {
  NONE(""),
  GZIP(".gz"),
  ZSTD(".zst"),
  BZIP2(".bz2");

  private final String ending;

  Compression(String ending) {
    this.ending = ending;
  }

  /** The end of such a file's name, in small letters. */
  String ending() {
    return ending;
  }

  static Compression of(String name) {
    for (Compression each : values()) {
      if (each != NONE
          && name.regionMatches(
              true, name.length() - each.ending.length(), each.ending, 0, each.ending.length())) {
        return each;
      }
    }
    return NONE;
  }

  /**
   * What is compressed in a stream, to its end; several members one after the other are one. The
   * stream fails with an {@link IOException} where the data is damaged or cut off.
   */
  InputStream decompress(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GzipMembers(new BufferedInputStream(in, 1 << 16));
      case ZSTD -> new ZstdInputStream(new BufferedInputStream(in, 1 << 16));
      case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(in, 1 << 16), true);
    };
  }
}
