package clicklake.crash;

import static clicklake.crash.Runner.DIRECT;
import static clicklake.crash.Runner.FLINK;
import static clicklake.crash.Runner.SPARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The lake is in an object store, the network to it fails for a tenth and for a third of all
 * requests, in every way that a network can, and the jobs are killed or doubled as well. Every
 * record must be in exactly one place.
 *
 * <p>The long form tells every story of {@link KillStories} behind such a network.
 */
@ExtendWith(Tally.class)
class KillsBehindFaultyStoreTest {
  private static final long SEED = Long.getLong("clicklake.crash.seed", System.nanoTime());

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir static Path folder;

  private static FaultProxy proxy(double share) {
    FaultProxy proxy = new FaultProxy(ObjectStore.ofTemporaryFolders(), share, SEED);
    // Each silence costs ten seconds.
    return share < 0.2 || Form.isLong() ? proxy.withSilences() : proxy;
  }

  @Test
  void killedInTurnUnderLoadWhileOneRequestInTenFails() {
    try (FaultProxy proxy = proxy(0.1)) {
      Life life = new Life("store fails by 10 %", broker, folder.resolve("tenth"), SEED);
      life.behind(proxy).withFlinkState(true);
      Load.Running running = life.beginsToSend();
      life.isKilledAtWork(SPARK).isKilledAtWork(FLINK).isKilledAtRandom(FLINK);
      running.stop();
      life.finishes(SPARK).refreshesGold(DIRECT).ends();
      assertThat(proxy.faults()).hasSizeGreaterThan(4);
    }
  }

  static List<Double> shares() {
    return Form.firstOrAll(0.3, 0.1);
  }

  @ParameterizedTest(name = "{0} of the requests fail")
  @MethodSource("shares")
  void twoCopiesAtOnceOnTwoRunnersShareTheWork(double share) {
    try (FaultProxy proxy = proxy(share)) {
      Life life = new Life("two copies, " + share, broker, folder.resolve("two-" + share), SEED);
      life.behind(proxy).sends(3000);
      try (ChildProcess one = life.stream(FLINK).start();
          ChildProcess other = life.stream(share < 0.2 ? SPARK : DIRECT).start()) {
        life.awaitCovered(one, other);
        life.sendsAgain(3000).sends(2000);
        life.kills(one);
        life.awaitCovered(other);
        life.kills(other);
      }
      life.sends(500).finishes(DIRECT).ends();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyStoryInTheLongForm() {
    List<KillStories.Story> stories = KillStories.all();
    return IntStream.range(0, stories.size())
        .filter(
            number -> Form.isLong() && KillStories.ONLY.matcher(stories.get(number).name()).find())
        .mapToObj(number -> test(number, stories.get(number)));
  }

  private DynamicTest test(int number, KillStories.Story story) {
    double share = number % 2 == 0 ? 0.3 : 0.1;
    return dynamicTest(
        story.name() + ", " + share + " of the requests fail",
        () -> {
          try (FaultProxy proxy = proxy(share)) {
            story
                .course()
                .accept(
                    new Life(
                            story.name() + " behind " + share,
                            broker,
                            folder.resolve("story-" + number),
                            SEED + number)
                        .behind(proxy));
          }
        });
  }
}
