package clicklake.io.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Reads an object from some place on, a range at a time. */
final class S3Channel implements SeekableByteChannel {
  /** What is fetched at once, unless the object ends before: smaller objects come whole. */
  static final int RANGE_BYTES = 4 << 20;

  private final long size;
  private final S3Input.Ranges ranges;
  private byte[] block = new byte[0];
  private long blockStart;
  private long position;
  private boolean open = true;

  /**
   * @param size the object's size in bytes
   */
  S3Channel(long size, S3Input.Ranges ranges) {
    this.size = size;
    this.ranges = ranges;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkOpen();
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    if (position < blockStart || position >= blockStart + block.length) {
      block = new byte[0];
      block = ranges.get(position, Math.min(size, position + RANGE_BYTES));
      blockStart = position;
      if (block.length == 0) {
        return -1;
      }
    }
    int at = (int) (position - blockStart);
    int count = Math.min(target.remaining(), block.length - at);
    target.put(block, at, count);
    position += count;
    return count;
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    checkOpen();
    position = newPosition;
    return this;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return size;
  }

  private void checkOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    block = new byte[0];
  }
}
