package clicklake.bench.floor;

import clicklake.bench.events.Event;





import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A part of a file. A line belongs to the part that it begins in. */
record Chunk(Path file, long from, long to) {
  static final int SIZE = 16 << 20;
  private static final int LONGEST_LINE = 1 << 16;

  /** What was read: the lines from {@code start} to {@code end} of the buffer. */
  record Lines(int start, int end, long bufferAt) {}

  static List<Chunk> of(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder, "*.ndjson")) {
      listed.forEach(files::add);
    }
    Collections.sort(files);
    List<Chunk> chunks = new ArrayList<>();
    for (Path file : files) {
      long size = Files.size(file);
      for (long at = 0; at < size; at += SIZE) {
        chunks.add(new Chunk(file, at, Math.min(size, at + SIZE)));
      }
    }
    return chunks;
  }

  static byte[] newBuffer() {
    return new byte[SIZE + LONGEST_LINE];
  }

  Lines read(byte[] into) throws IOException {
    long at = from == 0 ? 0 : from - 1;
    int read;
    try (FileChannel channel = FileChannel.open(file)) {
      long most = Math.min(into.length - Event.PADDING, channel.size() - at);
      ByteBuffer buffer = ByteBuffer.wrap(into, 0, (int) most);
      while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) > 0) {
        // on until it is full
      }
      read = buffer.position();
    }
    int start = 0;
    if (from > 0) {
      while (into[start] != '\n') {
        start++;
      }
      start++;
    }
    int end = (int) (to - at);
    if (end >= read) {
      return new Lines(start, read, at);
    }
    while (end < read && into[end - 1] != '\n') {
      end++;
    }
    return new Lines(start, end, at);
  }
}
