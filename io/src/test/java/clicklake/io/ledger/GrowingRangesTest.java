package clicklake.io.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.offset.OffsetRanges;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GrowingRangesTest {

  @Property(tries = 300)
  void growsToTheUnionOfAllThatWasAdded(
      @ForAll @Size(max = 30) List<@Size(max = 6) List<@IntRange(max = 60) Integer>> added,
      @ForAll @Size(max = 20) List<@IntRange(max = 60) Integer> asked) {
    GrowingRanges growing = new GrowingRanges(OffsetRanges.of(3, 5));
    OffsetRanges union = OffsetRanges.of(3, 5);
    for (List<Integer> some : added) {
      growing.addAll(runs(some));
      union = union.union(runs(some));
      assertThat(growing.intersection(runs(asked))).isEqualTo(union.intersection(runs(asked)));
      assertThat(growing.containsAll(runs(asked))).isEqualTo(union.containsAll(runs(asked)));
      for (int offset = 0; offset <= 61; offset++) {
        assertThat(growing.contains(offset)).isEqualTo(union.contains(offset));
      }
    }
    assertThat(growing.all()).isEqualTo(union);
    assertThat(growing.all()).isEqualTo(union);
  }

  private static OffsetRanges runs(List<Integer> offsets) {
    OffsetRanges.Builder builder = OffsetRanges.builder();
    offsets.forEach(builder::add);
    return builder.build();
  }
}
