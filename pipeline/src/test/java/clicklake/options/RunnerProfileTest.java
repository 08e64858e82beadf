package clicklake.options;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.options.value.RawValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunnerProfileTest {
  private final List<String> faults = new ArrayList<>();

  private static RawValue at(int line, String text) {
    return new RawValue(text, "Some.yaml:" + line);
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    assertThat(RunnerProfile.of(Map.of(), faults)).isEqualTo(new RunnerProfile(false, false, 0.5));
    assertThat(faults).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    assertThat(
            RunnerProfile.of(
                Map.of(
                    "readsInRounds", at(1, "true"),
                    "roundIsStream", at(2, "true"),
                    "shardShare", at(3, "0.05")),
                faults))
        .isEqualTo(new RunnerProfile(true, true, 0.05));
    assertThat(faults).isEmpty();
  }

  @Test
  void everyFaultIsListed() {
    RunnerProfile.of(
        Map.of(
            "readsInRound", at(1, "true"),
            "roundIsStream", at(2, "yes"),
            "shardShare", at(3, "1.5")),
        faults);

    assertThat(faults)
        .containsExactlyInAnyOrder(
            "Some.yaml:1: unknown key profile.readsInRound; did you mean profile.readsInRounds?",
            "profile.roundIsStream=yes (Some.yaml:2): is neither true nor false",
            "profile.shardShare=1.5 (Some.yaml:3): is out of range; it must be from 0 to 1");
  }

  @Test
  void aShardWaitsForItsShareOfTheCommitInterval() {
    assertThat(RunnerProfile.DEFAULT.shardDelay(Duration.ofSeconds(5)))
        .isEqualTo(Duration.ofMillis(2500));
    assertThat(new RunnerProfile(false, true, 0.05).shardDelay(Duration.ofSeconds(5)))
        .isEqualTo(Duration.ofMillis(250));
    assertThat(new RunnerProfile(false, true, 0.05).shardDelay(Duration.ofMillis(1)))
        .isEqualTo(Duration.ofNanos(50_000));
  }
}
