package clicklake.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a process took until it ended, by GNU time.
 *
 * @param seconds on the clock
 * @param cpuSeconds user and system
 * @param peakMegabytes the most resident memory
 */
record Timed(double seconds, double cpuSeconds, long peakMegabytes, List<String> output) {
  private static final String GNU_TIME = "/usr/bin/time";

  /** Seconds on the clock, of user and of system, and KiB. */
  private static final String FORMAT = "%e %U %S %M";

  /** What is done while a command runs. */
  interface Meanwhile {
    void with(Process process) throws IOException, InterruptedException;
  }

  /**
   * From what GNU time wrote, in the form {@link #FORMAT}.
   *
   * @throws IOException if it wrote something else
   */
  static Timed of(String measured, List<String> output) throws IOException {
    String[] figures = measured.strip().split(" ", -1);
    try {
      return new Timed(
          Double.parseDouble(figures[0]),
          Double.parseDouble(figures[1]) + Double.parseDouble(figures[2]),
          Long.parseLong(figures[3]) / 1024,
          output);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException(GNU_TIME + " wrote \"" + measured.strip() + "\"", e);
    }
  }

  /** The last line that is a JSON object. */
  String json() throws IOException {
    for (int i = output.size() - 1; i >= 0; i--) {
      if (output.get(i).startsWith("{")) {
        return output.get(i);
      }
    }
    throw new IOException("no line of JSON in what it said:\n" + String.join("\n", output));
  }

  /**
   * Runs a command to its end.
   *
   * @param logs a folder for what it says; the errors stay there
   * @throws IOException if it fails; the message ends with its last lines
   */
  static Timed run(Path logs, String name, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    return run(logs, name, environment, command, process -> {});
  }

  /** The same, with something to do for it before it can end. */
  static Timed run(
      Path logs,
      String name,
      Map<String, String> environment,
      List<String> command,
      Meanwhile meanwhile)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(GNU_TIME))) {
      throw new IOException(
          "there is no " + GNU_TIME + "; install GNU time (Debian: apt-get install time)");
    }
    Path measured = logs.resolve(name + ".time");
    Path output = logs.resolve(name + ".out");
    Path errors = logs.resolve(name + ".err");
    List<String> words =
        new ArrayList<>(List.of(GNU_TIME, "-f", FORMAT, "-o", measured.toString()));
    words.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().keySet().removeIf(key -> key.startsWith("CLICKLAKE_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread stop = new Thread(() -> stop(process));
    Runtime.getRuntime().addShutdownHook(stop);
    meanwhile.with(process);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (code != 0) {
      List<String> lines = Files.readAllLines(errors);
      throw new IOException(
          name
              + " ended with "
              + code
              + ":\n"
              + String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size())));
    }
    return of(Files.readString(measured), Files.readAllLines(output));
  }

  /** Asks a measured command to end; what measures it ends with it. */
  static void stop(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
  }
}
