package clicklake.schemas.eventkey;

import clicklake.schemas.spill.SpillFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Room for the keys of {@link EventKeyIndex}s: on the heap up to a share of it, beyond that in
 * temporary files that are mapped into memory, so that disk is the limit and not the heap.
 *
 * <p>A file's name is removed as soon as it is open (where the system cannot do that, when the
 * process ends), so a process that is killed leaves none behind. Its bytes are written before they
 * are mapped: a full disk is an exception here, not a fault at some later access. A mapping lives
 * as long as this object and the tables in it: what a table gives back is handed out again, and
 * only an object that nobody knows any more is unmapped, by the collector.
 *
 * <p>Safe for use by several threads.
 */
public final class SpillableLongs {
  /** The first file of a space; a further one is as large as all before it, up to the largest. */
  private static final int FIRST_FILE_BYTES = 1 << 14;

  private static final int LARGEST_FILE_BYTES = 1 << 26;

  private final long mostHeapBytes;
  private final SpillFolder folder;
  private final Map<Integer, ArrayDeque<LongBuffer>> returned = new HashMap<>();
  private long heapBytes;
  private long fileBytes;
  private ByteBuffer file = ByteBuffer.allocate(0);

  /**
   * A space with files in {@code java.io.tmpdir}.
   *
   * @param mostHeapBytes how many bytes it takes of the heap before it takes files
   */
  public SpillableLongs(long mostHeapBytes) {
    this(mostHeapBytes, SpillFolder.OF_JVM);
  }

  /**
   * @param mostHeapBytes how many bytes it takes of the heap before it takes files
   * @param folder where the files are made
   */
  public SpillableLongs(long mostHeapBytes, SpillFolder folder) {
    this.mostHeapBytes = mostHeapBytes;
    this.folder = folder;
  }

  /** A space that never takes files: for tables whose size something else limits. */
  public static SpillableLongs ofHeap() {
    return new SpillableLongs(Long.MAX_VALUE);
  }

  /**
   * Room for some longs, with any content.
   *
   * @throws SpillException if the heap's share is used up and a file cannot be made or filled
   */
  synchronized LongBuffer take(int longs) {
    long bytes = 8L * longs;
    if (heapBytes + bytes <= mostHeapBytes) {
      heapBytes += bytes;
      return LongBuffer.allocate(longs);
    }
    ArrayDeque<LongBuffer> same = returned.get(longs);
    if (same != null && !same.isEmpty()) {
      return same.pop();
    }
    if (file.remaining() < bytes) {
      file =
          map(Math.max(bytes, Math.min(LARGEST_FILE_BYTES, Math.max(FIRST_FILE_BYTES, fileBytes))));
    }
    LongBuffer room = file.slice(file.position(), (int) bytes).order(file.order()).asLongBuffer();
    file.position(file.position() + (int) bytes);
    return room;
  }

  /** Takes back what {@link #take} gave; its user must not touch it again. */
  synchronized void giveBack(LongBuffer room) {
    if (room.hasArray()) {
      heapBytes -= 8L * room.capacity();
    } else {
      returned.computeIfAbsent(room.capacity(), longs -> new ArrayDeque<>()).push(room);
    }
  }

  /** Bytes of the files made so far; never less than before. */
  public synchronized long fileBytes() {
    return fileBytes;
  }

  private ByteBuffer map(long bytes) {
    try {
      Path path = folder.newFile("clicklake-ids-");
      try (FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(bytes, 1 << 16));
        for (long left = bytes; left > 0; left -= zeros.position()) {
          channel.write(zeros.clear().limit((int) Math.min(left, zeros.capacity())));
        }
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        fileBytes += bytes;
        return mapped.order(ByteOrder.nativeOrder());
      }
    } catch (IOException e) {
      throw new SpillException(
          "cannot keep event ids in "
              + folder
              + " ("
              + (fileBytes >> 20)
              + " MB there already): "
              + e
              + "; free space there, or set "
              + folder.setting()
              + " to a larger disk, or give the process more memory (-Xmx)",
          e);
    }
  }
}
