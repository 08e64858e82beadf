package clicklake.io.landing;

import clicklake.io.SourceException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/*
 * What is true of a block when the file changes under the reader.
 *
 * The rules of a landing folder say that a visible file is complete and is replaced as a whole
 * (rename, PUT). Then an open channel goes on reading the old content, and every block is what the
 * old file held. The end is different: "last" would tell the lake that nothing of this generation
 * is left to read. So the last block of a span is handed out only if as many bytes were read as the
 * listing showed and the file is still the one listed; otherwise it is withheld (FileChanged), the
 * old generation stays as far as it was read, and the next listing finds the new one. If a writer
 * breaks the rules and rewrites in place, the bytes of earlier blocks are still bytes that the file
 * held; a line cut off by a shrinking file is in the last block, which is withheld.
 */

/** Reads one {@link FileSpan} as blocks of whole lines. */
final class FileBlocks implements Closeable {
  /** A line above this ends the job: arrays of Java end at 2 GB, and a batch is held in memory. */
  private static final int MAX_LINE_BYTES = 256 << 20;

  private final LandingFolder folder;
  private final FileSpan span;
  private final Counting raw;
  private final InputStream in;
  private final LineBlocks blocks;

  private FileBlocks(LandingFolder folder, FileSpan span, int blockBytes, Counting raw)
      throws IOException {
    this.folder = folder;
    this.span = span;
    this.raw = raw;
    this.in = span.file().compressed() ? decompressed() : raw;
    this.blocks = new LineBlocks(in, span.atLine(), span.fromByte(), blockBytes, MAX_LINE_BYTES);
  }

  /**
   * Opens the file at the span's first line.
   *
   * @throws FileChanged if it is no longer the file that was listed
   * @throws SourceException if it is compressed and damaged
   */
  static FileBlocks open(LandingFolder folder, FileSpan span, int blockBytes) throws IOException {
    ReadableByteChannel channel = folder.open(span.file());
    try {
      InputStream stream = Channels.newInputStream(channel);
      if (span.fromByte() > 0) {
        if (channel instanceof SeekableByteChannel seekable) {
          seekable.position(span.fromByte());
        } else {
          stream.skipNBytes(span.fromByte());
        }
      }
      FileBlocks opened =
          new FileBlocks(
              folder, span, blockBytes, new Counting(stream, span.toByte() - span.fromByte()));
      opened.skip();
      return opened;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private InputStream decompressed() throws IOException {
    try {
      // Reads all members of a file put together from several, which java.util.zip does only if
      // available() of the stream below says so.
      return new GzipCompressorInputStream(new BufferedInputStream(raw, 1 << 16), true);
    } catch (IOException damaged) {
      throw damaged(damaged);
    }
  }

  private void skip() throws IOException {
    try {
      blocks.skipTo(span.fromLine());
    } catch (IOException damaged) {
      throw damaged(damaged);
    }
  }

  /**
   * The next block; null after the last.
   *
   * @throws FileChanged instead of the last one if the file is no longer the one that was listed
   */
  LineBlocks.@Nullable Block next() throws IOException {
    LineBlocks.Block block;
    try {
      block = blocks.next();
    } catch (LineBlocks.LineTooLong tooLong) {
      throw new SourceException(
          "Reading "
              + name()
              + ": "
              + tooLong.getMessage()
              + "; take the file away or cut the line",
          tooLong);
    } catch (IOException damaged) {
      throw damaged(damaged);
    }
    if (block == null || !block.last()) {
      return block;
    }
    if (raw.left > 0) {
      // Fewer bytes than listed, or bytes after the end of the compressed data.
      folder.check(span.file());
      throw new FileChanged(span.file(), "ended " + raw.left + " bytes before its size");
    }
    folder.check(span.file());
    return block.withLast(span.toEnd());
  }

  /** Tells damage from a file that was replaced while it was read. */
  private IOException damaged(IOException failure) throws IOException {
    folder.check(span.file());
    if (span.file().compressed() && raw.failure == null) {
      throw new SourceException(
          "Reading "
              + name()
              + ": the compressed data is damaged or cut off"
              + (failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")")
              + "; replace the file with a whole one or take it out of the landing folder",
          failure);
    }
    return failure;
  }

  private String name() {
    return "landing file " + span.file().path() + " in " + folder;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Ends after a number of bytes, and remembers whether a failure came from below. */
  private static final class Counting extends FilterInputStream {
    private long left;
    private @Nullable IOException failure;

    Counting(InputStream in, long limit) {
      super(in);
      left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      try {
        int read = in.read(target, start, (int) Math.min(length, left));
        if (read > 0) {
          left -= read;
        }
        return read;
      } catch (IOException broken) {
        failure = broken;
        throw broken;
      }
    }
  }
}
