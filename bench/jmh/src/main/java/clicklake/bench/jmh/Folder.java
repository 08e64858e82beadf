package clicklake.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder for what a benchmark writes, in the system's place for temporary files. */
public final class Folder {
  private @Nullable Path path;

  /** Makes it. */
  public Path create() throws IOException {
    Path created = Files.createTempDirectory("clicklake-bench-");
    path = created;
    return created;
  }

  /** Deletes what is in it. */
  public void clear() throws IOException {
    Path root = path;
    if (root != null) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          if (!file.equals(root)) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** Deletes it. */
  public void delete() throws IOException {
    clear();
    Path root = path;
    if (root != null) {
      Files.delete(root);
      path = null;
    }
  }
}
