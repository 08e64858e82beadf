package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.contract.Dialect;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ParserSettingsTest {

  @Test
  void rulesNameEverySettingAndNoSecret() {
    assertThat(ParserSettings.DEFAULTS.rulesVersion())
        .isEqualTo(
            "events-2 dialect=clickstream allowedFuture=PT5M maxRecordBytes=1048576 key=none");
    ParserSettings settings =
        new ParserSettings(
            Dialect.USER_EVENTS,
            Duration.ofSeconds(90),
            1000,
            new PseudonymKey("2024-q1", "a secret that no one may see".getBytes(UTF_8)));
    assertThat(settings.rulesVersion())
        .isEqualTo(
            "events-2 dialect=user-events allowedFuture=PT1M30S maxRecordBytes=1000 key=2024-q1");
    assertThat(settings.toString()).doesNotContain("secret").contains("***");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(
            () -> new ParserSettings(Dialect.CLICKSTREAM, Duration.ofSeconds(-1), 1, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("allowedFuture is PT-1S; it must lie between zero and a million days");
    assertThatThrownBy(() -> new ParserSettings(Dialect.CLICKSTREAM, Duration.ZERO, 0, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxRecordBytes is 0; it must be positive");
  }
}
