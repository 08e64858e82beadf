package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ServiceClassPath;
import clicklake.transforms.parse.HostileRecords;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No bytes from outside stop the job: hostile records at odd arrivals go through whole jobs, and
 * each ends where the sequential model says. Ids come again with other times and contents.
 *
 * <p>{@code clicklake.fuzz.records} and {@code clicklake.seed} ask for more and for others; beyond
 * the default, event times lie anywhere from 2000 to 9999.
 */
class HostileRecordsFlowTest {
  private static final int A_LAKE = 20_000;
  private static final int RECORDS = Integer.getInteger("clicklake.fuzz.records", A_LAKE);
  private static final long FIRST_SEED = Long.getLong("clicklake.seed", 1);
  private static final int FILES = 14;

  /** Modification times as archives, copies and clocks make them. */
  private static final List<Instant> ARRIVALS =
      List.of(
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2024-02-10T12:00:00Z"),
          Instant.parse("1980-01-01T00:00:00Z"),
          Instant.EPOCH,
          Instant.parse("1969-12-31T23:59:59Z"),
          Instant.parse("1970-01-21T00:00:00.123Z"),
          Instant.parse("1999-12-31T23:59:59.999Z"),
          Instant.parse("2000-01-01T00:00:00Z"),
          Instant.parse("2099-12-31T23:59:59Z"));

  @TempDir private Path folder;

  @Test
  void hostileRecordsEndWhereTheModelSays() throws Exception {
    for (int lake = 0; lake * A_LAKE < RECORDS; lake++) {
      long seed = FIRST_SEED + lake;
      System.out.println("hostile records: seed " + seed);
      try {
        assertTaken(seed, folder.resolve("lake-" + seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("-Dclicklake.seed=" + seed, e);
      }
    }
  }

  private void assertTaken(long seed, Path home) throws IOException {
    boolean wide = RECORDS > A_LAKE;
    HostileRecords records = new HostileRecords(seed, wide ? 400 : 30, wide, nasty());
    Path landing = Files.createDirectories(home.resolve("landing"));
    Path lake = home.resolve("lake");
    Path key = home.resolve("key");
    Files.writeString(key, "k:" + "00".repeat(32));
    ParserSettings settings = ParserSettings.DEFAULTS.withKey(new PseudonymKey("k", new byte[32]));
    String[] options = {
      "--landing=" + landing, "--lake=" + lake, "--ipHashKeyFile=" + key, "--refreshGold=1m"
    };

    // What comes second meets a silver that holds ids of the first.
    for (int half = 0; half < 2; half++) {
      for (int file = 0; file < FILES / 2; file++) {
        write(landing.resolve(half + "-" + file + ".ndjson"), records, A_LAKE / FILES, file);
      }
      Program.round(options);
    }

    SequentialLake.of(SourceRecord.inFolder(landing), settings).assertHoldsEveryRecord(lake);
    GoldOfLake.assertIsTheModels(lake);
    assertThat(Program.run("verify", "--lake=" + lake, "--gold")).isZero();
  }

  private static void write(Path file, HostileRecords records, int count, int arrival)
      throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < count; i++) {
        out.write(records.next());
        out.write('\n');
      }
    }
    Files.setLastModifiedTime(file, FileTime.from(ARRIVALS.get(arrival % ARRIVALS.size())));
  }

  /** Lines of files that may lie beside the project; they are not part of it. */
  private static List<byte[]> nasty() throws IOException {
    List<byte[]> lines = new ArrayList<>();
    Path data = ServiceClassPath.projectRoot().resolveSibling("shared/data/nasty");
    for (String name : List.of("blns_events.ndjson", "jsontestsuite_lines.ndjson")) {
      if (Files.exists(data.resolve(name))) {
        for (SourceRecord record : SourceRecord.inFile(data, data.resolve(name), 0)) {
          lines.add(record.bytes());
        }
      }
    }
    return lines;
  }
}
