package clicklake.crash;

import static clicklake.crash.Runner.DIRECT;
import static clicklake.crash.Runner.FLINK;
import static clicklake.crash.Runner.SPARK;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Every story of a lake whose job is killed, and a choice of them for each build.
 *
 * <p>The choice has each runner killed and each taking over from every other, and one story of each
 * kind.
 */
final class KillStories {
  private static final List<String> MOMENTS =
      List.of(
          "RECORDS_WRITTEN",
          "EVENTS_WRITTEN",
          "BEFORE_COMMIT",
          "BEFORE_COMMIT:2",
          "AFTER_COMMIT",
          "AFTER_COMMIT:2",
          "BEFORE_QUARANTINE",
          "AFTER_QUARANTINE");

  /** With these each runner is killed once for each of the other two to take over. */
  private static final Set<String> CHOSEN_MOMENTS =
      Set.of(
          "DIRECT EVENTS_WRITTEN",
          "DIRECT BEFORE_COMMIT",
          "FLINK AFTER_COMMIT",
          "FLINK AFTER_COMMIT:2",
          "SPARK BEFORE_COMMIT",
          "SPARK AFTER_QUARANTINE");

  /** What happens to a lake, under a name. */
  record Story(String name, boolean inShortForm, Consumer<Life> course) {}

  /** The stories whose names match are told, where not all are. */
  static final Pattern ONLY = Pattern.compile(System.getProperty("clicklake.crash.only", ""));

  private final List<Story> stories = new ArrayList<>();

  private KillStories() {
    killedAtWorstMoments();
    killedOneAfterTheOther();
    killedWhileStateIsWritten();
    oldCheckpoints();
    killedInGold();
  }

  static List<Story> all() {
    return List.copyOf(new KillStories().stories);
  }

  private void tell(String name, boolean inShortForm, Consumer<Life> course) {
    stories.add(new Story(name, inShortForm, course));
  }

  /** Each moment on each runner; each of nine pairs of runners has two or more. */
  private void killedAtWorstMoments() {
    Runner[] runners = Runner.values();
    for (int moment = 0; moment < MOMENTS.size(); moment++) {
      String at = MOMENTS.get(moment);
      for (Runner killed : runners) {
        Runner successor = runners[(killed.ordinal() + moment) % runners.length];
        tell(
            killed + " killed at " + at + ", resumed on " + successor,
            CHOSEN_MOMENTS.contains(killed + " " + at),
            life -> life.sends(3000).isKilled(killed, at).finishes(successor).ends());
      }
    }
  }

  /** Under load, in every order, with Flink's state kept or not, partitions added on the way. */
  private void killedOneAfterTheOther() {
    for (List<Runner> order : Runner.orders()) {
      for (boolean kept : new boolean[] {true, false}) {
        tell(
            order + " killed in turn under load, state " + (kept ? "kept" : "deleted"),
            kept && order.equals(List.of(FLINK, SPARK, DIRECT)),
            life -> {
              life.withFlinkState(kept);
              Load.Running running = life.beginsToSend();
              order.forEach(life::isKilledAtWork);
              life.load().addPartitions(6);
              life.isKilledAtRandom(order.get(0));
              running.stop();
              life.finishes(order.get(1)).ends();
            });
      }
    }
    for (Runner runner : Runner.values()) {
      tell(
          runner + " killed four times at random, never another runner",
          runner == DIRECT,
          life -> {
            life.withFlinkState(true);
            Load.Running running = life.beginsToSend();
            for (int kill = 0; kill < 4; kill++) {
              life.isKilledAtRandom(runner);
            }
            running.stop();
            life.finishes(runner).ends();
          });
    }
    for (int i = 0; i < 6; i++) {
      tell(
          "killed four times at random on random runners, " + i,
          false,
          life -> {
            life.withFlinkState(true);
            Load.Running running = life.beginsToSend();
            for (int kill = 0; kill < 4; kill++) {
              life.isKilledAtRandom(life.anyRunner());
            }
            running.stop();
            life.finishes(life.anyRunner()).ends();
          });
    }
  }

  private void killedWhileStateIsWritten() {
    for (Runner successor : Runner.values()) {
      for (boolean kept : new boolean[] {true, false}) {
        tell(
            "FLINK killed while it checkpoints, resumed on "
                + successor
                + ", state "
                + (kept ? "kept" : "deleted"),
            kept && successor == FLINK,
            life -> {
              life.withFlinkState(kept);
              Load.Running running = life.beginsToSend();
              life.isKilled(FLINK, "MARK_TAKEN:9", life.stream(FLINK));
              life.isKilledAtWork(successor);
              running.stop();
              life.finishes(successor.next()).ends();
            });
      }
    }
    for (Runner killed : Runner.values()) {
      tell(
          killed + " killed while a log's checkpoint is written",
          killed == DIRECT,
          life -> {
            Load.Running running = life.beginsToSend();
            life.isKilled(killed, "LOG_CHECKPOINT", life.stream(killed, "--commitEvery=20ms"));
            running.stop();
            life.finishes(killed.next()).ends();
          });
    }
  }

  private void oldCheckpoints() {
    for (Runner between : Runner.values()) {
      tell(
          "the lake goes on by " + between + ", then FLINK from its old checkpoint",
          between == SPARK,
          life -> {
            life.withFlinkState(true).sends(3000);
            Path old = life.isKilledAfterCheckpoint();
            life.sends(2000).catchesUpAndIsKilled(between);
            life.sends(2000).catchesUpFrom(old);
            life.sends(1000).finishes(between.next()).ends();
          });
    }
  }

  private void killedInGold() {
    for (Runner killed : Runner.values()) {
      tell(
          killed + " killed in gold",
          killed == FLINK,
          life -> {
            life.sends(2000).finishes(DIRECT);
            life.isKilled(killed, "GOLD_WRITTEN", life.job(killed, "gold", "--smallRefresh=0B"));
            life.sends(1000).finishes(DIRECT);
            life.isKilled(killed, "GOLD_WRITTEN:7", life.job(killed, "gold"));
            life.refreshesGold(killed.next()).ends();
          });
    }
  }
}
