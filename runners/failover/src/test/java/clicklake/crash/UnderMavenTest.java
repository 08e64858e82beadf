package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.testing.ChildProcess;
import clicklake.schemas.lake.LakeLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code mvn exec:java} loads the program apart from the JVM's class path; engines must bear it.
 */
class UnderMavenTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theJobRunsLoadedByAClassLoaderOfItsOwn(Runner runner) throws Exception {
    Path landing = Files.createDirectory(folder.resolve("landing"));
    Files.writeString(
        landing.resolve("events.ndjson"),
        """
        {"event_id":"00000000-0000-4000-8000-000000000001","schema_version":1,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"view","page":"/"}
        broken
        """);
    Path lake = folder.resolve("lake");

    try (ChildProcess job =
        JobProcess.of(
                runner,
                folder,
                "stream",
                "--availableNow",
                "--landing=" + landing,
                "--lake=" + lake)
            .loadedApart()
            .start()) {
      assertThat(job.waitFor(Duration.ofMinutes(2))).as("exit code, %s", job.output()).isEqualTo(0);
    }

    assertThat(EventLake.at(LakeLocation.of(lake)).counts())
        .isEqualTo(new LakeCounts(2, 1, 1, 0, 0));
  }
}
