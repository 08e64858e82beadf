package clicklake.bench.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final String HEAD =
      """
      | source | records | who | right | s | events/s | CPU µs/event | ÷ floor | ÷ flink \
      | ÷ spark | ÷ files | peak MB | MB written | bronze / silver | commits | load \
      | before: s, CPU µs, peak MB |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private static String table(List<Result> baseline, Result... results) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    new Summary(baseline).print(List.of(results), new PrintStream(printed, true, UTF_8));
    return printed.toString(UTF_8);
  }

  @Test
  void aRowHoldsMediansAndTheirRatiosToThePeers() {
    assertThat(
            table(
                List.of(),
                Results.files("floor", 10),
                Results.files("flink", 20),
                Results.files("spark", 50),
                Results.files("clicklake-flink", 99),
                Results.files("floor", 30),
                Results.files("clicklake-flink", 12),
                Results.files("clicklake-flink", 15)))
        .isEqualTo(
            HEAD
                + """
                | files | 1,000,000 | floor | yes | 10.0 | 133,333 | 20.0 (10.0–30.0) | 1.00 | 1.00 \
                | 0.40 | 1.00 | 1,234 | 101 | 60 / 40 | – | 1.3 | – |
                | files | 1,000,000 | flink | yes | 10.0 | 100,000 | 20.0 | 1.00 | 1.00 \
                | 0.40 | 1.00 | 1,234 | 101 | 60 / 40 | – | 1.3 | – |
                | files | 1,000,000 | spark | yes | 25.0 | 40,000 | 50.0 | 2.50 | 2.50 \
                | 1.00 | 1.00 | 1,234 | 101 | 60 / 40 | – | 1.3 | – |
                | files | 1,000,000 | clicklake-flink | yes | 7.5 | 133,333 | 15.0 (12.0–99.0) | 0.75 | 0.75 \
                | 0.30 | 1.00 | 1,234 | 101 | 60 / 40 | 3 | 1.3 | – |
                """);
  }

  @Test
  void eachWayOfArrivalIsARowComparedWithItsOwnFilesAndItsOwnPeers() {
    assertThat(
            table(
                List.of(),
                Results.files("clicklake-flink", 20),
                Results.kafka("flink", 1, 50),
                Results.kafka("clicklake-flink", 1, 25),
                Results.kafka("clicklake-flink", 8, 30),
                Results.portions("clicklake-flink", 1000, 40)))
        .isEqualTo(
            HEAD
                + """
                | files | 1,000,000 | clicklake-flink | yes | 10.0 | 100,000 | 20.0 | – | – \
                | – | 1.00 | 1,234 | 101 | 60 / 40 | 3 | 1.3 | – |
                | kafka, partitions: 1 | 1,000,000 | flink | yes | 25.0 | 40,000 | 50.0 | – | 1.00 \
                | – | – | 1,234 | 101 | 60 / 40 | – | 1.3 | – |
                | kafka, partitions: 1 | 1,000,000 | clicklake-flink | yes | 12.5 | 80,000 | 25.0 | – | 0.50 \
                | – | 1.25 | 1,234 | 101 | 60 / 40 | 3 | 1.3 | – |
                | kafka, partitions: 8 | 1,000,000 | clicklake-flink | yes | 15.0 | 66,667 | 30.0 | – | – \
                | – | 1.50 | 1,234 | 101 | 60 / 40 | 3 | 1.3 | – |
                | files, portions: 1000 | 1,000,000 | clicklake-flink | yes | 20.0 | 50,000 | 40.0 | – | – \
                | – | 2.00 | 1,234 | 101 | 60 / 40 | 1,000 | 1.3 | – |
                """);
  }

  @Test
  void oneWrongCountMakesTheRowNotRight() {
    Result right = Results.files("floor", 10);

    assertThat(table(List.of(), right, Results.with(right, "", "silver: 1, not 2"), right))
        .isEqualTo(
            HEAD
                + """
                | files | 1,000,000 | floor | NO: 2 of 3 | 5.0 | 200,000 | 10.0 (10.0–10.0) | 1.00 | – \
                | – | 1.00 | 1,234 | 101 | 60 / 40 | – | 1.3 | – |
                """);
  }

  @Test
  void aRowStandsBesideTheMedianOfWhatTheSameTookBefore() {
    Result now = Results.files("floor", 10);

    assertThat(
            table(
                List.of(
                    Results.files("floor", 16),
                    Results.files("floor", 14),
                    Results.files("flink", 99),
                    Results.kafka("floor", 4, 98),
                    Results.with(Results.files("floor", 97), "1g", "")),
                now))
        .isEqualTo(
            HEAD
                + """
                | files | 1,000,000 | floor | yes | 5.0 | 200,000 | 10.0 | 1.00 | – \
                | – | 1.00 | 1,234 | 101 | 60 / 40 | – | 1.3 | 7.5, 15.0, 1,234 |
                """);
  }

  @Test
  void otherOptionsAreAnotherRow() {
    Result usual = Results.files("clicklake-spark", 10);

    assertThat(table(List.of(), usual, Results.with(usual, "-Xmx1g", "")).lines().skip(2))
        .map(line -> line.split("\\|", -1)[3].strip())
        .containsExactly("clicklake-spark", "clicklake-spark -Xmx1g");
  }

  @Test
  void aPeerWithOptionsIsStillThePeer() {
    assertThat(
            table(
                    List.of(),
                    Results.files("clicklake-spark", 10),
                    Results.with(Results.files("flink", 40), "-Xmx2g", ""))
                .lines()
                .skip(2))
        .map(line -> line.split("\\|", -1)[9].strip())
        .containsExactly("0.25", "1.00");
  }
}
