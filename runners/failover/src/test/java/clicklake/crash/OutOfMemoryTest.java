package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.testing.ChildProcess;
import clicklake.schemas.lake.LakeLocation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A job whose memory is too small ends, with exit code 1 and one line that says what to do, on
 * every runner; with more memory it goes on where it was.
 */
class OutOfMemoryTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private Path landing;

  @BeforeEach
  void makeLanding() throws IOException {
    landing = Files.createDirectory(folder.resolve("landing"));
  }

  static List<Arguments> moments() {
    List<Arguments> all = new ArrayList<>();
    for (String moment : List.of("RECORDS_WRITTEN", "BEFORE_COMMIT", "GOLD_WRITTEN")) {
      for (Runner runner : Runner.values()) {
        for (boolean continuous : new boolean[] {false, true}) {
          if (Form.isLong() || !continuous && moment.equals("BEFORE_COMMIT")) {
            all.add(Arguments.of(moment, runner, continuous));
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest(name = "at {0} on {1}, continuously {2}")
  @MethodSource("moments")
  void aTaskWithoutMemoryEndsTheJobWithOneLine(String moment, Runner runner, boolean continuous)
      throws IOException {
    writeEvents(500);
    JobProcess job = stream(runner).exhaustedAt(moment);

    assertThat(failure(continuous ? job : job.with(List.of("--availableNow"))))
        .matches(
            "out of memory \\(Java heap space\\); raise the heap, which has 7\\d\\d MB"
                + " \\(JAVA_OPTS=-Xmx1\\d\\d\\dm; on a cluster the workers' memory\\), or have fewer"
                + " records in flight \\(--maxInFlight\\); start the job again: what is committed"
                + " stays");

    assertIsFinishedOn(runner, 500);
  }

  @ParameterizedTest(name = "on {0} with {1}")
  @CsvSource({"DIRECT, 40m", "FLINK, 80m"})
  void aHeapThatIsReallyFullEndsTheJobWithOneLine(Runner runner, String heap) throws IOException {
    writeEvents(200_000);

    String line = failure(stream(runner).with(List.of("--availableNow")).withHeap(heap));

    assertThat(line)
        .startsWith("out of memory (")
        .contains("raise the heap, which has ", "JAVA_OPTS=-Xmx", "--maxInFlight");
    assertIsFinishedOn(runner, 200_000);
  }

  @Test
  void anEngineThatEndsTheProcessWithACodeOfItsOwnIsCorrected() throws IOException {
    writeEvents(500);
    JobProcess job =
        stream(Runner.SPARK)
            .with(List.of("--availableNow"))
            .with("spark.executor.killOnFatalError.depth", "5")
            .exhaustedAt("BEFORE_COMMIT");

    // Either the job sees it go and says why, or it is gone before.
    assertThat(failure(job)).contains("start the job again: what is committed stays");

    assertIsFinishedOn(Runner.SPARK, 500);
  }

  @Test
  void anEngineThatDoesNotStartInThisHeapIsSaidSo() throws IOException {
    writeEvents(1);

    assertThat(failure(stream(Runner.SPARK).with(List.of("--availableNow")).withHeap("300m")))
        .startsWith("Spark does not start in a heap of 2")
        .endsWith(" MB; give it 512 MB or more: JAVA_OPTS=-Xmx1g");
  }

  private JobProcess stream(Runner runner) throws IOException {
    return JobProcess.of(
        runner,
        Files.createDirectories(folder.resolve("tmp")),
        "stream",
        "--landing=" + landing,
        "--lake=" + folder.resolve("lake"),
        "--commitEvery=1s");
  }

  /** The one line of ours that a job ends with. */
  private static String failure(JobProcess job) {
    try (ChildProcess child = job.start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code").isEqualTo(1);
      List<String> lines =
          child.output().stream().filter(line -> line.startsWith("clicklake: ")).toList();
      assertThat(lines).hasSize(1);
      return lines.get(0).substring("clicklake: ".length());
    }
  }

  private void assertIsFinishedOn(Runner runner, int events) throws IOException {
    try (ChildProcess child = stream(runner).with(List.of("--availableNow")).start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code").isZero();
    }
    assertThat(EventLake.at(LakeLocation.of(folder.resolve("lake"))).counts())
        .isEqualTo(new LakeCounts(events, events, 0, 0, 0));
  }

  private void writeEvents(int count) throws IOException {
    String page = "/".repeat(300);
    try (BufferedWriter out = Files.newBufferedWriter(landing.resolve("events.ndjson"))) {
      for (int i = 0; i < count; i++) {
        out.write(
            String.format(
                "{\"event_id\":\"00000000-0000-4000-8000-%012x\",\"schema_version\":1,"
                    + "\"event_time\":\"2024-03-01T10:%02d:00Z\",\"user_id\":\"u%d\","
                    + "\"action\":\"view\",\"page\":\"%s\"}%n",
                i, i % 60, i, page));
      }
    }
  }
}
