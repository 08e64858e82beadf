package clicklake.transforms.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RowVersionTest {
  private static final long LAST_SILVER = (1L << 31) - 2;

  @Property
  void laterPanesOfARunStandAboveEarlierOnes(
      @ForAll @IntRange(max = 127) int generation,
      @ForAll @LongRange(min = -1, max = LAST_SILVER) long silver,
      @ForAll @LongRange(max = (1 << 24) - 2) long pane) {
    assertThat(RowVersion.ofPane(generation, silver, pane + 1))
        .isGreaterThan(RowVersion.ofPane(generation, silver, pane));
  }

  @Property
  void runsOfALaterBaseStandAboveEarlierOnesWhateverTheirPanes(
      @ForAll @LongRange(min = -1, max = LAST_SILVER - 1) long silver,
      @ForAll @LongRange(max = Long.MAX_VALUE) long zombie,
      @ForAll @LongRange(max = 1 << 20) long pane) {
    assertThat(RowVersion.ofPane(0, silver + 1, pane))
        .isGreaterThan(RowVersion.ofPane(0, silver, zombie));
  }

  @Property
  void finalRowsStandAboveEveryPaneAndLaterOnesAboveThem(
      @ForAll @LongRange(min = -1, max = LAST_SILVER) long silver,
      @ForAll @LongRange(min = -1, max = LAST_SILVER) long other,
      @ForAll @LongRange(max = Long.MAX_VALUE) long pane) {
    assertThat(RowVersion.ofFinal(0, silver)).isGreaterThan(RowVersion.ofPane(0, other, pane));
    if (silver < other) {
      assertThat(RowVersion.ofFinal(0, other)).isGreaterThan(RowVersion.ofFinal(0, silver));
    }
  }

  @Property
  void aNewGenerationStandsAboveAllBefore(
      @ForAll @IntRange(max = 126) int generation,
      @ForAll @LongRange(min = -1, max = LAST_SILVER) long silver) {
    assertThat(RowVersion.ofPane(generation + 1, -1, 0))
        .isGreaterThan(RowVersion.ofFinal(generation, silver));
    assertThat(RowVersion.ofTable(generation + 1, 0))
        .isGreaterThan(RowVersion.ofTable(generation, silver + 1));
  }

  @Test
  void numbersStayWhatTheyAre() {
    assertThat(RowVersion.ofPane(0, -1, 0)).isZero();
    assertThat(RowVersion.ofPane(1, 7, 3)).isEqualTo(1L << 56 | 8L << 24 | 3);
    assertThat(RowVersion.ofFinal(0, 7)).isEqualTo(1L << 55 | 8L << 24);
    assertThat(RowVersion.ofTable(2, 9)).isEqualTo(2L << 56 | 9);
    assertThatThrownBy(() -> RowVersion.ofPane(128, 0, 0)).hasMessage("no generation: 128");
    assertThatThrownBy(() -> RowVersion.ofFinal(0, 1L << 31))
        .hasMessage("no version of silver: 2147483648");
  }
}
