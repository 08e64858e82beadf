package clicklake.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTest {
  @TempDir private Path folder;

  @Test
  void whatIsKeptIsReadAgainInItsOrder() throws IOException {
    Result first = Results.with(Results.kafka("flink", 8, 20.5), "2g", "silver: 1, not 2");
    Result second = Results.portions("clicklake-flink", 1000, 30.25);
    Path file = folder.resolve("new/results.jsonl");

    first.append(file);
    second.append(file);

    assertThat(Result.read(file)).containsExactly(first, second);
  }

  @Test
  void aResultIsALine() throws IOException {
    Path file = folder.resolve("results.jsonl");

    Results.with(Results.kafka("clicklake-spark", 4, 20), "-Xmx1g", "not balanced").append(file);

    assertThat(file)
        .hasContent(
            """
            {"at":"2026-01-16T00:00:00Z","contestant":"clicklake-spark","source":"kafka",\
            "partitions":4,"portions":0,"records":1000000,"seconds":10.0,"cpu":20.0,\
            "peakMb":1234,"bytes":101000000,"bronzeBytes":60000000,"silverBytes":40000000,\
            "commits":3,"load":1.25,"options":"-Xmx1g","wrong":"not balanced"}
            """);
  }

  @Test
  void aLineOfAnEarlierFormStillCounts() throws IOException {
    Path file = folder.resolve("baseline.jsonl");
    Files.writeString(
        file,
        """
        {"at":"2026-01-16T00:00:00Z","contestant":"floor","source":"files","records":1000000,\
        "seconds":5.0,"cpu":10.0,"goldCpu":1.5,"peakMb":1234,"bytes":101000000,\
        "bronzeBytes":60000000,"silverBytes":40000000,"load":1.25,"options":"","wrong":""}
        """);

    assertThat(Result.read(file)).containsExactly(Results.files("floor", 10));
  }

  @Test
  void withoutAFileThereAreNone() throws IOException {
    assertThat(Result.read(folder.resolve("none.jsonl"))).isEmpty();
  }
}
