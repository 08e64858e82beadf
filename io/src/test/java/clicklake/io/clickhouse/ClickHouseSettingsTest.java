package clicklake.io.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClickHouseSettingsTest {
  @Test
  void portsAreTheServersDefaults() {
    assertThat(ClickHouseSettings.of("http://click.house").endpoint())
        .hasToString("http://click.house:8123");
    assertThat(ClickHouseSettings.of("https://click.house/").endpoint())
        .hasToString("https://click.house:8443");
    assertThat(ClickHouseSettings.of("http://[::1]:9000").endpoint())
        .hasToString("http://[::1]:9000");
  }

  @Test
  void noSecretIsShown() {
    ClickHouseSettings settings =
        ClickHouseSettings.of("http://host", Map.of("user", "ann", "password", "hunter2"));
    assertThat(settings).hasToString("ClickHouse at http://host:8123");
    assertThat(String.valueOf(new ClickHouseClient(settings))).doesNotContain("hunter2");
  }

  @Test
  void everyFaultIsNamed() {
    assertThatThrownBy(
            () ->
                ClickHouseSettings.of(
                    "ftp://host",
                    Map.of("passwort", "x", "answerWithinSeconds", "soon", "user", "ann")))
        .hasMessage(
            "passwort is not known; it is no address of an HTTP interface; write http://host:8123;"
                + " answerWithinSeconds is a whole number of seconds above 0");
    assertThatThrownBy(() -> ClickHouseSettings.of("http://ann:x@host"))
        .hasMessage("user and password belong in a file, not in the address");
    assertThatThrownBy(() -> ClickHouseSettings.of("http://host/path"))
        .hasMessage("it is no address of an HTTP interface; write http://host:8123");
    assertThatThrownBy(() -> ClickHouseSettings.of("http://host", Map.of("certificates", "-")))
        .hasMessage("certificates needs an address that begins with https");
    assertThatThrownBy(
            () ->
                new ClickHouseClient(
                    ClickHouseSettings.of("https://host", Map.of("certificates", "no pem"))))
        .hasMessageContaining("certificate");
  }
}
