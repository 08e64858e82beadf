package clicklake.io.landing;

import clicklake.io.landing.folder.FileBrokenException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFailures;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/*
 * What is true of a block when the file changes under the reader.
 *
 * The rules of a landing folder say that a visible file is complete and is replaced as a whole
 * (rename, PUT). Then an open channel goes on reading the old content, and every block is what the
 * old file held. The end is different: "last" would tell the lake that nothing of this generation
 * is left to read. So the last block of a span is handed out only if as many bytes were read as the
 * listing showed and the file is still the one listed; otherwise it is withheld (FileChangedException), the
 * old generation stays as far as it was read, and the next listing finds the new one. If a writer
 * breaks the rules and rewrites in place, the bytes of earlier blocks are still bytes that the file
 * held; a line cut off by a shrinking file is in the last block, which is withheld.
 */

/** Reads one {@link FileSpan} as blocks of whole lines. */
final class FileBlocks implements Closeable {
  private final LandingFolder folder;
  private final FileSpan span;
  private final Counting raw;
  private final InputStream in;
  private final LineBlocks blocks;

  private FileBlocks(LandingFolder folder, FileSpan span, ReadSettings reading, Counting raw)
      throws IOException {
    this.folder = folder;
    this.span = span;
    this.raw = raw;
    this.in = decompressed();
    this.blocks =
        new LineBlocks(
            in,
            span.atLine(),
            span.fromByte(),
            reading.batchBytes(),
            reading.maxKeptBytes(),
            reading.headBytes());
  }

  /**
   * Opens the file at the span's first line.
   *
   * @throws FileChangedException if it is no longer the file that was listed
   * @throws FileBrokenException if it may not be read, or is damaged
   */
  static FileBlocks open(LandingFolder folder, FileSpan span, ReadSettings reading)
      throws IOException {
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
              folder, span, reading, new Counting(stream, span.toByte() - span.fromByte()));
      opened.skip();
      return opened;
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private InputStream decompressed() throws IOException {
    if (span.file().size() == 0) {
      // Nothing, compressed or not: a writer that had nothing to say.
      return raw;
    }
    try {
      InputStream in = span.file().compression().decompress(raw);
      return in == raw ? raw : new Decompressed(in);
    } catch (IOException failure) {
      throw explained(failure);
    }
  }

  private void skip() throws IOException {
    try {
      blocks.skipTo(span.fromLine());
    } catch (IOException failure) {
      throw explained(failure);
    }
  }

  /**
   * The next block; null after the last.
   *
   * @throws FileChangedException instead of the last one if the file is no longer the one that was
   *     listed
   * @throws FileBrokenException if it cannot be read to its end
   */
  LineBlocks.@Nullable Block next() throws IOException {
    LineBlocks.Block block;
    try {
      block = blocks.next();
    } catch (IOException failure) {
      throw explained(failure);
    }
    if (block == null || !block.last()) {
      return block;
    }
    if (raw.left > 0) {
      // Fewer bytes than listed, or bytes after the end of the compressed data.
      folder.check(span.file());
      throw LandingFailures.endedEarly(span.file(), raw.left);
    }
    folder.check(span.file());
    return block.withLast(span.toEnd());
  }

  /** A block as a batch. */
  static RawBatch batch(FileSpan span, LineBlocks.Block block, RawBatch.Seen seen) {
    LineBlocks.CutLine cut = block.cut();
    RawBatch.Seen within = seen.within(block.from(), block.to());
    if (cut == null) {
      return RawBatch.ofLines(
          span.partition(),
          block.from(),
          block.to(),
          block.last(),
          within,
          span.file().modifiedMillis(),
          block.bytes());
    }
    RawBatch.Builder line = new RawBatch.Builder(span.partition(), block.from());
    if (!cut.blank()) {
      line.addHead(
          block.from(),
          span.file().modifiedMillis(),
          null,
          null,
          ByteBuffer.wrap(block.bytes()),
          cut.length(),
          cut.sha256());
    }
    return line.build(block.to(), within, block.last());
  }

  /** Distinguishes damage and a failing disk from a file that was replaced while it was read. */
  private IOException explained(IOException failure) throws IOException {
    if (failure instanceof ClosedChannelException) {
      // The reader was interrupted.
      return failure;
    }
    if (raw.failure != null) {
      return folder.failed(span.file(), raw.failure);
    }
    folder.check(span.file());
    return span.file().compressed()
        ? LandingFailures.damaged(folder, span.file(), failure)
        : failure;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** What a decompressor trips over in damaged data is a failure to read, in whatever form. */
  private static final class Decompressed extends FilterInputStream {
    Decompressed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      try {
        return in.read(target, start, length);
      } catch (RuntimeException tripped) {
        throw new IOException(tripped.toString(), tripped);
      }
    }
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
