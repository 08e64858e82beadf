package clicklake.crash;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.PackagedRunner;
import clicklake.io.testing.ServiceClassPath;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Starts jobs as a user would, in a JVM of their own, on any runner.
 *
 * <p>The JVM is small and quick to start; what runners need opened is opened as it is for Maven.
 */
final class JobProcess {
  private final List<String> flags = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Runner runner;
  private boolean apart;

  private JobProcess(Runner runner) {
    this.runner = runner;
  }

  /**
   * A job to be started.
   *
   * @param temporary takes its temporary files, which it cannot delete when it is killed
   */
  static JobProcess of(Runner runner, Path temporary, String job, String... options) {
    JobProcess process = new JobProcess(runner);
    process.flags.addAll(
        List.of(
            "@" + ServiceClassPath.projectRoot().resolve(".mvn/jvm.config"),
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + temporary));
    process.arguments.addAll(List.of(job, "--runner=" + runner.option()));
    process.arguments.addAll(List.of(options));
    return process;
  }

  /** Sets a system property. */
  JobProcess with(String property, String value) {
    flags.add("-D" + property + "=" + value);
    return this;
  }

  /** Adds options of the job. */
  JobProcess with(List<String> options) {
    arguments.addAll(options);
    return this;
  }

  /** Believes to be in this project's folder. */
  JobProcess withHome(Path home) {
    flags.add("-Dclicklake.home=" + home);
    return this;
  }

  /** Adds variables of its environment. */
  JobProcess in(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /** Says what this configuration of logback, a resource of the tests, lets it say. */
  JobProcess loggingBy(String resource) {
    URL found = Objects.requireNonNull(JobProcess.class.getResource(resource), resource);
    flags.add("-Dlogback.configurationFile=" + found);
    return this;
  }

  /** Dies at a moment ({@link clicklake.schemas.fault.FailPoint}), as by kill -9. */
  JobProcess dyingAt(String moment) {
    flags.add("-Dclicklake.kill.at=" + moment);
    return this;
  }

  /** Stops at a moment, as by SIGSTOP. */
  JobProcess freezingAt(String moment) {
    flags.add("-Dclicklake.freeze.at=" + moment);
    return this;
  }

  /** Runs out of memory at a moment, as far as its own code can tell. */
  JobProcess exhaustedAt(String moment) {
    flags.add("-Dclicklake.exhaust.at=" + moment);
    return this;
  }

  /** Has another heap than jobs have here. */
  JobProcess withHeap(String size) {
    flags.add("-Xmx" + size);
    return this;
  }

  /** Is loaded by a class loader of its own, as by Maven ({@link LoadedApart}). */
  JobProcess loadedApart() {
    apart = true;
    return this;
  }

  ChildProcess start() {
    List<String> words = new ArrayList<>(arguments);
    if (apart) {
      words.add(0, runner.classPath());
    }
    ChildProcess.Builder child =
        ChildProcess.java(apart ? LoadedApart.class.getName() : "clicklake.Clicklake")
            .name(arguments.get(0) + " on " + runner)
            .classPath(apart ? ownClasses() : runner.classPath())
            .flags(flags.toArray(String[]::new))
            .arguments(words.toArray(String[]::new));
    if (!apart) {
      PackagedRunner.of(runner.folder())
          .ifPresent(packaged -> child.classPath(packaged.classPath()).flags(packaged.flags()));
    }
    environment.forEach(child::environment);
    return child.start();
  }

  /** The folder that {@link LoadedApart} is in. */
  private static String ownClasses() {
    return LoadedApart.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
