package clicklake.crash;

import static clicklake.crash.Runner.DIRECT;
import static clicklake.crash.Runner.FLINK;
import static clicklake.crash.Runner.SPARK;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The job is frozen, doubled, stopped, and cut off from its broker; afterwards every record must be
 * in exactly one place.
 */
@ExtendWith(Tally.class)
class CrashTest {
  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir Path folder;

  private Life life(String name) {
    return new Life(name, broker, folder, name.hashCode());
  }

  @Test
  void twoCopiesAtOnceOnTwoRunnersShareTheWork() {
    Life life = life("two copies").sends(4000);
    try (ChildProcess one = life.stream(DIRECT).start();
        ChildProcess other = life.stream(FLINK).start()) {
      life.awaitCovered(one, other);
      life.sendsAgain(4000).sends(6000);
      life.awaitCovered(one, other);
      Life.stop(one);
      Life.stop(other);
    }
    life.finishes(SPARK).ends();
  }

  static List<Arguments> sleepers() {
    return Form.firstOrAll(
        Arguments.of(FLINK, SPARK),
        Arguments.of(FLINK, DIRECT),
        Arguments.of(SPARK, DIRECT),
        Arguments.of(SPARK, FLINK),
        Arguments.of(DIRECT, FLINK),
        Arguments.of(DIRECT, SPARK));
  }

  @ParameterizedTest(name = "{0} sleeps, {1} does its work")
  @MethodSource("sleepers")
  void aCopyThatWakesAfterItsSuccessorCommittedChangesNothing(Runner sleeper, Runner successor) {
    life(sleeper + " woken after " + successor)
        .sends(4000)
        .sleepsWhile(sleeper, "BEFORE_COMMIT:2", successor)
        .finishes(sleeper)
        .ends();
  }

  @Test
  void theJobOutlivesABrokerThatIsAwayForTwentySeconds() {
    try (KafkaBroker own = KafkaBroker.startNew()) {
      Life life = new Life("broker away", own, folder, 5).sends(3000);
      try (ChildProcess child = life.stream(DIRECT).start()) {
        life.awaitCovered(child);
        own.kill9();
        Life.letRun(child, 20_000);
        own.start();
        life.sends(3000);
        life.awaitCovered(child);
        Life.stop(child);
      }
      life.ends();
    }
  }

  static List<Runner> readers() {
    return Form.firstOrAll(FLINK, DIRECT, SPARK);
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("readers")
  void partitionsAddedWhileTheJobRunsAreRead(Runner runner) {
    Life life = life("partitions added on " + runner).sends(2000);
    try (ChildProcess child = life.stream(runner).start()) {
      life.awaitCovered(child);
      life.load().addPartitions(6);
      life.sends(3000);
      assertThat(broker.endOffset(life.load().topic(), 5)).isPositive();
      life.awaitCovered(child);
      Life.stop(child);
    }
    life.ends();
  }

  @ParameterizedTest(name = "on {0}")
  @EnumSource(Runner.class)
  void sigtermUnderLoadEndsTheJobWithSuccessWithinTenSeconds(Runner runner) {
    Life life = life("SIGTERM on " + runner);
    Load.Running running = life.beginsToSend();
    try (ChildProcess child = life.stream(runner).start()) {
      life.awaitVersionAfter(2, child);
      Life.stop(child);
    }
    running.stop();
    life.finishes(runner.next()).ends();
  }
}
