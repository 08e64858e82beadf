package clicklake.crash;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.ServiceClassPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts jobs as a user would, in a JVM of their own, on any runner.
 *
 * <p>The JVM is small and quick to start; what runners need opened is opened as it is for Maven.
 */
final class JobProcess {
  private final List<String> flags = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Runner runner;
  private final Map<String, String> environment;

  private JobProcess(Runner runner, Map<String, String> environment) {
    this.runner = runner;
    this.environment = environment;
  }

  static JobProcess of(Runner runner, String job, String... options) {
    return of(runner, Map.of(), job, options);
  }

  static JobProcess of(
      Runner runner, Map<String, String> environment, String job, String... options) {
    JobProcess process = new JobProcess(runner, environment);
    process.flags.addAll(
        List.of(
            "@" + ServiceClassPath.projectRoot().resolve(".mvn/jvm.config"),
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
    process.arguments.add(job);
    process.arguments.add("--runner=" + runner.option());
    process.arguments.addAll(List.of(options));
    return process;
  }

  /** Adds options of the job. */
  JobProcess with(List<String> options) {
    arguments.addAll(options);
    return this;
  }

  /** Dies at a moment ({@link clicklake.schemas.lake.FailPoint}), as by kill -9. */
  JobProcess dyingAt(String moment) {
    flags.add("-Dclicklake.kill.at=" + moment);
    return this;
  }

  /** Stops at a moment, as by SIGSTOP. */
  JobProcess freezingAt(String moment) {
    flags.add("-Dclicklake.freeze.at=" + moment);
    return this;
  }

  ChildProcess start() {
    ChildProcess.Builder child =
        ChildProcess.java("clicklake.Clicklake")
            .name(arguments.get(0) + " on " + runner)
            .classPath(runner.classPath())
            .flags(flags.toArray(String[]::new))
            .arguments(arguments.toArray(String[]::new));
    environment.forEach(child::environment);
    return child.start();
  }
}
