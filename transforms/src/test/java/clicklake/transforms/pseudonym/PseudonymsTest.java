package clicklake.transforms.pseudonym;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PseudonymsTest {

  @Test
  void aPseudonymIsTheHmacOfTheStandardsTestCase() {
    // RFC 4231, test case 6: a key of 131 bytes 0xaa.
    Pseudonyms pseudonyms = new Pseudonyms(PseudonymKey.parse("k:" + "aa".repeat(131)));
    byte[] value = "Test Using Larger Than Block-Size Key - Hash Key First".getBytes(UTF_8);
    assertThat(pseudonyms.of(value))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assertThat(pseudonyms.of(value)).isEqualTo(pseudonyms.of(value));
  }

  @Test
  void anotherKeyGivesAnotherPseudonym() {
    byte[] value = {1};
    assertThat(new Pseudonyms(PseudonymKey.parse("a:" + "00".repeat(16))).of(value))
        .isNotEqualTo(new Pseudonyms(PseudonymKey.parse("a:" + "01".repeat(16))).of(value));
  }

  @Test
  void aKeyShowsItsIdAndHidesItsSecret() {
    PseudonymKey key = PseudonymKey.parse("  2024.q1_a-b:" + "DEadBEef".repeat(4) + "\n");
    assertThat(key.id()).isEqualTo("2024.q1_a-b");
    assertThat(key).hasToString("PseudonymKey[2024.q1_a-b, ***]");
  }

  @Test
  void keysAreEqualByIdAndSecret() {
    PseudonymKey key = PseudonymKey.parse("a:" + "00".repeat(16));
    assertThat(key).isEqualTo(PseudonymKey.parse("a:" + "00".repeat(16)));
    assertThat(key).hasSameHashCodeAs(PseudonymKey.parse("a:" + "00".repeat(16)));
    assertThat(key).isNotEqualTo(PseudonymKey.parse("b:" + "00".repeat(16)));
    assertThat(key).isNotEqualTo(PseudonymKey.parse("a:" + "01".repeat(16)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cafecafecafecafecafecafecafecafe",
        ":cafecafecafecafecafecafecafecafe",
        "a b:cafecafecafecafecafecafecafecafe",
        "a:cafe",
        "a:cafecafecafecafecafecafecafecafec",
        "a:cafecafecafecafecafecafecafecafz"
      })
  void otherKeysAreRefusedWithoutTellingTheSecret(String text) {
    assertThatThrownBy(() -> PseudonymKey.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageNotContaining("caf");
  }
}
