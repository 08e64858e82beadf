package clicklake.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Path HOME = Path.of("/home/clicklake");

  private static Plan plan(String... args) {
    return Plan.of(HOME, args);
  }

  @Test
  void withoutOptionsEverybodyReadsAMillionRecordsFromFilesThreeTimes() {
    assertThat(plan())
        .isEqualTo(
            new Plan(
                List.of(1_000_000L),
                List.of(
                    Contestant.FLOOR,
                    Contestant.FLINK,
                    Contestant.SPARK,
                    Contestant.CLICKLAKE_FLINK,
                    Contestant.CLICKLAKE_SPARK,
                    Contestant.CLICKLAKE_DIRECT),
                List.of("files"),
                List.of(4),
                List.of(0),
                3,
                HOME.resolve("bench/target/work"),
                HOME.resolve("bench/results/results.jsonl"),
                HOME.resolve("bench/results/baseline.jsonl"),
                "",
                ""));
  }

  @Test
  void everyOptionIsRead() {
    assertThat(
            plan(
                "--sizes=1m,20k,7",
                "--contestants=clicklake-spark,floor",
                "--sources=kafka,files",
                "--partitions=1,2,8",
                "--portions=0",
                "--repetitions=0",
                "--work=/elsewhere",
                "--results=out/r.jsonl",
                "--baseline=../b.jsonl",
                "--javaOptions=-Xmx1g -Dkey=value",
                "--peerOptions=-Xms2g -Xmx2g"))
        .isEqualTo(
            new Plan(
                List.of(1_000_000L, 20_000L, 7L),
                List.of(Contestant.CLICKLAKE_SPARK, Contestant.FLOOR),
                List.of("kafka", "files"),
                List.of(1, 2, 8),
                List.of(0),
                0,
                Path.of("/elsewhere"),
                HOME.resolve("out/r.jsonl"),
                Path.of("/home/b.jsonl"),
                "-Xmx1g -Dkey=value",
                "-Xms2g -Xmx2g"));
  }

  @Test
  void portionsAreANumberEach() {
    assertThat(plan("--portions=1,10,100,1000").portions()).containsExactly(1, 10, 100, 1000);
  }

  @Test
  void allFaultsAreToldTogether() {
    assertThatThrownBy(
            () ->
                plan(
                    "--size=1m",
                    "sizes",
                    "--sizes=1g,0",
                    "--contestants=beam",
                    "--sources=s3",
                    "--partitions=0",
                    "--portions=x",
                    "--repetitions=-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            there is no option --size=1m
            there is no option sizes
            a size is a number, with k or m behind it if you like, not 1g
            a size is a number, with k or m behind it if you like, not 0
            there is no contestant beam
            sources are files and kafka, not [s3]
            partitions are 1 to 99, not 0
            portions are 0 to 9999, not x
            repetitions are 0 to 99, not -1\
            """);
  }

  @Test
  void aTopicDoesNotComeInPortions() {
    assertThatThrownBy(() -> plan("--sources=files,kafka", "--portions=10"))
        .hasMessage("portions are of files, not of a topic");
  }

  @Test
  void thereAreNoMorePortionsThanRecords() {
    assertThat(plan("--sizes=100", "--portions=100").portions()).containsExactly(100);
    assertThatThrownBy(() -> plan("--sizes=100,99", "--portions=10,100"))
        .hasMessage("a portion has at least one record");
  }

  @Test
  void theUsageNamesEveryOption() {
    assertThat(Plan.USAGE.lines().map(String::strip).filter(line -> line.startsWith("--")))
        .map(line -> line.substring(2, line.indexOf('=')))
        .containsExactly(
            "sizes",
            "contestants",
            "sources",
            "partitions",
            "portions",
            "repetitions",
            "work",
            "javaOptions",
            "peerOptions",
            "results",
            "baseline");
  }
}
