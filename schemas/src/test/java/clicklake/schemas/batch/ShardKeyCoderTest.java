package clicklake.schemas.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class ShardKeyCoderTest {

  @Test
  void bytesOfAKeyStayAsTheyAre() throws IOException {
    assertThat(CoderUtils.encodeToByteArray(ShardKeyCoder.of(), ShardKey.ofShard(3)))
        .containsExactly(3);
    assertThat(CoderUtils.encodeToByteArray(ShardKeyCoder.of(), ShardKey.ofProposals(1024)))
        .containsExactly(0x80, 0x08);
  }

  @Property
  void aKeyIsWrittenAsItsNumberAndComesBackEqual(@ForAll @IntRange(max = 1024) int number)
      throws IOException {
    byte[] bytes = CoderUtils.encodeToByteArray(ShardKeyCoder.of(), ShardKey.ofShard(number));

    assertThat(bytes).isEqualTo(CoderUtils.encodeToByteArray(VarIntCoder.of(), number));
    assertThat(CoderUtils.decodeFromByteArray(ShardKeyCoder.of(), bytes))
        .isEqualTo(ShardKey.ofShard(number));
  }

  @Test
  void proposalsShareTheirKeyWithNoShard() {
    for (int shard = 0; shard < 4; shard++) {
      assertThat(ShardKey.ofProposals(4)).isNotEqualTo(ShardKey.ofShard(shard));
    }
  }

  @Test
  void aKeyMayBeGroupedBy() throws Coder.NonDeterministicException {
    ShardKeyCoder.of().verifyDeterministic();
    assertThat(ShardKeyCoder.of().consistentWithEquals()).isTrue();
  }
}
