package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.ObjectStore;
import clicklake.io.testing.ServiceClassPath;
import clicklake.schemas.lake.LakeLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo --failover} as a user sees it; its jobs run on the class paths of the build. */
class FailoverDemoTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir Path folder;
  private Path home;

  /** A project's folder in which everything is built, so that no jars need be packaged. */
  @BeforeEach
  void build() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    Path root = ServiceClassPath.projectRoot();
    Files.createDirectory(home.resolve("bin"));
    Files.copy(root.resolve("bin/clicklake"), home.resolve("bin/clicklake"));
    for (Runner runner : Runner.values()) {
      Path lib = home.resolve(runner.module()).resolve("target/lib");
      Files.createDirectories(lib);
      Files.createSymbolicLink(lib.resolve("all.jar"), pathingJar(runner));
    }
    Path kafka = Path.of("io/services/kafka-broker/target");
    Files.createDirectories(home.resolve(kafka));
    Files.copy(
        root.resolve(kafka).resolve("classpath.txt"), home.resolve(kafka).resolve("classpath.txt"));
  }

  private Path pathingJar(Runner runner) throws IOException {
    return PathingJar.write(folder.resolve(runner + ".jar"), runner.classPath());
  }

  private ChildProcess demo(String... options) {
    String[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = "--lake=" + folder.resolve("lake");
    return JobProcess.of(Runner.DIRECT, folder, "demo", "--failover", "--events=6000")
        .with(ObjectStore.withLakesInStore(List.of(all)))
        .withHome(home)
        .start();
  }

  @Test
  void killedOnFlinkAndOnSparkTheLakeHoldsWhatWasProduced() throws IOException {
    try (ChildProcess demo = demo()) {
      assertThat(demo.waitFor(PATIENCE)).as("exit code, %s", demo.output()).isZero();

      List<String> output = demo.output();
      assertThat(output).anyMatch(line -> line.matches(" *FlinkRunner .* kill -9 after [0-9.]+ s"));
      assertThat(output).anyMatch(line -> line.matches(" *SparkRunner .* kill -9 after [0-9.]+ s"));
      assertThat(output)
          .anyMatch(line -> line.matches(" *DirectRunner .* finished after [0-9.]+ s"));
      assertThat(output).anyMatch(line -> line.matches(" *produced +6,000 .* the same"));
      assertThat(output.get(output.size() - 1)).isEqualTo("balanced");
    }
    assertThat(EventLake.at(LakeLocation.of(folder.resolve("lake"))).counts().bronze())
        .isEqualTo(6000);
    assertThat(leftOver()).isEmpty();
  }

  @Test
  void nothingOutlivesADemoThatIsInterrupted() throws IOException {
    try (ChildProcess demo = demo()) {
      demo.awaitLine("records go to the topic", PATIENCE);
      List<ProcessHandle> children = awaitChildren(demo, 2);
      demo.terminate();
      demo.waitFor(PATIENCE);
      assertThat(children).noneMatch(ProcessHandle::isAlive);
    }
    assertThat(leftOver()).isEmpty();
  }

  /** The broker and the job. */
  private static List<ProcessHandle> awaitChildren(ChildProcess demo, int count) {
    ProcessHandle process = ProcessHandle.of(demo.pid()).orElseThrow();
    Awaitility.await("children of the demo")
        .atMost(PATIENCE)
        .until(() -> process.children().count() == count);
    return process.descendants().toList();
  }

  private List<Path> leftOver() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains("clicklake-failover-")).toList();
    }
  }

  @Test
  void withoutABuildOneLineSaysHowToBuild() throws IOException {
    Files.delete(home.resolve("runners/spark/target/lib/all.jar"));
    Files.delete(home.resolve("runners/spark/target/lib"));

    try (ChildProcess demo = demo()) {
      assertThat(demo.waitFor(PATIENCE)).isEqualTo(2);
      assertThat(demo.output())
          .containsExactly(
              "clicklake: --failover needs every runner, and nothing is built for spark in "
                  + home
                  + "; run: mvn -q -DskipTests package");
    }
    assertThat(folder.resolve("lake")).doesNotExist();
  }
}
