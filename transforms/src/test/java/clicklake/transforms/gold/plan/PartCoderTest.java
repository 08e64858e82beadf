package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.beam.sdk.coders.Coder.NonDeterministicException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

class PartCoderTest {

  @Property
  void partComesBackAsItWas(@ForAll int aggregation, @ForAll long number) throws IOException {
    Part part = new Part(aggregation, number);

    byte[] encoded = CoderUtils.encodeToByteArray(PartCoder.of(), part);

    assertThat(CoderUtils.decodeFromByteArray(PartCoder.of(), encoded)).isEqualTo(part);
    assertThat(PartCoder.of().getEncodedElementByteSize(part)).isEqualTo(encoded.length);
  }

  @Property
  void bytesAreThoseOfTwoVarints(@ForAll int aggregation, @ForAll long number) throws IOException {
    assertThat(CoderUtils.encodeToByteArray(PartCoder.of(), new Part(aggregation, number)))
        .isEqualTo(
            CoderUtils.encodeToByteArray(
                KvCoder.of(VarIntCoder.of(), VarLongCoder.of()), KV.of(aggregation, number)));
  }

  @Test
  void bytesStayAsTheyAre() throws IOException {
    byte[] encoded = CoderUtils.encodeToByteArray(PartCoder.of(), new Part(3, 493_520));

    assertThat(HexFormat.of().formatHex(encoded)).isEqualTo("03d08f1e");
  }

  @Test
  void partMayBeTheKeyOfAShuffle() throws NonDeterministicException {
    PartCoder.of().verifyDeterministic();

    assertThat(PartCoder.of().consistentWithEquals()).isTrue();
  }
}
