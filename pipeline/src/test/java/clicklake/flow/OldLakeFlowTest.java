package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.RateLimiter;
import clicklake.transforms.parse.ParserSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A lake that an earlier version wrote, of two landing files that lie beside it: 120 records with
 * copies and refused ones, gold as of the first file, live tables as of both.
 */
class OldLakeFlowTest {
  private static final String OLD = "lake-of-2026-11.tar.gz";

  @TempDir private Path folder;

  @BeforeEach
  void unpack() throws Exception {
    Path archive = folder.resolve(OLD);
    try (InputStream in = OldLakeFlowTest.class.getResourceAsStream(OLD)) {
      Files.copy(Objects.requireNonNull(in, OLD), archive);
    }
    // The ledger knows the landing files by their modification times, which tar keeps.
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  @Test
  void itBalances() {
    assertThat(Program.run("verify", "--lake=" + folder.resolve("lake"), "--gold")).isZero();
  }

  @Test
  void itGoesOnWithoutReadingAnythingTwice() throws Exception {
    Path landing = folder.resolve("landing");
    Path lake = folder.resolve("lake");
    List<String> first = Files.readAllLines(landing.resolve("first.ndjson"));
    Files.write(
        landing.resolve("third.ndjson"),
        Stream.concat(
                first.stream().limit(20),
                first.stream().limit(30).map(line -> line.replace("\"/", "\"/other/")))
            .toList());
    LandingProducer.withFilesOf(landing, 0.3, 40, Clock.systemUTC())
        .produce(ProducePlan.of(8, 100), RateLimiter.UNLIMITED, ProduceProgress.SILENT);

    Program.round("--landing=" + landing, "--lake=" + lake, "--refreshGold=1m");

    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
    GoldOfLake.assertIsTheModels(lake);
    assertThat(Program.run("verify", "--lake=" + lake, "--gold")).isZero();
  }
}
