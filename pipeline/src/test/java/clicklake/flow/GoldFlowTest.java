package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.RateLimiter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs up to gold, against the model of gold. */
class GoldFlowTest {
  private static final int FILES = 14;

  @TempDir private Path folder;
  private Path waiting;
  private Path landing;
  private Path lake;

  @BeforeEach
  void nameFolders() throws Exception {
    waiting = Files.createDirectory(folder.resolve("waiting"));
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
  }

  /** Files come in the wrong order, so that every run but the first brings late events. */
  @ParameterizedTest(name = "in {0} runs")
  @ValueSource(ints = {1, 7})
  void goldIsTheModelsHoweverTheEventsAreSplitOverRuns(int runs) throws Exception {
    ProducePlan plan = ProducePlan.of(23, 7_000).withShares(0.05, 0.1, 0.03, 0.05);
    List<Path> files = produce(plan);
    for (int run = 0; run < runs; run++) {
      for (int file = run; file < FILES; file += runs) {
        Files.move(files.get(file), landing.resolve(files.get(file).getFileName()));
      }
      // Every other run refreshes in the same process, the others are left to the job. By the
      // runner or without it, in turn: what there is to read is little.
      Program.round(run % 2 == 0 ? options("--refreshGold=1m", "--smallRefresh=0B") : options());
      if (run % 3 == 1) {
        assertThat(Program.run("gold", "--lake=" + lake)).isZero();
      }
    }
    assertThat(Program.run("gold", "--lake=" + lake, "--smallRefresh=0B")).isZero();

    GoldOfLake.assertIsTheModels(lake);
    assertThat(Program.run("verify", "--lake=" + lake, "--gold")).isZero();
  }

  private List<Path> produce(ProducePlan plan) throws Exception {
    LandingProducer.withFilesOf(waiting, 0.3, 500, Clock.systemUTC())
        .produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    try (var files = Files.walk(waiting)) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      assertThat(all).hasSize(FILES);
      return all;
    }
  }

  private String[] options(String... more) {
    String[] all = new String[more.length + 2];
    all[0] = "--landing=" + landing;
    all[1] = "--lake=" + lake;
    System.arraycopy(more, 0, all, 2, more.length);
    return all;
  }

  @Test
  void verifyFindsARowThatIsNotWhatSilverSays() throws Exception {
    write("a.ndjson", event(1, "ann"), event(2, "bob"));
    Program.round(options("--refreshGold=1m"));
    assertThat(verifyGold(0)).contains("gold/dim_users_stats").contains("as recomputed");

    // Somebody gives the table of users the rows of a lake where something else happened.
    Path other = folder.resolve("other");
    Files.writeString(landing.resolve("a.ndjson"), event(3, "eve") + "\n");
    Program.round("--landing=" + landing, "--lake=" + other, "--refreshGold=1m");
    String silver = silverTableId(lake);
    for (Path file : filesOf("gold/dim_users_stats", lake)) {
      Files.delete(file);
    }
    for (Path file : filesOf("gold/dim_users_stats", other)) {
      Path copy = lake.resolve(other.relativize(file));
      if (file.toString().endsWith(".parquet")) {
        Files.copy(file, copy);
      } else {
        Files.writeString(copy, Files.readString(file).replace(silverTableId(other), silver));
      }
    }

    assertThat(verifyGold(1))
        .contains("NOT as recomputed, 2 absent and 1 wrong")
        .contains("wrong: user_id=eve, events=1");
  }

  @Test
  void verifySaysThatGoldIsNotThereYet() throws Exception {
    write("a.ndjson", event(1, "ann"));
    Program.round(options());

    assertThat(verifyGold(1)).contains("not there, or it does not say what it was computed from");
  }

  private String verifyGold(int exit) {
    return Program.printed(exit, "verify", "--lake=" + lake, "--gold");
  }

  private static List<Path> filesOf(String table, Path lake) throws Exception {
    try (var files = Files.walk(lake.resolve(table))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static String silverTableId(Path lake) throws Exception {
    Path first = lake.resolve("silver/events/_delta_log/00000000000000000000.json");
    Matcher metadata =
        Pattern.compile("\\{\"metaData\":\\{\"id\":\"([^\"]+)").matcher(Files.readString(first));
    assertThat(metadata.find()).isTrue();
    return metadata.group(1);
  }

  private void write(String name, String... events) throws Exception {
    Files.writeString(landing.resolve(name), String.join("\n", events) + "\n");
  }

  private static String event(int number, String user) {
    return """
        {"event_id":"00000000-0000-4000-8000-%012d","schema_version":1,"event_time":"%s",\
        "user_id":"%s","action":"view","page":"/"}"""
        .formatted(number, Instant.parse("2024-02-29T23:59:00Z").plusSeconds(number), user);
  }
}
