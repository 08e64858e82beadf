package clicklake.io.landing;

import clicklake.schemas.batch.RawBatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into blocks of whole lines.
 *
 * <p>A line ends with LF; what follows the last LF is a line too, unless it is empty. A block has
 * at most the wanted number of bytes, except that a longer line is a block of its own. Of a line
 * above a second limit only the head is kept, however long it is. The last block says so; a stream
 * without a line ends with an empty block.
 */
final class LineBlocks {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  private final InputStream in;
  private final int blockBytes;
  private final int maxLineBytes;
  private final int headBytes;
  private byte[] buffer;
  private int start;
  private int end;
  private boolean endOfStream;
  private boolean done;
  private long line;
  private long byteAt;

  /**
   * A block.
   *
   * @param from index of its first line
   * @param to index after its last line
   * @param bytes its lines; of a line that was cut its head
   * @param byteAfter how many bytes of the stream come before the next block
   * @param last whether the stream ends with it
   * @param cut what the one line of the block was before it was cut; null if nothing was
   */
  record Block(
      long from, long to, byte[] bytes, long byteAfter, boolean last, @Nullable CutLine cut) {
    Block withLast(boolean isLast) {
      return new Block(from, to, bytes, byteAfter, isLast, cut);
    }
  }

  /**
   * What a line was of which only the head is kept.
   *
   * @param length its bytes, without the LF
   * @param sha256 the digest of these bytes
   * @param blank whether all of them are spaces, tabs and CR
   */
  record CutLine(long length, byte[] sha256, boolean blank) {}

  /**
   * @param firstLine index of the stream's first line
   * @param firstByte bytes that come before it
   * @param maxLineBytes a longer line is cut
   * @param headBytes how much of it is kept
   */
  LineBlocks(
      InputStream in,
      long firstLine,
      long firstByte,
      int blockBytes,
      int maxLineBytes,
      int headBytes) {
    this.in = in;
    this.line = firstLine;
    this.byteAt = firstByte;
    // A block that is not a line of its own holds no line above the limit.
    this.blockBytes = Math.min(blockBytes, maxLineBytes);
    this.maxLineBytes = maxLineBytes;
    this.headBytes = Math.min(headBytes, maxLineBytes);
    this.buffer = new byte[this.blockBytes + 1];
  }

  /**
   * Passes over lines.
   *
   * @param index the line that is to come next; if the stream has fewer, it ends
   */
  void skipTo(long index) throws IOException {
    boolean midLine = false;
    while (line < index) {
      if (start == end && !fill(1)) {
        line += midLine ? 1 : 0;
        return;
      }
      int feed = lineFeed(buffer, start, end);
      int after = feed < end ? feed + 1 : end;
      midLine = feed == end;
      line += midLine ? 0 : 1;
      byteAt += after - start;
      start = after;
    }
  }

  /** The next block; null after the last. */
  @Nullable Block next() throws IOException {
    if (done) {
      return null;
    }
    fill(blockBytes + 1);
    int cut = end - start <= blockBytes ? end : afterLastLineFeed(start, start + blockBytes);
    if (cut < 0) {
      cut = endOfLongLine();
      if (cut < 0) {
        return cutLine();
      }
    }
    if (cut == end && !endOfStream) {
      // Whether this is the last block shows only in the next byte.
      int length = end - start;
      fill(length + 1);
      cut = start + length;
    }
    byte[] bytes = Arrays.copyOfRange(buffer, start, cut);
    long from = line;
    line += lines(bytes);
    byteAt += bytes.length;
    start = cut;
    done = endOfStream && start == end;
    return new Block(from, line, bytes, byteAt, done, null);
  }

  /** Where the line that the buffer begins with ends; -1 if it is above the limit. */
  private int endOfLongLine() throws IOException {
    int searched = blockBytes;
    while (true) {
      int feed = lineFeed(buffer, start + searched, end);
      if (feed < end) {
        return feed - start > maxLineBytes ? -1 : feed + 1;
      }
      searched = end - start;
      if (searched > maxLineBytes) {
        return -1;
      }
      if (!fill((int) Math.min(maxLineBytes + 1L, searched * 2L)) && end - start == searched) {
        return end;
      }
    }
  }

  /** Passes over the line that the buffer begins with; what is beyond its head is only counted. */
  private Block cutLine() throws IOException {
    MessageDigest sha256 = RawBatch.sha256();
    byte[] head = Arrays.copyOfRange(buffer, start, start + headBytes);
    long length = 0;
    boolean blank = true;
    boolean ended = false;
    while (!ended) {
      int feed = lineFeed(buffer, start, end);
      sha256.update(buffer, start, feed - start);
      blank = blank && RawBatch.blank(buffer, start, feed);
      length += feed - start;
      ended = feed < end;
      start = ended ? feed + 1 : feed;
      if (!ended) {
        start = 0;
        end = 0;
        ended = !fill(1);
        byteAt -= ended ? 1 : 0;
      }
    }
    byteAt += length + 1;
    if (end - start <= blockBytes + 1 && buffer.length > blockBytes + 1) {
      byte[] small = new byte[blockBytes + 1];
      System.arraycopy(buffer, start, small, 0, end - start);
      end -= start;
      start = 0;
      buffer = small;
    }
    long from = line++;
    done = !fill(1);
    return new Block(
        from,
        line,
        blank ? new byte[0] : head,
        byteAt,
        done,
        new CutLine(length, sha256.digest(), blank));
  }

  /** Reads until the buffer holds so many bytes; false if the stream ends before. */
  private boolean fill(int wanted) throws IOException {
    if (end - start >= wanted) {
      return true;
    }
    if (buffer.length - start < wanted) {
      byte[] target = buffer.length < wanted ? new byte[wanted] : buffer;
      System.arraycopy(buffer, start, target, 0, end - start);
      end -= start;
      start = 0;
      buffer = target;
    }
    while (!endOfStream && end - start < wanted) {
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        endOfStream = true;
      } else {
        end += read;
      }
    }
    return end - start >= wanted;
  }

  private int afterLastLineFeed(int first, int limit) {
    for (int i = limit - 1; i >= first; i--) {
      if (buffer[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int lineFeed(byte[] bytes, int first, int limit) {
    return Math.min(limit, RawBatch.lineEnd(bytes, first));
  }

  private static long lines(byte[] bytes) {
    long feeds = countLineFeeds(bytes, 0, bytes.length);
    return bytes.length == 0 || bytes[bytes.length - 1] == '\n' ? feeds : feeds + 1;
  }

  /** How many LFs are in {@code [start, end)}; eight bytes at a time. */
  static long countLineFeeds(byte[] bytes, int start, int end) {
    long count = 0;
    int i = start;
    for (; i <= end - 8; i += 8) {
      long word = (long) LONG.get(bytes, i) ^ LINE_FEEDS;
      // The high bit of each byte that is zero, exactly: no carry crosses a byte.
      count += Long.bitCount(~((word & LOW_BITS) + LOW_BITS | word | LOW_BITS));
    }
    for (; i < end; i++) {
      if (bytes[i] == '\n') {
        count++;
      }
    }
    return count;
  }
}
