package clicklake.io.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The class paths of the service modules under {@code io/services}, as the build left them there.
 */
final class ServiceClassPath {

  private ServiceClassPath() {}

  /**
   * The class path of one service module: its own classes, if it has any, then its libraries.
   *
   * @throws IllegalStateException when the module was not built, or its libraries are gone since;
   *     the message names the command that builds it
   */
  static String of(String module) {
    return of(projectRoot(Path.of("").toAbsolutePath()), module);
  }

  static String of(Path projectRoot, String module) {
    Path target = projectRoot.resolve("io/services").resolve(module).resolve("target");
    Path list = target.resolve("classpath.txt");
    if (!Files.exists(list)) {
      throw new IllegalStateException(
          "The test service " + module + " has no class path at " + list + remedy(module));
    }
    String libraries;
    try {
      libraries = Files.readString(list).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    Arrays.stream(libraries.split(File.pathSeparator))
        .filter(library -> !Files.exists(Path.of(library)))
        .findFirst()
        .ifPresent(
            missing -> {
              throw new IllegalStateException(
                  "The class path of the test service "
                      + module
                      + " names "
                      + missing
                      + ", which does not exist"
                      + remedy(module));
            });
    Path classes = target.resolve("classes");
    return Files.exists(classes) ? classes + File.pathSeparator + libraries : libraries;
  }

  private static String remedy(String module) {
    return "; make it with: mvn -q -pl io/services/" + module + " compile";
  }

  /** The nearest folder at or above {@code start} that holds Clicklake's root pom and its .mvn. */
  static Path projectRoot(Path start) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".mvn")) && isRootPom(folder.resolve("pom.xml"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "No folder at or above "
            + start
            + " holds Clicklake's root pom.xml and .mvn; run the tests inside the project");
  }

  private static boolean isRootPom(Path pom) {
    try {
      return Files.exists(pom)
          && Files.readString(pom).contains("<artifactId>clicklake</artifactId>");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
