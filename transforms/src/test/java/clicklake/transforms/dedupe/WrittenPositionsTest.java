package clicklake.transforms.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.offset.SourcePartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class WrittenPositionsTest {
  private record Position(int partition, long offset) {}

  /** Near the edges of words and blocks, and far apart; in any order, over two partitions. */
  @Property
  void aPositionIsNewOnce(
      @ForAll @Size(min = 1, max = 200) List<@LongRange(max = 3000) Long> offsets,
      @ForAll @IntRange(max = 3) int stretch,
      @ForAll @IntRange(min = 1, max = 5) int partitionEvery) {
    WrittenPositions written = new WrittenPositions();
    Set<Position> model = new HashSet<>();
    for (int i = 0; i < offsets.size(); i++) {
      int partition = i / partitionEvery % 2;
      long offset = offsets.get(i) << 20 * stretch >>> 2 * stretch;
      assertThat(written.add(new SourcePartition("topic", partition, "kafka:c:t"), offset))
          .isEqualTo(model.add(new Position(partition, offset)));
    }
  }
}
