package clicklake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the build leaves beside a runner's libraries, for {@code bin/clicklake} to start from. */
class ClassArchiveTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @ParameterizedTest
  @ValueSource(strings = {"DirectRunner", "FlinkRunner", "SparkRunner"})
  void aJobLoadsItsClassesFromTheArchive(String runner, @TempDir Path folder)
      throws IOException, InterruptedException {
    Path landing = folder.resolve("landing");
    Path lake = folder.resolve("lake");
    Path loaded = folder.resolve("loaded.txt");
    Outcome landed = Shoppers.land(landing, 11, 1_000);

    CommandLineTool.Result result =
        CommandLineTool.run(
            folder,
            StreamArguments.ofLanding(runner, landing, lake).with("--availableNow"),
            PATIENCE,
            "-Xlog:class+load:file=" + loaded);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Outcome.verified(lake)).isEqualTo(landed);
    List<String> lines = Files.readAllLines(loaded);
    long archived = lines.stream().filter(line -> line.contains("shared objects file")).count();
    List<String> read = lines.stream().filter(line -> line.contains("/target/lib/")).toList();
    assertThat(lines)
        .anyMatch(line -> line.contains(" clicklake.Clicklake source: shared objects file"));
    assertThat(read)
        .as("%d classes are from the archive", archived)
        .hasSizeLessThan((int) (archived / 20));
  }
}
