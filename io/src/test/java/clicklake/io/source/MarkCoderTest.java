package clicklake.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.batch.PartitionId;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class MarkCoderTest {

  @Test
  void bytesOfAMarkStayAsTheyAre() throws IOException {
    Mark mark =
        new Mark(
            "run",
            Map.of(
                new PartitionId("b", 1, "i"),
                new Mark.Position(300, 4, true, 6),
                new PartitionId("a", 0, "j"),
                Mark.Position.at(2)));

    byte[] bytes = CoderUtils.encodeToByteArray(MarkCoder.of(), mark);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "01" + "0372756e" + "02" + "016100016a" + "02000000" + "0162010169" + "ac02050107");
    assertThat(CoderUtils.decodeFromByteArray(MarkCoder.of(), bytes)).isEqualTo(mark);
  }

  @Test
  void aMarkOfAnUnknownFormatSaysWhatToDo() {
    assertThatThrownBy(() -> CoderUtils.decodeFromByteArray(MarkCoder.of(), new byte[] {2}))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("delete the runner's state");
  }

  @Test
  void onlyAMarkOfThisProcessIsTrusted() {
    assertThat(Mark.of(Map.of()).ofThisRun()).isTrue();
    assertThat(new Mark("another", Map.of()).ofThisRun()).isFalse();
  }
}
