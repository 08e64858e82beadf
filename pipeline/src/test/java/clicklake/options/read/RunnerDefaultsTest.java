package clicklake.options.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import clicklake.options.ConfigException;
import clicklake.options.RunnerProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.runners.direct.DirectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerDefaultsTest {
  @TempDir private Path folder;

  private static Invocation.Run run(String... arguments) {
    return (Invocation.Run) CommandLine.parse(List.of(arguments), Map.of());
  }

  /** Only the profile: the other keys of a resource are known where its runner is. */
  private static RunnerProfile profile(String runner) throws IOException {
    String resource = "/clicklake/runners/" + runner + ".yaml";
    try (InputStream in = RunnerDefaults.class.getResourceAsStream(resource)) {
      ConfigSource file =
          YamlFile.readOfRunner(
              resource,
              new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8),
              RunnerOptions.registered(),
              new ArrayList<>());
      List<String> faults = new ArrayList<>();
      RunnerProfile profile = RunnerProfile.of(file.profile(), faults);
      assertThat(faults).isEmpty();
      return profile;
    }
  }

  @Test
  void eachRunnerHasItsProfile() throws IOException {
    assertThat(profile("FlinkRunner")).isEqualTo(new RunnerProfile(false, true, 0.05));
    assertThat(profile("SparkRunner")).isEqualTo(new RunnerProfile(true, false, 0.5));
    assertThat(profile("SparkStructuredStreamingRunner").readsInRounds()).isTrue();
    assertThat(run("stream").profile()).isEqualTo(RunnerProfile.DEFAULT);
  }

  @Test
  void defaultsAreFoundByEveryNameThatBeamTakes() {
    for (String name :
        List.of(
            "DirectRunner",
            "directrunner",
            "direct",
            "org.apache.beam.runners.direct.DirectRunner")) {
      assertThat(run("stream", "--runner=" + name).options().as(DirectOptions.class).isBlockOnRun())
          .as(name)
          .isFalse();
    }
  }

  @Test
  void aFolderBelowTheStateDirIsNamedOnlyWhereThereIsOne() {
    List<String> files = List.of("SparkRunner", "SparkRunner-embedded");

    assertThat(new RunnerDefaults(files, Path.of("/state")).engineProperties())
        .containsEntry("spark.local.dir", "/state/spark")
        .containsEntry("spark.ui.enabled", "false");
    assertThat(new RunnerDefaults(files, null).engineProperties())
        .doesNotContainKey("spark.local.dir")
        .containsEntry("spark.ui.enabled", "false");
  }

  @Test
  void aProfileIsNothingThatAUserGives() throws IOException {
    Path config = Files.writeString(folder.resolve("a.yaml"), "profile.readsInRounds: true\n");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> run("stream", "--config=" + config))
        .withMessage(config + ":1:1: unknown key profile.readsInRounds");
  }

  @Test
  void aValueOfAProfileIsPlain() throws IOException {
    List<String> faults = new ArrayList<>();
    YamlFile.readOfRunner(
        "Some.yaml",
        new StringReader("profile.shardShare:\n  of: 1\n"),
        RunnerOptions.registered(),
        faults);
    assertThat(faults)
        .containsExactly(
            "Some.yaml:2:3: profile.shardShare must have a plain value; keys are not nested here");
  }
}
