package clicklake.schemas.spill;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of temporary files that take what does not fit the heap. A value that may be sent to
 * workers; the folder is one of the machine that uses it.
 *
 * @param path null for {@code java.io.tmpdir} of the process that uses it
 * @param ofState whether it lies below {@code --stateDir}: then it is made when it is missing,
 *     which it may be at any time
 */
public record SpillFolder(@Nullable String path, boolean ofState) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** That of the JVM: {@code java.io.tmpdir}. */
  public static final SpillFolder OF_JVM = new SpillFolder(null, false);

  /** A folder below the one of {@code --stateDir}. */
  public static SpillFolder below(Path stateDir) {
    return new SpillFolder(stateDir.resolve("spill").toString(), true);
  }

  /**
   * Makes an empty file, which the caller deletes.
   *
   * @param prefix of its name
   */
  public Path newFile(String prefix) throws IOException {
    Path folder = folder();
    return Files.createTempFile(ofState ? Files.createDirectories(folder) : folder, prefix, ".tmp");
  }

  private Path folder() {
    return Path.of(path == null ? System.getProperty("java.io.tmpdir") : path);
  }

  /** What names it: for the words of a failure. */
  public String setting() {
    return ofState ? "--stateDir" : "-Djava.io.tmpdir";
  }

  /** The folder, as this process sees it. */
  @Override
  public String toString() {
    return folder().toString();
  }
}
