package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.flow.LakeReader;
import clicklake.io.testing.ChildProcess;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same files, on each of the three runners: the same events, field by field, and the same
 * refused records. (That these are the right ones is what the flow suite says, on each runner.)
 */
class SameLakeOnEveryRunnerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Which of several identical copies stands in silver may differ, and when it was written. */
  private static final Set<String> OF_THE_COPY =
      Set.of("_source", "_partition", "_offset", "_ingested_at", "_processed_at");

  @TempDir Path folder;

  @Test
  void threeHundredThousandRecordsMakeTheSameLakeOnEachRunner() throws Exception {
    Path landing = Files.createDirectory(folder.resolve("landing"));
    ProducedCounts produced =
        LandingProducer.withFilesOf(landing, 0.3, 30_000, Clock.systemUTC())
            .produce(
                ProducePlan.of(11, 300_000).withShares(0.03, 0.03, 0.02, 0.03),
                RateLimiter.UNLIMITED,
                ProduceProgress.SILENT)
            .counts();
    Map<Runner, Map<String, String>> silver = new EnumMap<>(Runner.class);
    Map<Runner, Map<String, String>> quarantine = new EnumMap<>(Runner.class);
    for (Runner runner : Runner.values()) {
      Path lake = folder.resolve("lake-" + runner);
      try (ChildProcess job =
          JobProcess.of(
                  runner,
                  folder,
                  "stream",
                  "--landing=" + landing,
                  "--lake=" + lake,
                  "--availableNow")
              .start()) {
        assertThat(job.waitFor(PATIENCE)).as("exit code, %s", job.output()).isZero();
      }
      silver.put(runner, events(lake));
      quarantine.put(runner, rejects(lake));
    }

    assertThat(silver.get(Runner.DIRECT)).hasSize((int) produced.events());
    assertThat(quarantine.get(Runner.DIRECT)).hasSize((int) produced.rejected());
    for (Runner runner : Runner.values()) {
      assertThat(silver.get(runner))
          .as("silver by %s", runner)
          .isEqualTo(silver.get(Runner.DIRECT));
      assertThat(quarantine.get(runner))
          .as("quarantine by %s", runner)
          .isEqualTo(quarantine.get(Runner.DIRECT));
    }
  }

  /** A digest of each event, by its id. */
  private static Map<String, String> events(Path lake) throws IOException {
    Map<String, String> events = new HashMap<>();
    new LakeReader(lake)
        .forEachRow(
            "silver/events",
            row -> {
              row.keySet().removeAll(OF_THE_COPY);
              assertThat(events.put(String.valueOf(row.get("event_id")), digest(row))).isNull();
            });
    return events;
  }

  /** A digest of each refused record, by its position. */
  private static Map<String, String> rejects(Path lake) throws IOException {
    Map<String, String> rejects = new HashMap<>();
    new LakeReader(lake)
        .forEachRow(
            "quarantine/events",
            row -> {
              String position =
                  row.get("_source") + "/" + row.get("_partition") + "/" + row.get("_offset");
              assertThat(rejects.put(position, digest(row))).isNull();
            });
    return rejects;
  }

  private static String digest(Map<String, @Nullable Object> row) {
    // A buffer's own text says how long it is, not what is in it.
    row.replaceAll(
        (column, value) ->
            value instanceof ByteBuffer bytes
                ? StandardCharsets.ISO_8859_1.decode(bytes).toString()
                : value);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5")
                  .digest(new TreeMap<>(row).toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
