package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.Jobs;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.ObjectStore;
import clicklake.io.testing.PackagedRunner;
import clicklake.options.read.CommandLine;
import clicklake.options.read.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs the program as its main class does. */
final class Program {
  private static final String RUNNER =
      "--runner=" + System.getProperty("clicklake.runner", "DirectRunner");

  private Program() {}

  /** Runs a job in this process; returns the exit code. */
  static int run(String job, String... options) {
    return Jobs.run((Invocation.Run) CommandLine.parse(words(job, options), Map.of()));
  }

  /** One round of stream that must succeed. */
  static void round(String... options) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "--availableNow";
    assertThat(run("stream", all)).isZero();
  }

  /** What a job prints, which must end with this exit code. */
  static String printed(int exit, String job, String... options) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      assertThat(run(job, options)).isEqualTo(exit);
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8);
  }

  /** A process of its own, not yet started; of the packaged runner, if these are its tests. */
  static ChildProcess.Builder process(String job, String... options) {
    ChildProcess.Builder process =
        ChildProcess.java("clicklake.Clicklake")
            .flags(opens())
            .flags("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            .arguments(words(job, options).toArray(String[]::new));
    packagedRunner()
        .ifPresent(runner -> process.classPath(runner.classPath()).flags(runner.flags()));
    return process;
  }

  private static Optional<PackagedRunner> packagedRunner() {
    return Optional.ofNullable(System.getProperty("clicklake.runner"))
        .flatMap(
            runner -> PackagedRunner.of(runner.replace("Runner", "").toLowerCase(Locale.ROOT)));
  }

  /** What this JVM was told to open for the runner. */
  private static String[] opens() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens"))
        .toArray(String[]::new);
  }

  private static List<String> words(String job, String... options) {
    List<String> words = new ArrayList<>(List.of(job, RUNNER));
    words.addAll(List.of(options));
    return ObjectStore.withLakesInStore(words);
  }
}
