package clicklake.demo;

import clicklake.io.broker.LocalBroker;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.jobs.CountsTable;
import clicklake.jobs.Locations;
import clicklake.jobs.VerifyJob;
import clicklake.options.ClicklakeOptions;
import clicklake.options.ConfigException;
import clicklake.options.Settings;
import clicklake.produce.KafkaEventProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.schemas.lake.LakeLocation;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lake on three runners: while events come into a Kafka topic, {@code stream} runs on Flink and
 * is killed, goes on on Spark and is killed, and is finished by the DirectRunner; then the lake is
 * verified and compared with what was produced.
 *
 * <p>Nothing passes from one run to the next but the lake. The runs and the broker are processes of
 * their own, which end with this one.
 */
final class FailoverDemo {
  private static final Logger LOG = LoggerFactory.getLogger(FailoverDemo.class);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);
  private static final long LOOK_EVERY_MILLIS = 100;
  private static final int STAGES = 3;

  /** How long the events of a stage take to come in, once its run has made a commit. */
  private static final double SECONDS_PER_STAGE = 8;

  /** The part of a stage's events that is there when its run starts. */
  private static final int FIRST_PART = 10;

  private static final String ROW = "  %-14s %12s %12s %12s %12s   %s%n";

  private final Settings settings;
  private final ClicklakeOptions options;
  private final PrintStream out;
  private final LakeLocation lake;
  private final List<Process> children = new ArrayList<>();
  private volatile @Nullable LocalBroker broker;

  FailoverDemo(Settings settings, ClicklakeOptions options, PrintStream out) {
    this.settings = settings;
    this.options = options;
    this.out = out;
    this.lake = Locations.lake(settings.lake());
  }

  /**
   * Runs it all.
   *
   * @return 0 if the lake balances and holds what was produced, else 1
   * @throws ConfigException if nothing is built to start, or the lake is not empty
   */
  int run() throws IOException, InterruptedException {
    Installation installation = Installation.find();
    if (!EventLake.at(lake).counts().equals(LakeCounts.NOTHING)) {
      throw new ConfigException(
          "--failover compares a whole lake with what it produces, and there is one at "
              + lake
              + " already; name another --lake or delete that folder");
    }
    Path folder = temporaryFolder();
    Thread atExit = new Thread(() -> end(folder), "end-failover-demo");
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      String servers = settings.kafka().bootstrapServers();
      return tell(
          installation, folder, servers == null ? ownBroker(installation, folder) : servers);
    } finally {
      end(folder);
      try {
        Runtime.getRuntime().removeShutdownHook(atExit);
      } catch (IllegalStateException endingAlready) {
        LOG.debug("told to end");
      }
    }
  }

  private String ownBroker(Installation installation, Path folder)
      throws IOException, InterruptedException {
    LocalBroker started =
        LocalBroker.startNew(
            installation.brokerClassPath(), Files.createDirectory(folder.resolve("kafka")));
    broker = started;
    return started.bootstrapServers();
  }

  private Path temporaryFolder() throws IOException {
    Path stateDir = settings.stateDir();
    return stateDir == null
        ? Files.createTempDirectory("clicklake-failover-")
        : Files.createTempDirectory(Files.createDirectories(stateDir), "clicklake-failover-");
  }

  /** Leaves no process and no file but the lake's; also when this process is told to end. */
  private synchronized void end(Path folder) {
    children.forEach(Process::destroyForcibly);
    children.forEach(child -> child.onExit().join());
    LocalBroker started = broker;
    if (started != null) {
      started.close();
    }
    try (Stream<Path> found = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("could not delete {}: {}", folder, e.getMessage());
    }
  }

  private int tell(Installation installation, Path folder, String bootstrapServers)
      throws IOException, InterruptedException {
    // A topic that nobody else writes to, whatever is at the broker.
    String topic = settings.kafka().topic() + "-failover-" + System.currentTimeMillis();
    ProducePlan plan = settings.produce().plan().withForm(ProducePlan.Form.VALUES);
    long share = plan.records() / STAGES;
    GatedRateLimiter pace = new GatedRateLimiter(share / SECONDS_PER_STAGE, share / FIRST_PART);
    KafkaEventProducer producer =
        new KafkaEventProducer(
            bootstrapServers,
            topic,
            settings.produce().partitions(),
            settings.kafka().client().values());
    // The topic has to be there before the first run looks for it.
    producer.makeTopic();
    out.printf(
        Locale.ROOT,
        "%,d records go to the topic %s at %s%n",
        plan.records(),
        topic,
        bootstrapServers);
    out.printf(ROW, "run", "bronze", "silver", "quarantine", "duplicates", "its end");
    out.flush();
    ExecutorService thread = Executors.newSingleThreadExecutor(FailoverDemo::daemon);
    try {
      Future<ProducedCounts> produced =
          thread.submit(() -> producer.produce(plan, pace, ProduceProgress.SILENT));
      Run run = new Run(installation, folder, topic, bootstrapServers, produced);
      run.untilKilled("FlinkRunner", pace, share);
      pace.moveTo(share + share / FIRST_PART);
      run.untilKilled("SparkRunner", pace, 2 * share);
      pace.release();
      ProducedCounts counts = result(produced);
      run.toTheEnd("DirectRunner");
      return compare(counts);
    } finally {
      thread.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "produce");
    thread.setDaemon(true);
    return thread;
  }

  /** The runs of the job, one after the other. */
  private final class Run {
    private final Installation installation;
    private final Path folder;
    private final Future<ProducedCounts> producing;
    private final List<String> arguments = new ArrayList<>();
    private LakeCounts before = LakeCounts.NOTHING;

    Run(
        Installation installation,
        Path folder,
        String topic,
        String bootstrapServers,
        Future<ProducedCounts> producing) {
      this.installation = installation;
      this.folder = folder;
      this.producing = producing;
      arguments.addAll(Settings.streamOptionsOf(options));
      arguments.addAll(
          List.of(
              "--source=kafka",
              "--bootstrapServers=" + bootstrapServers,
              "--topic=" + topic,
              "--lake=" + lake.root(),
              "--commitEvery=" + COMMIT_EVERY.toMillis() + "ms"));
    }

    /**
     * Runs the job; when it has made a commit, lets more events come in, and kills it two later.
     */
    void untilKilled(String runner, GatedRateLimiter pace, long events)
        throws IOException, InterruptedException {
      Instant start = Instant.now();
      Process job = start(runner, List.of());
      long first = awaitMoreThan(before.decided(), runner, job, start);
      pace.moveTo(events);
      long second = awaitMoreThan(first, runner, job, start);
      if (second < events) {
        awaitMoreThan(second, runner, job, start);
      }
      job.destroyForcibly().waitFor();
      row(runner, "kill -9 after " + seconds(start));
    }

    /** Waits until the lake has decided more than so many records; returns how many. */
    private long awaitMoreThan(long decided, String runner, Process job, Instant start)
        throws IOException, InterruptedException {
      while (true) {
        long now = EventLake.at(lake).counts().decided();
        if (now > decided) {
          return now;
        }
        requireProducing();
        if (job.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          throw failed(runner, "ended by itself with exit code " + job.exitValue());
        }
        if (since(start).compareTo(PATIENCE) > 0) {
          throw failed(runner, "got too little done within " + PATIENCE.toSeconds() + " s");
        }
      }
    }

    /** Runs the job over what is there, to its end. */
    void toTheEnd(String runner) throws IOException, InterruptedException {
      Instant start = Instant.now();
      Process job = start(runner, List.of("--availableNow"));
      if (!job.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed(runner, "did not end within " + PATIENCE.toSeconds() + " s");
      }
      if (job.exitValue() != 0) {
        throw failed(runner, "ended with exit code " + job.exitValue());
      }
      row(runner, "finished after " + seconds(start));
    }

    private Process start(String runner, List<String> more) throws IOException {
      List<String> all = new ArrayList<>(List.of("--runner=" + runner));
      all.addAll(arguments);
      all.addAll(more);
      synchronized (FailoverDemo.this) {
        Process job = installation.start(folder, output(runner), "stream", all);
        children.add(job);
        return job;
      }
    }

    private void requireProducing() throws IOException, InterruptedException {
      if (producing.isDone()) {
        result(producing);
      }
    }

    private void row(String runner, String end) {
      LakeCounts now = EventLake.at(lake).counts();
      FailoverDemo.this.row(runner, now.since(before), end);
      before = now;
    }

    private Path output(String runner) {
      return folder.resolve(runner + ".log");
    }

    private IOException failed(String runner, String what) throws IOException {
      String last = null;
      for (String line : Files.readAllLines(output(runner))) {
        last = line.startsWith("clicklake: ") || last == null ? line : last;
      }
      return new IOException("stream on " + runner + " " + what + ": " + last);
    }
  }

  private static ProducedCounts result(Future<ProducedCounts> produced)
      throws IOException, InterruptedException {
    try {
      return produced.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("producing failed", e.getCause());
    }
  }

  private int compare(ProducedCounts produced) {
    LakeCounts counts = EventLake.at(lake).counts();
    LakeCounts expected =
        new LakeCounts(
            produced.records(), produced.events(), produced.rejected(), produced.duplicates(), 0);
    row("the lake", counts, "");
    row("produced", expected, counts.equals(expected) ? "the same" : "NOT the same");
    out.println("verify");
    boolean balanced =
        new VerifyJob(lake, settings.stream().dedupeHorizon(), settings.spills()).printTotals(out);
    return balanced && counts.equals(expected) ? 0 : 1;
  }

  private void row(String name, LakeCounts counts, String words) {
    out.printf(
        ROW,
        name,
        CountsTable.grouped(counts.bronze()),
        CountsTable.grouped(counts.silver()),
        CountsTable.grouped(counts.rejects()),
        CountsTable.grouped(counts.duplicates()),
        words);
    out.flush();
  }

  private static Duration since(Instant start) {
    return Duration.between(start, Instant.now());
  }

  private static String seconds(Instant start) {
    return String.format(Locale.ROOT, "%.1f s", since(start).toMillis() / 1e3);
  }
}
