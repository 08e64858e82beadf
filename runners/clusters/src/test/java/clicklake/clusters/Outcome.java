package clicklake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.lake.EventLake;
import clicklake.jobs.VerifyJob;
import clicklake.produce.ProducedCounts;
import clicklake.schemas.lake.LakeLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Where records ended: what a lake holds, or what it has to. */
record Outcome(long bronze, long silver, long quarantine, long duplicates, long conflicts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What has to become of records that were produced. */
  static Outcome of(ProducedCounts counts) {
    return new Outcome(
        counts.records(), counts.events(), counts.rejected(), counts.duplicates(), 0);
  }

  /** What {@code verify} counts in a lake, which has to balance. */
  static Outcome verified(Path lake) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    boolean balanced =
        new VerifyJob(LakeLocation.of(lake), Duration.ofHours(24))
            .run(new PrintStream(said, true, StandardCharsets.UTF_8), true);
    String json = said.toString(StandardCharsets.UTF_8);
    assertThat(balanced).as("verify: %s", json).isTrue();
    JsonNode counts = JSON.readTree(json);
    return new Outcome(
        counts.required("bronze").asLong(),
        counts.required("silver").asLong(),
        counts.required("quarantine").asLong(),
        counts.required("duplicates").asLong(),
        counts.required("conflicts").asLong());
  }

  /** How many records a lake has decided on so far. */
  static long decided(Path lake) {
    return Files.exists(lake.resolve("silver/events/_delta_log"))
        ? EventLake.at(LakeLocation.of(lake)).counts().decided()
        : 0;
  }
}
