package clicklake.clusters;

import clicklake.io.testing.BuiltFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code bin/clicklake}, as a user calls it. */
final class CommandLineTool {

  private CommandLineTool() {}

  /** What it ended with, and all it wrote. */
  record Result(int exitCode, String output) {}

  /** Runs a job to its end, which has to come in time. */
  static Result run(
      Path folder, StreamArguments arguments, Duration patience, String... javaOptions)
      throws IOException, InterruptedException {
    Process process = start(folder, arguments, javaOptions);
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "bin/clicklake did not end within " + patience + ": " + output(folder));
      }
      return new Result(process.exitValue(), output(folder));
    } finally {
      process.destroyForcibly();
    }
  }

  /** Starts a job, which is the process itself: the script becomes it. */
  static Process start(Path folder, StreamArguments arguments, String... javaOptions)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(BuiltFile.at("bin/clicklake").toString()));
    command.addAll(arguments.words());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(folder).toFile())
            .directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    List<String> flags =
        new ArrayList<>(
            List.of("-Xmx768m", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"));
    flags.addAll(List.of(javaOptions));
    builder.environment().put("JAVA_OPTS", String.join(" ", flags));
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return builder.start();
  }

  /** What it wrote so far. */
  static String output(Path folder) throws IOException {
    return Files.readString(log(folder));
  }

  private static Path log(Path folder) {
    return folder.resolve("clicklake.log");
  }
}
