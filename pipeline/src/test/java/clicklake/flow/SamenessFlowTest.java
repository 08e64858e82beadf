package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.parse.ParserSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs over ids that come at several times, and with several dedupe horizons. */
class SamenessFlowTest {
  private static final Instant START = Instant.parse("2024-03-01T10:00:00Z");

  @TempDir private Path folder;
  private Path landing;
  private Path lake;
  private int files;

  @BeforeEach
  void nameFolders() throws IOException {
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
  }

  private static String event(int id, int hour, String page) {
    return String.format(
        "{\"event_id\":\"00000000-0000-4000-8000-%012d\",\"schema_version\":2,"
            + "\"event_time\":\"%s\",\"user_id\":\"u\",\"action\":\"view\",\"page\":\"%s\"}\n",
        id, START.plus(Duration.ofHours(hour)), page);
  }

  /** A file that arrived so many days after the start. */
  private void land(int day, String... lines) throws IOException {
    Path file = landing.resolve("f" + files++ + ".ndjson");
    Files.writeString(file, String.join("", lines));
    Files.setLastModifiedTime(file, FileTime.from(START.plus(Duration.ofDays(day))));
  }

  private void round(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "--landing=" + landing;
    all[1] = "--lake=" + lake;
    System.arraycopy(options, 0, all, 2, options.length);
    Program.round(all);
  }

  private int verify() {
    return Program.run("verify", "--lake=" + lake);
  }

  private LakeCounts counts() {
    return EventLake.at(LakeLocation.of(lake)).counts();
  }

  @Test
  void aRecordOfLowerRankAndAnotherTimeDisplacesNothingInALaterRound() throws Exception {
    land(12, event(1, 0, "/"));
    round();
    land(13, event(1, 20, "/"));
    round();
    land(11, event(1, -20, "/"));
    round();

    assertThat(counts()).isEqualTo(new LakeCounts(3, 1, 0, 2, 2));
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
  }

  @Test
  void aRecordBetweenTwoRowsOfItsIdDisplacesNeither() throws Exception {
    land(12, event(1, 0, "/"));
    round();
    land(14, event(1, 40, "/"));
    round();
    land(13, event(1, 20, "/"), event(1, 20, "/other"));
    round();

    assertThat(counts()).isEqualTo(new LakeCounts(4, 2, 0, 2, 2));
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
  }

  @Test
  void aClientThatSendsOneIdForDaysKeepsWhatIsPromised() throws Exception {
    int[] hours = {0, 20, -20, 40, -40, 60, 5, -5, 44, 21};
    for (int i = 0; i < hours.length; i++) {
      land(20 - i, event(1, hours[i], "/a"), event(1, hours[i], "/b"), event(2, hours[i], "/a"));
      if (i % 3 == 2) {
        round();
      }
    }
    round();

    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS).assertHeldBy(lake);
  }

  @Test
  void verifyAsksForTheHorizonThatTheJobHad() throws Exception {
    land(12, event(1, 0, "/"), event(1, 48, "/"), event(2, 0, "/"), event(2, 2, "/"));
    Path wide = folder.resolve("wide");
    Path narrow = folder.resolve("narrow");
    Program.round("--landing=" + landing, "--lake=" + wide, "--dedupeHorizon=72h");
    Program.round("--landing=" + landing, "--lake=" + narrow, "--dedupeHorizon=1h");

    assertThat(EventLake.at(LakeLocation.of(wide)).counts())
        .isEqualTo(new LakeCounts(4, 2, 0, 2, 2));
    assertThat(EventLake.at(LakeLocation.of(narrow)).counts())
        .isEqualTo(new LakeCounts(4, 4, 0, 0, 0));
    for (Path one : new Path[] {wide, narrow}) {
      assertThat(Program.run("verify", "--lake=" + one)).as(one.toString()).isZero();
    }
    SequentialLake.of(SourceRecord.inFolder(landing), ParserSettings.DEFAULTS, Duration.ofHours(72))
        .assertHeldBy(wide);
  }

  @Test
  void jobsWithDifferentHorizonsOnOneLakeDoNotMakeVerifyCryWolf() throws Exception {
    land(12, event(1, 0, "/"), event(1, 48, "/"));
    round("--dedupeHorizon=72h");
    assertThat(counts()).isEqualTo(new LakeCounts(2, 1, 0, 1, 1));
    land(13, event(1, 2, "/"), event(1, 0, "/"));
    round("--dedupeHorizon=1h");
    assertThat(counts()).isEqualTo(new LakeCounts(4, 2, 0, 2, 1));
    land(14, event(1, 60, "/"), event(1, 2, "/"));
    round("--dedupeHorizon=72h");

    assertThat(counts()).isEqualTo(new LakeCounts(6, 2, 0, 4, 2));
    assertThat(verify()).isZero();
  }
}
