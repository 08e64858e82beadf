package clicklake.io.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files of the project that tests use as a user would: built jars, sample configuration, scripts.
 */
public final class BuiltFile {

  private BuiltFile() {}

  /**
   * A file by its path from the project's root.
   *
   * @throws IllegalStateException when it is not there; the message names the command that builds
   *     what the build makes
   */
  public static Path at(String path) {
    Path file = ServiceClassPath.projectRoot(Path.of("").toAbsolutePath()).resolve(path);
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "There is no " + file + "; build it with: mvn -q -DskipTests package");
    }
    return file;
  }
}
