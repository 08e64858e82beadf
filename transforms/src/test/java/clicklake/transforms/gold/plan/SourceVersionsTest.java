package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.table.CorruptTableException;
import clicklake.transforms.gold.plan.SourceVersions.Source;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceVersionsTest {
  private static SourceVersions read(String text) {
    return SourceVersions.of("gold/x", Map.of(SourceVersions.DOMAIN, text));
  }

  @Test
  void silverAloneIsWrittenAsEverBefore() {
    SourceVersions silver = SourceVersions.ofSilver("a-b", 7, "rules 1", 3);

    assertThat(silver.json())
        .isEqualTo(
            "{\"format\":1,\"silverTableId\":\"a-b\",\"silverVersion\":7,"
                + "\"rules\":\"rules 1\",\"version\":3}");
    assertThat(read(silver.json())).isEqualTo(silver);
  }

  @Test
  void severalSourcesAreNamedByPath() {
    SourceVersions several =
        new SourceVersions(
            Map.of("silver/events", new Source("a", 7), "silver/dim_users", new Source("b", 2)),
            "rules",
            4);

    assertThat(several.json())
        .isEqualTo(
            "{\"format\":2,\"sources\":{\"silver/dim_users\":{\"tableId\":\"b\",\"version\":2},"
                + "\"silver/events\":{\"tableId\":\"a\",\"version\":7}},"
                + "\"rules\":\"rules\",\"version\":4}");
    assertThat(read(several.json())).isEqualTo(several);
    assertThat(several.silverVersion()).isEqualTo(7);
  }

  @Test
  void aTableThatDoesNotSayHasNone() {
    assertThat(SourceVersions.of("gold/x", Map.of())).isNull();
  }

  @Test
  void whatCannotBeReadSaysWhatToDo() {
    assertThatThrownBy(() -> read("{"))
        .isInstanceOf(CorruptTableException.class)
        .hasMessage("gold/x: its source versions are not JSON; remove the table, gold rebuilds it");
    assertThatThrownBy(() -> read("{\"format\":3}"))
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(
            "gold/x: its source versions have format 3, which this version of Clicklake does not"
                + " know; use the version that wrote it");
    assertThatThrownBy(() -> read("{\"format\":2,\"sources\":{}}"))
        .isInstanceOf(CorruptTableException.class)
        .hasMessage(
            "gold/x: its source versions do not name silver/events; remove the table, gold rebuilds"
                + " it");
  }
}
