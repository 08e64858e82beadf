package clicklake.schemas.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpenLakesTest {
  private final LakeLocation lake = LakeLocation.of("/lakes/" + UUID.randomUUID());

  @Test
  void allWhoWorkOnOneLakeShareWhatIsAsked() {
    LakeLocation same = new LakeLocation(lake.root(), Map.of());
    StringBuilder one = OpenLakes.of(lake, StringBuilder.class, StringBuilder::new);

    assertThat(OpenLakes.of(same, StringBuilder.class, StringBuilder::new)).isSameAs(one);
  }

  @Test
  void lakesTypesAndKeysDoNotMix() {
    LakeLocation other = lake.below("other");
    StringBuilder one = OpenLakes.of(lake, StringBuilder.class, "a", StringBuilder::new);

    assertThat(OpenLakes.of(other, StringBuilder.class, "a", StringBuilder::new)).isNotSameAs(one);
    assertThat(OpenLakes.of(lake, StringBuilder.class, "b", StringBuilder::new)).isNotSameAs(one);
    assertThat(OpenLakes.of(lake, StringBuilder.class, StringBuilder::new)).isNotSameAs(one);
    assertThat(OpenLakes.of(lake, StringBuffer.class, "a", StringBuffer::new)).isNotNull();
    assertThat(OpenLakes.of(lake, StringBuilder.class, "a", StringBuilder::new)).isSameAs(one);
  }

  @Test
  void aLakeOnStorageWithOtherPropertiesIsAnother() {
    LakeLocation elsewhere = new LakeLocation(lake.root(), Map.of("endpoint", "elsewhere"));
    StringBuilder one = OpenLakes.of(lake, StringBuilder.class, StringBuilder::new);

    assertThat(OpenLakes.of(elsewhere, StringBuilder.class, StringBuilder::new)).isNotSameAs(one);
  }

  @Test
  void whatIsMadeMayRestOnOthersOfTheLake() {
    StringBuffer outer =
        OpenLakes.of(
            lake,
            StringBuffer.class,
            () ->
                new StringBuffer(
                    OpenLakes.of(lake, StringBuilder.class, () -> new StringBuilder("inner"))));

    assertThat(outer).hasToString("inner");
  }

  @Test
  void aForgottenLakeIsOpenedAgainAndNoOther() {
    LakeLocation other = lake.below("other");
    StringBuilder one = OpenLakes.of(lake, StringBuilder.class, StringBuilder::new);
    StringBuilder kept = OpenLakes.of(other, StringBuilder.class, StringBuilder::new);

    OpenLakes.forget(lake);

    assertThat(OpenLakes.of(lake, StringBuilder.class, StringBuilder::new)).isNotSameAs(one);
    assertThat(OpenLakes.of(other, StringBuilder.class, StringBuilder::new)).isSameAs(kept);
  }
}
