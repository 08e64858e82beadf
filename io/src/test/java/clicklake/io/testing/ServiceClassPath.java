package clicklake.io.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The class paths of the service modules under {@code io/services} and of the runners' modules
 * under {@code runners}, as the build left them there.
 */
public final class ServiceClassPath {

  private static final String RUNNER_REMEDY =
      "; make it with: mvn -q -pl runners/direct,runners/flink,runners/spark -am process-classes";

  private ServiceClassPath() {}

  /**
   * The class path of the job with one runner: {@code direct}, {@code flink} or {@code spark}.
   *
   * @throws IllegalStateException when the module was not built, or its libraries are gone since;
   *     the message names the command that builds it
   */
  public static String ofRunner(String runner) {
    return read(
        projectRoot().resolve("runners").resolve(runner).resolve("target/classpath.txt"),
        "runner " + runner,
        RUNNER_REMEDY);
  }

  /** The folder of Clicklake's root pom, found from the working directory upwards. */
  public static Path projectRoot() {
    return projectRoot(Path.of("").toAbsolutePath());
  }

  /**
   * The class path of one service module: its own classes, if it has any, then its libraries.
   *
   * @throws IllegalStateException when the module was not built, or its libraries are gone since;
   *     the message names the command that builds it
   */
  static String of(String module) {
    return of(projectRoot(), module);
  }

  static String of(Path projectRoot, String module) {
    Path target = projectRoot.resolve("io/services").resolve(module).resolve("target");
    String libraries =
        read(target.resolve("classpath.txt"), "test service " + module, remedy(module));
    Path classes = target.resolve("classes");
    return Files.exists(classes) ? classes + File.pathSeparator + libraries : libraries;
  }

  private static String read(Path list, String what, String remedy) {
    if (!Files.exists(list)) {
      throw new IllegalStateException("The " + what + " has no class path at " + list + remedy);
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
                  "The class path of the "
                      + what
                      + " names "
                      + missing
                      + ", which does not exist"
                      + remedy);
            });
    return libraries;
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
