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
    for (long size : plan.sizes()) {
      DataSet data = new DataSet(plan.work().resolve("events-" + size), size);
      if (!data.isThere()) {
        out.printf(Locale.ROOT, "%,d records are written to %s%n", size, data.events());
        programs.generate(data);
      }
      for (String source : plan.sources()) {
        if (source.equals("kafka")) {
          Path broker = plan.work().resolve("broker");
          delete(broker);
          Files.createDirectories(broker);
          try (Topic topic = Topic.of(data, programs.brokerClassPath(), broker)) {
            repeat(data, topic);
          }
          delete(broker);
        } else {
          repeat(data, null);
        }
      }
    }
    out.println();
    new Summary(baseline).print(results, out);
  }

  /** In turn, so that a slow quarter of an hour of the machine hits all of them. */
  private void repeat(DataSet data, @Nullable Topic topic)
      throws IOException, InterruptedException {
    for (int repetition = 0; repetition < plan.repetitions(); repetition++) {
      for (Contestant contestant : plan.contestants()) {
        if (topic == null || contestant != Contestant.FLOOR) {
          one(contestant, data, topic);
        }
      }
    }
  }

  private void one(Contestant contestant, DataSet data, @Nullable Topic topic)
      throws IOException, InterruptedException {
    Path folder = plan.work().resolve("out");
    delete(folder);
    Files.createDirectories(folder);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Programs.Run run = programs.run(contestant, data, topic, folder);
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
            data.records(),
            run.timed().seconds(),
            run.timed().cpuSeconds(),
            run.goldCpuSeconds(),
            run.timed().peakMegabytes(),
            bronze + silver + others,
            bronze,
            silver,
            load,
            contestant.isClicklake() ? plan.javaOptions() : plan.peerHeap(),
            wrong);
    result.append(plan.results());
    results.add(result);
    out.printf(
        Locale.ROOT,
        "%-16s %,11d %s  %6.1f s  %6.1f CPU-s  %5.2f µs/event  %,6d MB  load %.1f  %s%n",
        result.contestant(),
        result.records(),
        result.source(),
        result.seconds(),
        result.cpu(),
        result.cpuMicrosPerRecord(),
        result.peakMb(),
        load,
        wrong.isEmpty() ? "right" : "WRONG: " + wrong);
    delete(folder);
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
