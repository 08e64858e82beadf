package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.flow.GoldOfLake;
import clicklake.io.testing.ChildProcess;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events with late, doubled and broken ones among them come in any order, in 1, 7 or 50 runs, of
 * which most are killed at random, once or twice, some in the middle of gold, before they come to
 * their end: every gold table must be the model's, row by row.
 *
 * <p>In the long form a million events (or {@code clicklake.gold.events}) in each split on each
 * runner and on all in turn, for which this JVM needs about 5 GB of heap; else a few in three runs.
 * {@code clicklake.gold.only} is a regular expression for names of the long form, such as «in 7
 * runs on [SPARK]»; {@code clicklake.crash.seed} repeats the random choices.
 */
class GoldUnderKillsTest {
  private static final long SEED = Long.getLong("clicklake.crash.seed", System.nanoTime());
  private static final Pattern ONLY =
      Pattern.compile(System.getProperty("clicklake.gold.only", ""));
  private static final boolean LONG = Form.isLong() || !ONLY.pattern().isEmpty();
  private static final int LONG_EVENTS = Integer.getInteger("clicklake.gold.events", 1_000_000);
  private static final int SHORT_EVENTS = 12_000;
  private static final int FILES = 100;
  private static final int MOST_KILLS_PER_RUN = 2;
  private static final int GOLD_COMMITS = 19;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private Duration lastRun = Duration.ofSeconds(8);
  private int kills;

  static List<Arguments> splits() {
    List<Runner> all = List.of(Runner.values());
    if (!LONG) {
      return List.of(Arguments.of(3, all));
    }
    List<List<Runner>> runners = new ArrayList<>(List.of(all));
    all.forEach(runner -> runners.add(List.of(runner)));
    return IntStream.of(1, 7, 50)
        .boxed()
        .flatMap(runs -> runners.stream().map(on -> Arguments.of(runs, on)))
        .filter(split -> ONLY.matcher(name(split.get())).find())
        .toList();
  }

  private static String name(Object[] runsAndRunners) {
    return "in " + runsAndRunners[0] + " runs on " + runsAndRunners[1];
  }

  @ParameterizedTest(name = "in {0} runs on {1}")
  @MethodSource("splits")
  void goldIsTheModelsWhoeverWasKilled(int runs, List<Runner> runners) throws Exception {
    String name = "gold in " + runs + " runs on " + runners + ", seed " + SEED;
    System.out.println(name);
    List<Path> files = produce(LONG ? LONG_EVENTS : SHORT_EVENTS);
    Collections.shuffle(files, random);
    Path landing = Files.createDirectory(folder.resolve("landing"));
    for (int run = 0; run < runs; run++) {
      for (int file = run; file < files.size(); file += runs) {
        Files.move(files.get(file), landing.resolve(files.get(file).getFileName()));
      }
      int toKill = random.nextInt(MOST_KILLS_PER_RUN + 1);
      for (int kill = 0; kill < toKill; kill++) {
        isKilledOrEnds(any(runners));
      }
      ends(any(runners));
    }

    GoldOfLake.assertIsTheModels(folder.resolve("lake"));
    System.out.println(name + ": the model's, kills " + kills);
  }

  private List<Path> produce(int events) throws IOException, InterruptedException {
    Path waiting = Files.createDirectory(folder.resolve("waiting"));
    ProducePlan plan =
        ProducePlan.of(Math.abs(SEED % 1_000_000), events).withShares(0.05, 0.1, 0.03, 0.05);
    LandingProducer.withFilesOf(waiting, 0.3, events / FILES, Clock.systemUTC())
        .produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    try (var files = Files.walk(waiting)) {
      return new ArrayList<>(files.filter(Files::isRegularFile).sorted().toList());
    }
  }

  private Runner any(List<Runner> runners) {
    return runners.get(random.nextInt(runners.size()));
  }

  /** Half of the kills come at one of gold's commits, half at any time; some come too late. */
  private void isKilledOrEnds(Runner runner) {
    JobProcess job = round(runner);
    if (random.nextBoolean()) {
      int commit = 1 + random.nextInt(GOLD_COMMITS);
      try (ChildProcess child = job.dyingAt("GOLD_WRITTEN:" + commit).start()) {
        int exit = child.waitFor(PATIENCE);
        assertThat(exit).as("exit code, %s", child.output()).isIn(0, 137);
        kills += exit == 137 ? 1 : 0;
      }
    } else {
      try (ChildProcess child = job.start()) {
        boolean ended = child.endsWithin(lastRun.multipliedBy(random.nextInt(100)).dividedBy(100));
        child.kill9();
        kills += ended ? 0 : 1;
      }
    }
  }

  private void ends(Runner runner) {
    Instant start = Instant.now();
    try (ChildProcess child = round(runner).start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(0);
    }
    lastRun = Duration.between(start, Instant.now());
  }

  /** One round and, by the runner or in memory, a refresh of gold. */
  private JobProcess round(Runner runner) {
    return JobProcess.of(
        runner,
        folder,
        "stream",
        "--availableNow",
        "--refreshGold=1m",
        "--landing=" + folder.resolve("landing"),
        "--lake=" + folder.resolve("lake"),
        random.nextInt(4) == 0 ? "--smallRefresh=0B" : "--smallRefresh=8MiB");
  }
}
