package clicklake.schemas.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Runs are a set of longs: everything agrees with a plain sorted set. */
class OffsetRangesTest {

  private static OffsetRanges runs(List<Integer> offsets) {
    OffsetRanges.Builder builder = OffsetRanges.builder();
    offsets.forEach(builder::add);
    return builder.build();
  }

  private static OffsetRanges runs(TreeSet<Integer> offsets) {
    return runs(List.copyOf(offsets));
  }

  @Property
  void algebraAgreesWithSortedSets(
      @ForAll @Size(max = 40) List<@IntRange(max = 60) Integer> some,
      @ForAll @Size(max = 40) List<@IntRange(max = 60) Integer> others) {
    OffsetRanges one = runs(some);
    OffsetRanges other = runs(others);
    TreeSet<Integer> union = new TreeSet<>(some);
    union.addAll(others);
    TreeSet<Integer> both = new TreeSet<>(some);
    both.retainAll(others);
    TreeSet<Integer> left = new TreeSet<>(some);
    left.removeAll(others);

    assertThat(one.union(other)).isEqualTo(runs(union));
    assertThat(one.intersection(other)).isEqualTo(runs(both));
    assertThat(one.minus(other)).isEqualTo(runs(left));
    assertThat(one.intersects(other)).isEqualTo(!both.isEmpty());
    assertThat(one.containsAll(other)).isEqualTo(some.containsAll(others));
    assertThat(one.size()).isEqualTo(new TreeSet<>(some).size());
    for (int offset = 0; offset <= 61; offset++) {
      assertThat(one.contains(offset)).as("contains %s", offset).isEqualTo(some.contains(offset));
    }
  }

  @Property
  void fewRunsAreHeldAgainstManyLikeAnyOthers(
      @ForAll @Size(max = 4) List<@IntRange(max = 400) Integer> starts,
      @ForAll @IntRange(min = 1, max = 30) int length,
      @ForAll @IntRange(min = 2, max = 4) int step) {
    TreeSet<Integer> few = new TreeSet<>();
    for (int start : starts) {
      for (int offset = start; offset < start + length; offset++) {
        few.add(offset);
      }
    }
    TreeSet<Integer> many = new TreeSet<>();
    for (int offset = 5; offset < 390; offset += step) {
      many.add(offset);
    }
    TreeSet<Integer> both = new TreeSet<>(few);
    both.retainAll(many);
    TreeSet<Integer> left = new TreeSet<>(few);
    left.removeAll(many);

    assertThat(runs(few).intersection(runs(many))).isEqualTo(runs(both));
    assertThat(runs(many).intersection(runs(few))).isEqualTo(runs(both));
    assertThat(runs(few).minus(runs(many))).isEqualTo(runs(left));
    assertThat(runs(many).containsAll(runs(few))).isEqualTo(left.isEmpty());
    assertThat(runs(many).containsAll(runs(both))).isTrue();
  }

  @Property
  void boundsAreSortedDisjointAndNotAdjacent(
      @ForAll @Size(max = 60) List<@IntRange(max = 80) Integer> offsets) {
    long[] bounds = runs(offsets).bounds();
    for (int i = 1; i < bounds.length; i++) {
      assertThat(bounds[i]).isGreaterThan(bounds[i - 1]);
    }
    assertThat(OffsetRanges.ofBounds(bounds)).isEqualTo(runs(offsets));
  }

  @Property
  void builderTakesOverlappingRunsInAnyOrder(
      @ForAll @Size(max = 20) List<@IntRange(max = 50) Integer> starts,
      @ForAll @IntRange(min = 1, max = 9) int length) {
    OffsetRanges.Builder builder = OffsetRanges.builder();
    TreeSet<Integer> expected = new TreeSet<>();
    for (int start : starts) {
      builder.add(start, start + length);
      for (int offset = start; offset < start + length; offset++) {
        expected.add(offset);
      }
    }
    assertThat(builder.build()).isEqualTo(runs(expected));
  }

  @Test
  void startingAtDropsWhatLiesBelow() {
    assertThat(OffsetRanges.ofBounds(0, 5, 8, 12).startingAt(9)).isEqualTo(OffsetRanges.of(9, 12));
    assertThat(OffsetRanges.of(3, 4).startingAt(2)).isEqualTo(OffsetRanges.of(3, 4));
    assertThat(OffsetRanges.empty().startingAt(2)).isEqualTo(OffsetRanges.empty());
  }

  @Test
  void whatIsNoRunIsRefused() {
    assertThatThrownBy(() -> OffsetRanges.of(5, 4)).hasMessage("no run: [5, 4)");
    assertThatThrownBy(() -> OffsetRanges.ofBounds(1, 2, 2, 3))
        .hasMessageContaining("not increasing");
    assertThatThrownBy(() -> OffsetRanges.ofBounds(1)).hasMessageContaining("odd number");
  }

  @Test
  void printsAsHalfOpenRuns() {
    assertThat(OffsetRanges.ofBounds(0, 5, 8, 12)).hasToString("{[0, 5), [8, 12)}");
  }
}
