package clicklake.io.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ReaderCheckpointCoderTest {

  @Test
  void bytesOfAMarkStayAsTheyAre() throws IOException {
    ReaderCheckpoint mark =
        new ReaderCheckpoint(
            "run",
            Map.of(
                new SourcePartition("b", 1, "i"),
                new ReaderCheckpoint.Position(300, 4, true, 6),
                new SourcePartition("a", 0, "j"),
                ReaderCheckpoint.Position.at(2)));

    byte[] bytes = CoderUtils.encodeToByteArray(ReaderCheckpointCoder.of(), mark);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "01" + "0372756e" + "02" + "016100016a" + "02000000" + "0162010169" + "ac02050107");
    assertThat(CoderUtils.decodeFromByteArray(ReaderCheckpointCoder.of(), bytes)).isEqualTo(mark);
  }

  @Test
  void aMarkOfAnUnknownFormatSaysWhatToDo() {
    assertThatThrownBy(
            () -> CoderUtils.decodeFromByteArray(ReaderCheckpointCoder.of(), new byte[] {2}))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("delete the runner's state");
  }

  @Test
  void onlyAMarkOfThisProcessIsTrusted() {
    assertThat(ReaderCheckpoint.of(Map.of()).ofThisRun()).isTrue();
    assertThat(new ReaderCheckpoint("another", Map.of()).ofThisRun()).isFalse();
  }
}
