package clicklake.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Finds files of a landing folder. */
final class SourceFiles {
  private SourceFiles() {}

  /** The first by name that is not compressed. */
  static Path first(Path landing) throws IOException {
    try (Stream<Path> files = Files.walk(landing)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".ndjson"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }
}
