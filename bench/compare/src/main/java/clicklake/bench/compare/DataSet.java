package clicklake.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
