package clicklake.demo;

import clicklake.options.ConfigException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The folder of the project with what was built in it, for jobs that start others. */
final class Installation {
  private static final String REMEDY = "run: mvn -q -DskipTests package";

  private final Path home;

  private Installation(Path home) {
    this.home = home;
  }

  /**
   * Where this program was started from: {@code clicklake.home}, which {@code bin/clicklake} sets,
   * or Maven's root.
   *
   * @throws ConfigException if it is neither, or the jars of a runner are not built
   */
  static Installation find() {
    String home =
        System.getProperty(
            "clicklake.home", System.getProperty("maven.multiModuleProjectDirectory"));
    if (home == null) {
      throw new ConfigException(
          "--failover starts other jobs and does not know where: start it by bin/clicklake, or say"
              + " -Dclicklake.home=<root of the project>");
    }
    Installation installation = new Installation(Path.of(home));
    List<String> missing =
        Stream.of("direct", "flink", "spark")
            .filter(runner -> !installation.isBuilt(runner))
            .toList();
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "--failover needs every runner, and nothing is built for "
              + String.join(", ", missing)
              + " in "
              + home
              + "; "
              + REMEDY);
    }
    return installation;
  }

  private boolean isBuilt(String runner) {
    return Files.isExecutable(command())
        && Files.isDirectory(home.resolve("runners").resolve(runner).resolve("target/lib"));
  }

  private Path command() {
    return home.resolve("bin/clicklake");
  }

  /**
   * Starts a job as a user would. The process is the job's own JVM, not a shell around it.
   *
   * @param temporary for its temporary files, which it cannot delete when it is killed
   * @param output takes what it says
   */
  Process start(Path temporary, Path output, String job, List<String> options) throws IOException {
    List<String> words = new ArrayList<>(List.of(command().toString(), job));
    words.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // What the environment told this process, its options tell the child.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("CLICKLAKE_") || name.equals("KAFKA_BOOTSTRAP_SERVERS"));
    builder
        .environment()
        .merge("JAVA_OPTS", "-Djava.io.tmpdir=" + temporary, (given, ours) -> given + " " + ours);
    return builder.start();
  }

  /**
   * The class path of a Kafka broker, which the build leaves beside the tests' services.
   *
   * @throws ConfigException if it is not built
   */
  String brokerClassPath() throws IOException {
    Path list = home.resolve("io/services/kafka-broker/target/classpath.txt");
    if (!Files.exists(list)) {
      throw new ConfigException(
          "--failover needs a Kafka broker, and none is built in "
              + home
              + "; "
              + REMEDY
              + ", or give --bootstrapServers=host:port");
    }
    return Files.readString(list).strip();
  }
}
