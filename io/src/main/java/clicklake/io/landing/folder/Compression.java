package clicklake.io.landing.folder;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a landing file is compressed, by the end of its name. */
public enum Compression {
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

  public static Compression of(String name) {
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
  public InputStream decompress(InputStream in) throws IOException {
    if (this == NONE) {
      return in;
    }
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    return switch (this) {
      case NONE -> buffered;
      case GZIP -> new GzipMembers(buffered);
      case ZSTD -> new ZstdInputStream(buffered);
      case BZIP2 -> new BZip2CompressorInputStream(buffered, true);
    };
  }
}
