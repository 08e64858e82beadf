package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import clicklake.flow.LakeReader;
import clicklake.flow.SequentialLake;
import clicklake.flow.SourceRecord;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import clicklake.jobs.VerifyJob;
import clicklake.produce.RateLimiter;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.parse.ParserSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The life of one lake: a topic, the jobs that were started over it and how each of them ended, and
 * the comparison at the end. Its methods are the sentences of a story.
 */
final class Life {
  /** Behind a network that fails, each step takes as long again and again. */
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  private static final int RECORDS_PER_SECOND = 1000;

  private final String name;
  private final KafkaBroker broker;
  private final Path folder;
  private final Path lake;
  private final FlinkState flink;
  private final Random random;
  private final Load load;
  private final List<String> course = new ArrayList<>();
  private @Nullable FaultProxy store;
  private boolean checkpoints;
  private boolean stateKept;
  private int kills;
  private long seed;

  Life(String name, KafkaBroker broker, Path folder, long seed) {
    this.name = name;
    this.broker = broker;
    this.folder = folder;
    this.lake = folder.resolve("lake");
    this.flink = new FlinkState(folder.resolve("state"));
    this.random = new Random(seed);
    create(folder);
    this.seed = Math.abs(seed % 1_000_000_000);
    this.load = Load.inNewTopic(broker, "life");
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Load load() {
    return load;
  }

  Path lake() {
    return lake;
  }

  int kills() {
    return kills;
  }

  long replayedRows() {
    return LakeContents.of(lake).replayedRows();
  }

  /** Flink checkpoints from now on; its next start begins with the newest, or all are deleted. */
  Life withFlinkState(boolean kept) {
    checkpoints = true;
    stateKept = kept;
    return this;
  }

  FlinkState flink() {
    return flink;
  }

  /** The lake is in an object store from now on, and the jobs reach it through this. */
  Life behind(FaultProxy proxy) {
    store = proxy;
    return this;
  }

  // ---- the topic

  /** Sends events nobody saw before, then an aborted transaction. */
  Life sends(int records) {
    load.send(seed++, records, RateLimiter.UNLIMITED);
    return this;
  }

  /** Sends the same as the last {@link #sends}: every event is a duplicate now. */
  Life sendsAgain(int records) {
    load.sendAgain(seed - 1, records, RateLimiter.UNLIMITED);
    return this;
  }

  /** Begins to send without end, every sixth part a second time. */
  Load.Running beginsToSend() {
    seed += 1000;
    return load.start(seed, RECORDS_PER_SECOND);
  }

  // ---- the job

  /** One that goes on until it is told to end. */
  JobProcess stream(Runner runner, String... options) {
    JobProcess job = job(runner, "stream");
    job.with(
        List.of(
            "--source=kafka",
            "--bootstrapServers=" + broker.bootstrapServers(),
            "--topic=" + load.topic()));
    job.with(List.of(options));
    if (Arrays.stream(options).noneMatch(option -> option.startsWith("--commitEvery"))) {
      job.with(List.of("--commitEvery=1s"));
    }
    if (checkpoints && runner == Runner.FLINK) {
      if (!stateKept) {
        flink.delete();
      }
      // A job that ends with what is there now has other steps, so Flink takes up no checkpoint of
      // one that goes on for ever.
      boolean another = List.of(options).contains("--availableNow");
      job.with(flink.options()).in(flink.environment(another ? null : flink.newest().orElse(null)));
    }
    return job;
  }

  /** Another job on the same lake. */
  JobProcess job(Runner runner, String job, String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--lake=" + lake);
    return JobProcess.of(runner, folder, job).with(inStore(options));
  }

  private List<String> inStore(List<String> options) {
    FaultProxy proxy = store;
    return proxy == null
        ? ObjectStore.withLakesInStore(options)
        : ObjectStore.inStore(options, proxy.endpoint());
  }

  /** One round over what is there, killed at a moment. */
  Life isKilled(Runner runner, String moment) {
    return isKilled(runner, moment, stream(runner, "--availableNow"));
  }

  /** A job killed at a moment. */
  Life isKilled(Runner runner, String moment, JobProcess job) {
    try (ChildProcess child = job.dyingAt(moment).start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(137);
      assertThat(child.output()).anyMatch(line -> line.endsWith("reached: dying"));
    }
    kills++;
    course.add(runner + "!" + moment);
    return this;
  }

  /** A job that was started with {@link #stream}. */
  void kills(ChildProcess job) {
    job.kill9();
    kills++;
    course.add("!");
  }

  /** A job that runs and is killed at random: some while they start, most while they commit. */
  Life isKilledAtRandom(Runner runner) {
    return isKilledAtRandom(runner, random.nextInt(5) == 0);
  }

  /** A job that has committed, and is killed a random while later. */
  Life isKilledAtWork(Runner runner) {
    return isKilledAtRandom(runner, false);
  }

  private Life isKilledAtRandom(Runner runner, boolean early) {
    long before = LakeContents.of(lake).versions();
    try (ChildProcess child = stream(runner).start()) {
      if (!early) {
        awaitVersionAfter(before, child);
      }
      int millis = random.nextInt(early ? 6000 : 1500);
      letRun(child, millis);
      child.kill9();
      kills++;
      course.add(runner + "!" + (early ? "start+" : "commit+") + millis + "ms");
    }
    return this;
  }

  /** A Flink that runs, and is killed once a checkpoint of its own is complete. */
  Path isKilledAfterCheckpoint() {
    long before = LakeContents.of(lake).versions();
    Path last = flink.newest().orElse(null);
    try (ChildProcess child = stream(Runner.FLINK).start()) {
      awaitVersionAfter(before + 2, child);
      Awaitility.await("a checkpoint of Flink")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                requireAlive(child);
                return flink.newest().filter(found -> !found.equals(last)).isPresent();
              });
      child.kill9();
    }
    kills++;
    course.add("FLINK!checkpointed");
    return flink.newest().orElseThrow();
  }

  /** Runs until everything sent so far is decided, and is killed there. */
  Life catchesUpAndIsKilled(Runner runner) {
    try (ChildProcess child = stream(runner).start()) {
      awaitCovered(child);
      child.kill9();
    }
    kills++;
    course.add(runner + "!caught up");
    return this;
  }

  /** One round over what is there, to its end. */
  Life finishes(Runner runner) {
    try (ChildProcess child = stream(runner, "--availableNow").start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(0);
    }
    course.add(runner.toString());
    return this;
  }

  /**
   * A Flink that begins with a checkpoint of old, comes to the end of the topic, and is stopped.
   */
  Life catchesUpFrom(Path checkpoint) {
    JobProcess job =
        stream(Runner.FLINK).in(flink.environment(checkpoint)).loggingBy("/logback-restores.xml");
    try (ChildProcess child = job.start()) {
      child.awaitLine(
          0,
          line -> line.contains("Restoring job") && line.contains(checkpoint.toString()),
          PATIENCE);
      awaitCovered(child);
      stop(child);
    }
    course.add("FLINK from an old checkpoint");
    return this;
  }

  /** Stops dead at a moment, wakes after another did the work, and ends by itself. */
  Life sleepsWhile(Runner sleeper, String moment, Runner successor) {
    try (ChildProcess child = stream(sleeper, "--availableNow").freezingAt(moment).start()) {
      child.awaitLine("reached: freezing", PATIENCE);
      awaitFrozen(child);
      course.add(sleeper + "~" + moment);
      finishes(successor);
      LakeContents.Balance successors = requireBalanced();
      child.resume();
      // It may find its work done, or be thrown out by its own runner for the long silence.
      child.waitFor(PATIENCE);
      assertThat(requireBalanced()).isEqualTo(successors);
    }
    return this;
  }

  Runner anyRunner() {
    return Runner.values()[random.nextInt(Runner.values().length)];
  }

  /** Gold says what silver says. */
  Life refreshesGold(Runner runner) {
    try (ChildProcess child = job(runner, "gold").start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(0);
    }
    course.add(runner + " gold");
    try (ChildProcess child = job(runner, "verify", "--gold").start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isEqualTo(0);
    }
    try {
      List<Map<String, @Nullable Object>> rows =
          new LakeReader(lake).rows("gold/events_per_minute");
      Map<String, Long> counts = new TreeMap<>();
      rows.forEach(
          row ->
              assertThat(
                      counts.put(
                          row.get("window_start") + " " + row.get("action"),
                          (Long) row.get("event_count")))
                  .as("twice in gold: %s", row)
                  .isNull());
      Map<String, Long> expected =
          model().events().stream()
              .collect(
                  Collectors.groupingBy(
                      event ->
                          ((Instant) Objects.requireNonNull(event.get("event_time")))
                                  .truncatedTo(ChronoUnit.MINUTES)
                              + " "
                              + event.get("action"),
                      TreeMap::new,
                      Collectors.counting()));
      assertThat(counts).isEqualTo(expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  // ---- the end

  /** Everything in its place, by three independent looks; prints the story. */
  void ends() {
    LakeContents.Balance balance = requireBalanced();
    requireAsTheModel();
    Tally.report(this, name + " " + course, balance);
  }

  LakeContents.Balance requireBalanced() {
    LakeContents.Balance balance =
        LakeContents.of(lake).requireBalanced(broker.readAll(load.topic()));
    assertThat(balance).isEqualTo(load.expected());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    boolean verified =
        new VerifyJob(LakeLocation.of(lake), Duration.ofHours(24))
            .run(new PrintStream(said, true, StandardCharsets.UTF_8), true);
    assertThat(verified).as("verify: %s", said.toString(StandardCharsets.UTF_8)).isTrue();
    return balance;
  }

  private void requireAsTheModel() {
    try {
      model().assertTablesOf(lake);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the lake must hold, found record by record. */
  SequentialLake model() {
    return SequentialLake.of(SourceRecord.inTopic(broker, load.topic()), ParserSettings.DEFAULTS);
  }

  // ---- steps

  static void stop(ChildProcess child) {
    child.terminate();
    assertThat(child.waitFor(Duration.ofSeconds(10)))
        .as("exit code after SIGTERM, %s", child.output())
        .isEqualTo(0);
  }

  void awaitVersionAfter(long version, ChildProcess child) {
    Awaitility.await("a commit after version " + version)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              requireAlive(child);
              return LakeContents.of(lake).versions() > version;
            });
  }

  void awaitCovered(ChildProcess... children) {
    long ends = load.endOffsets();
    Awaitility.await("everything up to the topic's ends decided")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              for (ChildProcess child : children) {
                requireAlive(child);
              }
              return LakeContents.of(lake).decided() >= ends;
            });
  }

  private static void requireAlive(ChildProcess child) {
    if (!child.isAlive()) {
      fail("the job ended: %s", child.output());
    }
  }

  /** Lets the job run; it must not end meanwhile. */
  static void letRun(ChildProcess child, int millis) {
    if (child.endsWithin(Duration.ofMillis(millis))) {
      fail("the job ended: %s", child.output());
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
