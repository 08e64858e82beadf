package clicklake.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Lines for people, on the console and in {@code target/soak-report.txt}. */
final class Report {
  private final Path file = Path.of(System.getProperty("clicklake.soak.report", "target/soak.txt"));
  private final String story;

  /** A part of the report, about one job. */
  Report(String story) {
    this.story = story;
    line("%s", "at a load of " + load() + " of the machine's " + cores() + " cores");
  }

  private static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  void line(String format, Object... values) {
    String line = story + ": " + String.format(Locale.ROOT, format, values);
    System.out.println(line);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }
}
