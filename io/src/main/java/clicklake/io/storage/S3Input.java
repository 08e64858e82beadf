package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * Reads an object by ranges. Parquet reads a footer, then long runs of columns: a read fetches what
 * it asks for, and at least a block, so that the small reads after it find theirs.
 */
final class S3Input extends SeekableInputStream {
  /** The least that is fetched, unless the object ends before; smaller objects come whole. */
  static final int BLOCK_BYTES = 1 << 20;

  private final long size;
  private final Ranges ranges;
  private byte[] block = new byte[0];
  private long blockStart;
  private long position;

  /** Fetches a part of an object. */
  interface Ranges {
    byte[] get(long from, long to) throws IOException;
  }

  /**
   * @param size the object's size in bytes
   */
  S3Input(long size, Ranges ranges) {
    this.size = size;
    this.ranges = ranges;
  }

  /** An object that is in memory. */
  static S3Input of(byte[] content) {
    S3Input input =
        new S3Input(
            content.length,
            (from, to) -> {
              throw new EOFException("no bytes behind " + content.length);
            });
    input.block = content;
    return input;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void seek(long newPosition) {
    position = newPosition;
  }

  @Override
  public int read() throws IOException {
    if (position >= size) {
      return -1;
    }
    fetch(1);
    return block[(int) (position++ - blockStart)] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int count = (int) Math.min(length, size - position);
    fetch(count);
    System.arraycopy(block, (int) (position - blockStart), target, offset, count);
    position += count;
    return count;
  }

  @Override
  public void readFully(byte[] target, int offset, int length) throws IOException {
    if (position + length > size) {
      throw new EOFException("wanted " + length + " bytes at " + position + " of " + size);
    }
    read(target, offset, length);
  }

  /** Has the block hold so many bytes from the position on. */
  private void fetch(int count) throws IOException {
    if (position >= blockStart && position + count <= blockStart + block.length) {
      return;
    }
    // The end of a file is read backwards from its last bytes.
    long from = Math.max(0, Math.min(position, size - BLOCK_BYTES));
    from = position + count > from + BLOCK_BYTES ? position : from;
    long to = Math.min(size, Math.max(position + count, from + BLOCK_BYTES));
    block = ranges.get(from, to);
    blockStart = from;
    if (block.length < to - from) {
      throw new EOFException("got " + block.length + " bytes of " + from + " to " + to);
    }
  }

  @Override
  public void close() {
    block = new byte[0];
  }
}
