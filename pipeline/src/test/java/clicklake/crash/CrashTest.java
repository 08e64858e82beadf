package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import clicklake.jobs.VerifyJob;
import clicklake.produce.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The job is killed, frozen, doubled, and cut off from its broker; afterwards every record must be
 * in exactly one place. Set {@code clicklake.crash.kills} and {@code clicklake.crash.seed} for more
 * kills or others.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("clicklake.crash.kills", 10);
  private static final long SEED = Long.getLong("clicklake.crash.seed", System.nanoTime());
  private static final int RECORDS_PER_SECOND = 1500;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir Path folder;

  private Path lake() {
    return folder.resolve("lake");
  }

  @Test
  void tenKillsAtRandomMomentsLoseAndDoubleNothing() {
    Random random = new Random(SEED);
    Load load = Load.inNewTopic(broker, "kills");
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    Load.Running running = load.start(100_000, RECORDS_PER_SECOND);
    List<String> moments = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      long before = LakeContents.of(lake()).versions();
      try (ChildProcess child = job.start()) {
        // Some while they start and look at the lake, most while they commit.
        boolean early = random.nextInt(4) == 0;
        if (!early) {
          awaitVersionAfter(before, child);
        }
        int millis = random.nextInt(early ? 5000 : 1500);
        moments.add((early ? "start+" : "commit+") + millis + "ms");
        letRun(child, millis);
        child.kill9();
      }
    }
    running.stop();
    finish(job);

    report("random kills, seed " + SEED + " " + moments, KILLS, requireBalanced(load));
  }

  @ParameterizedTest(name = "killed at {0}")
  @CsvSource({
    "RECORDS_WRITTEN",
    "EVENTS_WRITTEN",
    "BEFORE_COMMIT",
    "BEFORE_COMMIT:2",
    "AFTER_COMMIT",
    "AFTER_COMMIT:2",
    "BEFORE_QUARANTINE",
    "AFTER_QUARANTINE"
  })
  void aJobKilledAtAWorstMomentIsTakenUp(String moment) {
    Load load = Load.inNewTopic(broker, "moment");
    load.send(1, 3000, Pace.UNLIMITED);
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    try (ChildProcess child = job.startAvailableNow("-Dclicklake.kill.at=" + moment)) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(137);
      assertThat(child.output()).anyMatch(line -> line.endsWith("reached: dying"));
    }
    finish(job);

    report("killed at " + moment, 1, requireBalanced(load));
  }

  @Test
  void twoCopiesAtOnceShareTheWork() {
    Load load = Load.inNewTopic(broker, "copies");
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    load.send(2, 4000, Pace.UNLIMITED);
    try (ChildProcess one = job.start();
        ChildProcess other = job.start()) {
      awaitCovered(load, 4, one, other);
      load.sendAgain(2, 4000, Pace.UNLIMITED);
      load.send(3, 6000, Pace.of(2000));
      awaitCovered(load, 4, one, other);
      stop(one);
      stop(other);
    }
    finish(job);

    report("two copies", 0, requireBalanced(load));
  }

  @Test
  void aCopyThatWakesAfterItsSuccessorCommittedChangesNothing() {
    Load load = Load.inNewTopic(broker, "zombie");
    load.send(4, 4000, Pace.UNLIMITED);
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    try (ChildProcess sleeper = job.startAvailableNow("-Dclicklake.freeze.at=BEFORE_COMMIT:2")) {
      sleeper.awaitLine("reached: freezing", PATIENCE);
      awaitFrozen(sleeper);
      finish(job);
      LakeContents.Balance successors = requireBalanced(load);
      long versions = LakeContents.of(lake()).versions();

      sleeper.resume();
      assertThat(sleeper.waitFor(PATIENCE)).as("exit code, %s", sleeper.output()).isEqualTo(0);
      assertThat(requireBalanced(load)).isEqualTo(successors);
      assertThat(LakeContents.of(lake()).versions()).isEqualTo(versions);
    }
    finish(job);

    report("woken after its successor", 0, requireBalanced(load));
  }

  @Test
  void theJobOutlivesABrokerThatIsAwayForTwentySeconds() {
    try (KafkaBroker own = KafkaBroker.startNew()) {
      Load load = Load.inNewTopic(own, "away");
      load.send(5, 3000, Pace.UNLIMITED);
      StreamProcess job = new StreamProcess(own, load.topic(), lake());
      try (ChildProcess child = job.start()) {
        awaitCovered(load, 4, child);
        own.kill9();
        letRun(child, 20_000);
        own.start();
        load.send(6, 3000, Pace.UNLIMITED);
        awaitCovered(load, 4, child);
        stop(child);
      }
      report("broker away", 0, requireBalanced(load, own));
    }
  }

  @Test
  void partitionsAddedWhileTheJobRunsAreRead() {
    Load load = Load.inNewTopic(broker, "grown");
    load.send(7, 2000, Pace.UNLIMITED);
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    try (ChildProcess child = job.start()) {
      awaitCovered(load, 4, child);
      broker.addPartitions(load.topic(), 6);
      load.send(8, 3000, Pace.UNLIMITED);
      assertThat(broker.endOffset(load.topic(), 5)).isPositive();
      awaitCovered(load, 6, child);
      stop(child);
    }
    report("partitions added", 0, requireBalanced(load));
  }

  @Test
  void sigtermUnderLoadEndsTheJobWithSuccessWithinTenSeconds() {
    Load load = Load.inNewTopic(broker, "sigterm");
    Load.Running running = load.start(200_000, RECORDS_PER_SECOND);
    StreamProcess job = new StreamProcess(broker, load.topic(), lake());
    try (ChildProcess child = job.start()) {
      awaitVersionAfter(2, child);
      stop(child);
    }
    running.stop();
    finish(job);
    report("SIGTERM", 0, requireBalanced(load));
  }

  // ---- steps

  private static void stop(ChildProcess child) {
    child.terminate();
    assertThat(child.waitFor(Duration.ofSeconds(10)))
        .as("exit code after SIGTERM, %s", child.output())
        .isEqualTo(0);
  }

  private static void finish(StreamProcess job) {
    try (ChildProcess child = job.startAvailableNow()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(0);
    }
  }

  private LakeContents.Balance requireBalanced(Load load) {
    return requireBalanced(load, broker);
  }

  private LakeContents.Balance requireBalanced(Load load, KafkaBroker from) {
    LakeContents.Balance balance =
        LakeContents.of(lake()).requireBalanced(from.readAll(load.topic()));
    assertThat(balance).isEqualTo(load.expected());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    boolean verified =
        new VerifyJob(lake().toString(), Duration.ofHours(24))
            .run(new PrintStream(said, true, StandardCharsets.UTF_8), true);
    assertThat(verified).as("verify: %s", said.toString(StandardCharsets.UTF_8)).isTrue();
    return balance;
  }

  private void report(String story, int kills, LakeContents.Balance balance) {
    System.out.println(
        story
            + ": kills "
            + kills
            + ", replayed rows "
            + LakeContents.of(lake()).replayedRows()
            + ", "
            + balance);
  }

  private void awaitVersionAfter(long version, ChildProcess child) {
    Awaitility.await("a commit after version " + version)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              requireAlive(child);
              return LakeContents.of(lake()).versions() > version;
            });
  }

  private void awaitCovered(Load load, int partitions, ChildProcess... children) {
    long ends = load.endOffsets(partitions);
    Awaitility.await("everything up to the topic's ends decided")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              for (ChildProcess child : children) {
                requireAlive(child);
              }
              return LakeContents.of(lake()).decided() >= ends;
            });
  }

  private static void requireAlive(ChildProcess child) {
    if (!child.isAlive()) {
      fail("the job ended: %s", child.output());
    }
  }

  /** Lets the job run; it must not end meanwhile. */
  private static void letRun(ChildProcess child, int millis) {
    try {
      ProcessHandle.of(child.pid()).orElseThrow().onExit().get(millis, TimeUnit.MILLISECONDS);
      fail("the job ended: %s", child.output());
    } catch (TimeoutException stillRunning) {
      assertThat(child.isAlive()).isTrue();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void awaitFrozen(ChildProcess child) {
    Awaitility.await("process stopped")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> state(child).startsWith("T"));
  }

  private static String state(ChildProcess child) throws IOException {
    Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", Long.toString(child.pid())).start();
    return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
