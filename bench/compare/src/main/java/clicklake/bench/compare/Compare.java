package clicklake.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command behind bench/run; {@link Plan#USAGE} has its options. */
public final class Compare {
  private static final long SAMPLE = 20_000;

  private final Plan plan;
  private final Programs programs;
  private final PrintStream out;
  private final Clock clock;
  private final List<Result> results = new ArrayList<>();

  private Compare(Plan plan, Programs programs, PrintStream out, Clock clock) {
    this.plan = plan;
    this.programs = programs;
    this.out = out;
    this.clock = clock;
  }

  /** Ends with 0 if every table of every run held what it should. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    if (List.of(args).contains("--help")) {
      System.out.println(Plan.USAGE);
      return;
    }
    Path home = Path.of(System.getProperty("clicklake.home", "."));
    Plan plan;
    try {
      plan = Plan.of(home.toAbsolutePath().normalize(), args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Plan.USAGE);
      System.exit(2);
      return;
    }
    Programs programs = new Programs(home.toAbsolutePath().normalize(), plan);
    Compare compare = new Compare(plan, programs, System.out, Clock.systemUTC());
    compare.run();
    System.exit(compare.results.stream().allMatch(result -> result.wrong().isEmpty()) ? 0 : 1);
  }

  private void run() throws IOException, InterruptedException, ExecutionException {
    List<Result> baseline = Result.read(plan.baseline());
    if (plan.repetitions() == 0) {
      new Summary(baseline).print(Result.read(plan.results()), out);
      return;
    }
    DataSet sample = dataSet(SAMPLE);
    for (Contestant contestant : plan.contestants()) {
      if (programs.archive(contestant, sample, emptied("out"))) {
        out.println(contestant.text() + ": its classes were archived, for its starts");
      }
    }
    for (long size : plan.sizes()) {
      DataSet data = dataSet(size);
      for (String source : plan.sources()) {
        if (source.equals("kafka")) {
          for (int partitions : plan.partitions()) {
            Path broker = emptied("broker");
            try (Topic topic = Topic.of(data, partitions, programs.brokerClassPath(), broker)) {
              repeat(data, topic, 0);
            }
            delete(broker);
          }
        } else {
          for (int portions : plan.portions()) {
            repeat(data, null, portions);
          }
        }
      }
    }
    out.println();
    new Summary(baseline).print(results, out);
  }

  private DataSet dataSet(long size) throws IOException, InterruptedException {
    DataSet data = new DataSet(plan.work().resolve("events-" + size), size);
    if (!data.isThere()) {
      out.printf(Locale.ROOT, "%,d records are written to %s%n", size, data.events());
      programs.generate(data);
    }
    return data;
  }

  /** In turn, so that a slow quarter of an hour of the machine hits all of them. */
  private void repeat(DataSet data, @Nullable Topic topic, int portions)
      throws IOException, InterruptedException {
    for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
      for (Contestant contestant : plan.contestants()) {
        boolean able =
            contestant.isClicklake()
                || (portions == 0 && (topic == null || contestant != Contestant.FLOOR));
        if (able) {
          one(contestant, data, topic, portions);
        }
      }
    }
  }

  private void one(Contestant contestant, DataSet data, @Nullable Topic topic, int portions)
      throws IOException, InterruptedException {
    Path folder = emptied("out");
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Timed timed =
        portions == 0
            ? programs.run(contestant, data, topic, folder)
            : programs.runInPortions(contestant, data, portions, folder);
    String wrong = programs.check(contestant, data, folder);
    long bronze = Programs.bytes(contestant, folder, "bronze");
    long silver = Programs.bytes(contestant, folder, "silver");
    long others =
        Programs.bytes(contestant, folder, "quarantine")
            + Programs.bytes(contestant, folder, "gold");
    Result result =
        new Result(
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
            contestant.text(),
            topic == null ? "files" : "kafka",
            topic == null ? 0 : topic.partitions(),
            portions,
            data.records(),
            timed.seconds(),
            timed.cpuSeconds(),
            timed.peakMegabytes(),
            bronze + silver + others,
            bronze,
            silver,
            Programs.commits(contestant, folder),
            load,
            contestant.isClicklake() ? plan.javaOptions() : plan.peerOptions(),
            wrong);
    result.append(plan.results());
    results.add(result);
    out.printf(
        Locale.ROOT,
        "%-16s %,11d %-20s  %6.1f s  %6.1f CPU-s  %5.2f µs/event  %,6d MB  load %.1f  %s%n",
        result.contestant(),
        result.records(),
        result.arrival(),
        result.seconds(),
        result.cpu(),
        result.cpuMicrosPerRecord(),
        result.peakMb(),
        load,
        wrong.isEmpty() ? "right" : "WRONG: " + wrong);
    delete(folder);
  }

  private Path emptied(String name) throws IOException {
    Path folder = plan.work().resolve(name);
    delete(folder);
    return Files.createDirectories(folder);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(file);
        }
      }
    }
  }
}
