package clicklake.options.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("lake", "landing", "commitEvery", "topic");

  @Test
  void aLetterTooFewIsForgiven() {
    assertThat(NearestName.of("comitEvery", KNOWN)).contains("commitEvery");
  }

  @Test
  void hyphensAndCaseAreForgiven() {
    assertThat(NearestName.of("commit-every", KNOWN)).contains("commitEvery");
    assertThat(NearestName.of("COMMIT_EVERY", KNOWN)).contains("commitEvery");
  }

  @Test
  void aWordOfItsOwnHasNoNearestName() {
    assertThat(NearestName.of("banana", KNOWN)).isEmpty();
    assertThat(NearestName.of("x", KNOWN)).isEmpty();
  }

  @Test
  void ofEquallyNearNamesTheFirstInTheAlphabetIsTaken() {
    assertThat(NearestName.of("lakx", List.of("laky", "laka"))).contains("laka");
  }

  @Property
  void theDistanceOfANameToItselfIsNothing(
      @ForAll @AlphaChars @StringLength(max = 12) String name) {
    assertThat(NearestName.distance(name, name)).isZero();
  }

  @Property
  void theDistanceIsTheSameBothWays(
      @ForAll @AlphaChars @StringLength(max = 9) String one,
      @ForAll @AlphaChars @StringLength(max = 9) String other) {
    assertThat(NearestName.distance(one, other)).isEqualTo(NearestName.distance(other, one));
  }

  @Property
  void aDetourIsNeverShorter(
      @ForAll @AlphaChars @StringLength(max = 7) String one,
      @ForAll @AlphaChars @StringLength(max = 7) String between,
      @ForAll @AlphaChars @StringLength(max = 7) String other) {
    assertThat(NearestName.distance(one, other))
        .isLessThanOrEqualTo(
            NearestName.distance(one, between) + NearestName.distance(between, other));
  }
}
