package clicklake.io.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A runner as {@code package} leaves it, from which {@code bin/clicklake} starts: its libraries and
 * the archive of their classes. A job that starts from them takes half the processor time to begin.
 */
public final class PackagedRunner {
  private static final List<String> MODULES = List.of("schemas", "transforms", "io", "pipeline");

  private final Path libraries;
  private final Path archive;

  private PackagedRunner(Path target) {
    libraries = target.resolve("lib");
    archive = target.resolve("clicklake.jsa");
  }

  /**
   * The packaged {@code direct}, {@code flink} or {@code spark}; none if it was not packaged since
   * a class of ours was compiled.
   */
  public static Optional<PackagedRunner> of(String runner) {
    Path root = ServiceClassPath.projectRoot();
    PackagedRunner packaged = new PackagedRunner(root.resolve("runners/" + runner + "/target"));
    return packaged.isOfNewestClasses(root) ? Optional.of(packaged) : Optional.empty();
  }

  /** For the JVM's {@code -cp}. */
  public String classPath() {
    return libraries.resolve("*").toString();
  }

  /** Flags of a JVM that starts with {@link #classPath}; one that cannot use them says nothing. */
  public String[] flags() {
    return new String[] {
      "-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"
    };
  }

  private boolean isOfNewestClasses(Path root) {
    if (!Files.exists(archive) || !Files.isDirectory(libraries)) {
      return false;
    }
    try (Stream<Path> files = Files.list(libraries)) {
      List<Path> jars = files.toList();
      for (String module : MODULES) {
        FileTime compiled = newest(root.resolve(module).resolve("target/classes"));
        if (jars.stream().noneMatch(jar -> isOf(module, jar) && isNoOlder(jar, compiled))) {
          return false;
        }
      }
      return true;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static boolean isOf(String module, Path jar) {
    return jar.getFileName().toString().matches(module + "-\\d.*\\.jar");
  }

  private static boolean isNoOlder(Path jar, FileTime time) {
    return time(jar).compareTo(time) >= 0;
  }

  private static FileTime newest(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(Files::isRegularFile)
          .map(PackagedRunner::time)
          .max(FileTime::compareTo)
          .orElse(FileTime.fromMillis(0));
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
