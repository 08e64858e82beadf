package clicklake.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import clicklake.options.value.DurationText;
import clicklake.options.value.SizeText;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "5s, PT5S",
    "10m, PT10M",
    "24h, PT24H",
    "7d, PT168H",
    "0s, PT0S",
    "5 S, PT5S",
    "PT1H30M, PT1H30M",
    "pt1.5s, PT1.5S"
  })
  void durationsAreWrittenShortOrAsIso(String text, String iso) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.parse(iso));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5 apples", "999999999999999d", "1h30m"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessageStartingWith("is not a duration");
  }

  @Property
  void printedDurationsReadBack(@ForAll @LongRange(min = 0, max = 1L << 50) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(DurationText.parse(DurationText.print(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1048576, 1048576",
    "1MB, 1048576",
    "1MiB, 1048576",
    "1 mb, 1048576",
    "256MB, 268435456",
    "64k, 65536",
    "3GiB, 3221225472",
    "1TB, 1099511627776",
    "17B, 17"
  })
  void sizesCountInPowersOfTwo(String text, long bytes) {
    assertThat(SizeText.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1", "1.5MB", "1XB", "999999999999999999TB", "1MBs"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SizeText.parse(text))
        .withMessageStartingWith("is not a size");
  }

  @Property
  void printedSizesReadBack(@ForAll @LongRange(min = 0, max = 1L << 59) long bytes) {
    assertThat(SizeText.parse(SizeText.print(bytes))).isEqualTo(bytes);
  }
}
