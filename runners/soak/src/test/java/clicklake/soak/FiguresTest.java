package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void aShareIsTheSmallestNumberThatSoManyDoNotExceed() {
    Figures figures = Figures.of(IntStream.rangeClosed(1, 200).boxed().toList());

    assertThat(figures.median()).isEqualTo(100);
    assertThat(figures.at(0.99)).isEqualTo(198);
    assertThat(figures.most()).isEqualTo(200);
    assertThat(figures.mean()).isEqualTo(100.5);
  }

  @Test
  void oneNumberIsAllOfThem() {
    assertThat(Figures.of(List.of(7)).tails("s")).isEqualTo("p50 7.00 s, p99 7.00, max 7.00");
  }
}
