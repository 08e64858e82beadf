package clicklake.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Generated events in files, with what a correct job counts in them.
 *
 * @param folder holds {@code events} and {@code expected.json}
 */
record DataSet(Path folder, long records) {

  Path events() {
    return folder.resolve("events");
  }

  Path expectedFile() {
    return folder.resolve("expected.json");
  }

  JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(expectedFile().toFile());
  }

  /** Whether it was generated to its end; the counts are written last. */
  boolean isThere() {
    return Files.exists(expectedFile());
  }

  /** Takes a line, which lies in {@code bytes} without its line feed. */
  interface LineTaker {
    void take(long number, byte[] bytes, int start, int end) throws IOException;
  }

  /** All lines in their order, counted from 0. */
  void forEachLine(LineTaker taker) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(events(), "*.ndjson")) {
      listed.forEach(files::add);
    }
    Collections.sort(files);
    long number = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          taker.take(number++, bytes, start, i);
          start = i + 1;
        }
      }
    }
  }
}
