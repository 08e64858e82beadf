package clicklake.io.lake;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.LakeException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encoded rows of many dates that wait until the file of their date is written, in the order in
 * which they came.
 *
 * <p>An open Parquet file costs some hundred kilobytes, a row that waits some hundred bytes. So
 * rows of any number of dates can be gathered first and written to one file a date afterwards. They
 * take a given number of bytes of the heap. Beyond that they move to one temporary file, whose name
 * is removed as soon as it is open: a process that is killed leaves none behind. Each move leaves
 * some 50 bytes for each of its dates on the heap.
 *
 * <p>Not safe for use by several threads.
 */
final class WaitingRows implements AutoCloseable {
  private static final int FIRST_BYTES = 1 << 9;
  private static final int WRITE_BYTES = 1 << 20;
  private static final int HEADER = 4;

  private final long mostHeapBytes;
  private final SpillFolder folder;
  private final Map<Long, Day> days = new HashMap<>();
  private long heapBytes;
  private long fileBytes;
  private @Nullable FileChannel file;
  private Bytes row = new Bytes(FIRST_BYTES);
  private int rowStart;
  private long heapBefore;

  /** The rows of one date: those in the file came before those on the heap. */
  private static final class Day {
    final List<Piece> pieces = new ArrayList<>();
    @Nullable Bytes rows;
  }

  /** Rows of one date in the file. */
  private record Piece(long start, int length) {}

  /** Is shown rows. */
  interface Visitor {
    /** Shows a row's encoding: {@code [start, end)} of an array that is not to be changed. */
    void row(byte[] array, int start, int end);
  }

  /**
   * @param mostHeapBytes how much of the heap the rows may take
   * @param folder where the temporary file is made
   */
  WaitingRows(long mostHeapBytes, SpillFolder folder) {
    this.mostHeapBytes = mostHeapBytes;
    this.folder = folder;
  }

  /**
   * Begins a row, which the caller appends to what is returned; {@link #end()} completes it.
   *
   * @param date as days since 1970
   */
  Bytes begin(long date) {
    Day day = days.computeIfAbsent(date, first -> new Day());
    Bytes rows = day.rows;
    heapBefore = rows == null ? 0 : rows.array().length;
    if (rows == null) {
      rows = new Bytes(FIRST_BYTES);
      day.rows = rows;
    }
    row = rows;
    rowStart = rows.size();
    rows.putInt(0);
    return rows;
  }

  /**
   * Completes the row that was begun.
   *
   * @throws LakeException if the heap's share is used up and the temporary file cannot be written
   */
  void end() {
    Bytes.setInt(row.array(), rowStart, row.size() - rowStart);
    heapBytes += row.array().length - heapBefore;
    if (heapBytes > mostHeapBytes) {
      moveToFile();
    }
  }

  private void moveToFile() {
    try {
      FileChannel open = file;
      if (open == null) {
        open =
            FileChannel.open(
                folder.newFile("clicklake-rows-"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        file = open;
      }
      Bytes together = new Bytes(WRITE_BYTES);
      for (Day day : days.values()) {
        Bytes rows = day.rows;
        if (rows != null) {
          day.pieces.add(new Piece(fileBytes + together.size(), rows.size()));
          together.putBytes(rows.array(), 0, rows.size());
          day.rows = null;
          if (together.size() >= WRITE_BYTES) {
            append(open, together);
          }
        }
      }
      append(open, together);
      heapBytes = 0;
      row = new Bytes(FIRST_BYTES);
    } catch (IOException e) {
      throw failed("keep", e);
    }
  }

  private void append(FileChannel to, Bytes bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes.array(), 0, bytes.size());
    while (left.hasRemaining()) {
      fileBytes += to.write(left, fileBytes);
    }
    bytes.clear();
  }

  private LakeException failed(String operation, IOException cause) {
    return new LakeException(
        "cannot "
            + operation
            + " rows of many dates in "
            + folder
            + " ("
            + (fileBytes >> 20)
            + " MB there already): "
            + cause
            + "; free space there, or set "
            + folder.setting()
            + " to a larger disk, or give the process more memory (-Xmx)",
        cause);
  }

  /** Bytes that were written to the temporary file. */
  long fileBytes() {
    return fileBytes;
  }

  /** Whether rows of a date wait. */
  boolean holds(long date) {
    return days.containsKey(date);
  }

  /** The dates that rows wait for, ascending, as days since 1970. */
  List<Long> dates() {
    return days.keySet().stream().sorted().toList();
  }

  /** Shows the rows of a date in the order in which they came, and forgets them. */
  void take(long date, Visitor visitor) {
    Day day = days.remove(date);
    if (day == null) {
      return;
    }
    for (Piece piece : day.pieces) {
      show(read(piece), piece.length(), visitor);
    }
    if (day.rows != null) {
      heapBytes -= day.rows.array().length;
      show(day.rows.array(), day.rows.size(), visitor);
    }
  }

  private static void show(byte[] rows, int length, Visitor visitor) {
    for (int at = 0; at < length; ) {
      int end = at + Bytes.intAt(rows, at);
      visitor.row(rows, at + HEADER, end);
      at = end;
    }
  }

  private byte[] read(Piece piece) {
    FileChannel open = file;
    try {
      if (open == null) {
        throw new EOFException("the temporary file was closed");
      }
      ByteBuffer rows = ByteBuffer.allocate(piece.length());
      while (rows.hasRemaining()) {
        if (open.read(rows, piece.start() + rows.position()) < 0) {
          throw new EOFException("the temporary file was cut");
        }
      }
      return rows.array();
    } catch (IOException e) {
      throw failed("read", e);
    }
  }

  /** Forgets all rows and lets go of the temporary file. */
  @Override
  public void close() {
    days.clear();
    heapBytes = 0;
    FileChannel open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw failed("let go of", e);
      }
    }
  }
}
