package clicklake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StreamInputTest {
  @Test
  void roundsHoldWhatFitsInOrderAndAtLeastOneRange() {
    assertThat(StreamInput.cut(List.of(3L, 4L, 9L, 1L, 2L, 5L), Long::longValue, 8))
        .isEqualTo(List.of(List.of(3L, 4L), List.of(9L), List.of(1L, 2L, 5L)));
    assertThat(StreamInput.cut(List.<Long>of(), Long::longValue, 8)).isEmpty();
  }

  @Test
  void aRoundWeighsNoMoreThanTheHeapHasRoomFor() {
    long heap = Runtime.getRuntime().maxMemory();

    assertThat(StreamInput.shareOfMemory(heap, 1024)).isEqualTo(heap / 1024);
    assertThat(StreamInput.shareOfMemory(7, 1024)).isEqualTo(7);
  }
}
