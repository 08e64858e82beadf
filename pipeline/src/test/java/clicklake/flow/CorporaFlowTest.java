package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.testing.ServiceClassPath;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.parse.ParserSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real and nasty records from files that do not belong to the project: beside it in {@code
 * ../shared/data}, or where the property {@code clicklake.data} says.
 */
class CorporaFlowTest {
  private static final Path DATA =
      Path.of(
              System.getProperty(
                  "clicklake.data",
                  ServiceClassPath.projectRoot().resolveSibling("shared/data").toString()))
          .toAbsolutePath();

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "real/wikiticker.ndjson.gz,           39244,   0,  0",
    "real/apache_access.ndjson.gz,         9980,   1, 19",
    "nasty/jsontestsuite_lines.ndjson,        0, 311,  0",
    "nasty/jsontestsuite_in_field.ndjson,   104, 207,  0",
    "nasty/blns_events.ndjson,             1543,   2,  0",
  })
  void everyLineOfACorpusEndsWhereTheModelSays(
      String name, long silver, long rejects, long duplicates) throws Exception {
    Path file = DATA.resolve(name);
    assumeThat(file).exists();
    Path landing = Files.createDirectory(folder.resolve("landing"));
    Files.copy(file, landing.resolve(file.getFileName()));
    Path lake = folder.resolve("lake");

    Program.round("--landing=" + landing, "--lake=" + lake, "--refreshGold=1m");

    // Bytes of bronze and quarantine among it.
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
    LakeCounts counts = EventLake.at(LakeLocation.of(lake)).counts();
    assertThat(counts.silver()).isEqualTo(silver);
    assertThat(counts.rejects()).isEqualTo(rejects);
    assertThat(counts.duplicates()).isEqualTo(duplicates);
    assertThat(counts.bronze()).isEqualTo(silver + rejects + duplicates);
    if (silver > 0) {
      GoldOfLake.assertIsTheModels(lake);
    }
    assertThat(Program.run("verify", "--lake=" + lake, "--gold")).isZero();
  }
}
