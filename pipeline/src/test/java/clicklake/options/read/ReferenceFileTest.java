package clicklake.options.read;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.options.ClicklakeOptions;
import clicklake.options.Job;
import clicklake.options.Option;
import clicklake.options.Settings;
import clicklake.options.value.RawValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class ReferenceFileTest {
  @Test
  void everyOptionStandsInTheReferenceFileWithItsDefaultUnderItsDescription() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (Option option : Option.values()) {
      if (option != Option.CONFIG) {
        String value = option.defaultText() == null ? "" : " " + option.defaultText();
        expected
            .append("\n# ")
            .append(option.description())
            .append('\n')
            .append(option.key())
            .append(':')
            .append(value)
            .append('\n');
      }
    }
    String text = text("reference.yaml");
    assertThat(text.substring(text.indexOf("\n\n") + 1)).isEqualTo(expected.toString());
  }

  @Test
  void theReferenceFileChangesNothing() throws IOException {
    assertThat(Settings.of(Job.STREAM, read("reference.yaml")))
        .isEqualTo(Settings.of(Job.STREAM, Map.of()));
  }

  @Test
  void theMinimalFileIsValid() throws IOException {
    assertThat(Settings.of(Job.DEMO, read("minimal.yaml")))
        .isEqualTo(Settings.of(Job.DEMO, Map.of()));
  }

  @Test
  void beamCarriesEveryOption() {
    ClicklakeOptions options = PipelineOptionsFactory.create().as(ClicklakeOptions.class);

    assertThat(Settings.from(Job.STREAM, options)).isEqualTo(Settings.of(Job.STREAM, Map.of()));
    assertThat(
            Stream.of(ClicklakeOptions.class.getDeclaredMethods())
                .filter(method -> method.getName().startsWith("set"))
                .map(method -> method.getName().substring(3).toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Option.values()).map(o -> o.key().toLowerCase(Locale.ROOT)).toList());
  }

  @Test
  void anOptionsConstantIsItsKeyInUpperCase() {
    for (Option option : Option.values()) {
      assertThat(option.key().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT))
          .isEqualTo(option.name());
    }
  }

  private static Map<Option, RawValue> read(String name) throws IOException {
    List<String> faults = new ArrayList<>();
    ConfigSource layer =
        YamlFile.read(name, new StringReader(text(name)), RunnerOptions.registered(), faults);
    assertThat(faults).isEmpty();
    return layer.options().isEmpty() ? Map.of() : new EnumMap<>(layer.options());
  }

  private static String text(String name) throws IOException {
    try (InputStream in = Option.class.getResourceAsStream("/clicklake/" + name)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
