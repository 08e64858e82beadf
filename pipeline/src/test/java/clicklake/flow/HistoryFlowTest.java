package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.RateLimiter;
import clicklake.transforms.parse.ParserSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of many dates in files of no order, as when the past is loaded into a new lake. */
class HistoryFlowTest {
  private static final int DAYS = 120;
  private static final int SHARDS = 4;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void aHistoryTakesFewFilesOfEachDateAndGoldIsTheModels() throws Exception {
    Path waiting = Files.createDirectory(folder.resolve("waiting"));
    Path landing = Files.createDirectory(folder.resolve("landing"));
    Path lake = folder.resolve("lake");
    ProducePlan plan = ProducePlan.of(29, 6_000).withDays(DAYS).withShares(0.05, 0.1, 0.25, 0.05);
    LandingProducer.withFilesOf(waiting, 0.3, 500, Clock.systemUTC())
        .produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    List<Path> files;
    try (var all = Files.walk(waiting)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }

    // The second round brings events between those of the first, on nearly all dates.
    for (int round = 0; round < 2; round++) {
      for (int i = round; i < files.size(); i += 2) {
        Files.move(files.get(i), landing.resolve(files.get(i).getFileName()));
      }
      Program.round("--landing=" + landing, "--lake=" + lake, "--refreshGold=1m");
    }

    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
    GoldOfLake.assertIsTheModels(lake);
    Map<String, Integer> dates = new HashMap<>();
    filesByDateAndVersion(lake)
        .forEach(
            (dateAndVersion, number) -> {
              assertThat(number).as(dateAndVersion).isLessThanOrEqualTo(2 * SHARDS);
              dates.merge(dateAndVersion.substring(0, 10), 1, Integer::sum);
            });
    assertThat(dates).hasSizeGreaterThan(DAYS * 8 / 10);
    assertThat(Program.run("verify", "--lake=" + lake, "--gold")).isZero();
  }

  /** How many files each commit added to silver of each date. */
  private static Map<String, Integer> filesByDateAndVersion(Path lake) throws Exception {
    Map<String, Integer> files = new HashMap<>();
    try (var log = Files.list(lake.resolve("silver/events/_delta_log"))) {
      for (Path commit : log.filter(file -> file.toString().endsWith(".json")).toList()) {
        for (String line : Files.readAllLines(commit)) {
          JsonNode add = JSON.readTree(line).path("add");
          if (!add.isMissingNode()) {
            files.merge(
                add.path("partitionValues").path("event_date").asText()
                    + " in "
                    + commit.getFileName(),
                1,
                Integer::sum);
          }
        }
      }
    }
    return files;
  }
}
