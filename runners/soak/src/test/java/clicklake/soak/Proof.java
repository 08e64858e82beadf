package clicklake.soak;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.jobs.VerifyJob;
import clicklake.schemas.lake.LakeLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** That a lake balances, and holds what was sent. */
final class Proof {
  private static final JsonMapper JSON = new JsonMapper();

  private Proof() {}

  static void require(Path lake, Load.Sent sent) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    boolean balanced =
        new VerifyJob(LakeLocation.of(lake), Duration.ofHours(24))
            .run(new PrintStream(said, true, StandardCharsets.UTF_8), true);
    String text = said.toString(StandardCharsets.UTF_8);
    assertThat(balanced).as("verify: %s", text).isTrue();
    try {
      JsonNode balance = JSON.readTree(text);
      assertThat(balance.path("bronze").asLong()).as("records").isEqualTo(sent.records());
      assertThat(balance.path("undecided").asLong()).as("undecided").isZero();
      assertThat(
              new Load.Sent(
                  balance.path("silver").asLong(),
                  balance.path("duplicates").asLong(),
                  balance.path("quarantine").asLong()))
          .isEqualTo(sent);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("verify does not print JSON: " + text, e);
    }
  }
}
