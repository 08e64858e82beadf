package clicklake.soak;

import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import clicklake.schemas.lake.LakeLocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The stream job on one of the runners, in a JVM of its own, and what it uses. */
final class Job implements AutoCloseable {
  private static final Pattern COLLECTED =
      Pattern.compile("Pause Full \\(Diagnostic Command\\) \\d+M->(\\d+)M");

  private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+\\.\\d+)ms");

  /** What Linux counts CPU time in, on every machine that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private final Path folder;
  private final Path collections;
  private final ChildProcess process;

  private Job(Path folder, Path collections, ChildProcess process) {
    this.folder = folder;
    this.collections = collections;
    this.process = process;
  }

  /**
   * Starts {@code stream}.
   *
   * @param folder takes the lake and the logs
   * @param heap the child's, as {@code -Xmx} takes it
   * @param options further ones of the job
   */
  static Job start(
      String runner,
      KafkaBroker broker,
      String topic,
      Path folder,
      String heap,
      String... options) {
    return start(runner, broker, topic, folder, heap, null, options);
  }

  /**
   * Starts {@code stream} on a lake in an object store.
   *
   * @param store what the job reaches the store through; null for a lake on disk
   */
  static Job start(
      String runner,
      KafkaBroker broker,
      String topic,
      Path folder,
      String heap,
      @Nullable FaultProxy store,
      String... options) {
    Path logging = folder.resolve("logback-job.xml");
    Path collections;
    try (InputStream in = Job.class.getResourceAsStream("logback-job.xml")) {
      Files.write(logging, Objects.requireNonNull(in, "logback-job.xml").readAllBytes());
      collections = Files.createTempFile(folder, "collections-", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException("could not write to " + folder, e);
    }
    List<String> flags = new ArrayList<>();
    // What the engines need opened for them is opened for this JVM already.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("--add-opens"))
        .forEach(flags::add);
    flags.addAll(
        List.of(
            "-Xmx" + heap,
            // As bin/clicklake has it.
            "-XX:+UseParallelGC",
            "-Xlog:gc:file=" + collections,
            "-Dlogback.configurationFile=" + logging));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "stream",
                "--runner=" + runner,
                "--source=kafka",
                "--bootstrapServers=" + broker.bootstrapServers(),
                "--topic=" + topic,
                "--lake=" + folder.resolve("lake")));
    arguments.addAll(List.of(options));
    return new Job(
        folder,
        collections,
        ChildProcess.java("clicklake.Clicklake")
            .name("stream on " + runner)
            .classPath(classPath(runner))
            .flags(flags.toArray(String[]::new))
            .arguments(
                (store == null ? arguments : ObjectStore.inStore(arguments, store.endpoint()))
                    .toArray(String[]::new))
            .start());
  }

  private static String classPath(String runner) {
    String module = runner.replace("Runner", "").toLowerCase(Locale.ROOT);
    Path list = Path.of("..", module, "target", "classpath.txt").toAbsolutePath().normalize();
    try {
      return Files.readString(list).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the runner's class path is not there; make it with: mvn -q -pl runners/"
              + module
              + " -am process-classes",
          e);
    }
  }

  Path lake() {
    return folder.resolve("lake");
  }

  LakeCounts counts() {
    return EventLake.at(LakeLocation.of(lake())).counts();
  }

  ChildProcess process() {
    return process;
  }

  /** Waits until silver has decided so many records. */
  void awaitDecided(long records, Duration patience) {
    Awaitility.await(records + " records decided")
        .atMost(patience)
        .pollInterval(Duration.ofMillis(250))
        .until(
            () -> {
              requireAlive();
              return counts().decided() >= records;
            });
  }

  void requireAlive() {
    if (!process.isAlive()) {
      throw new AssertionError("the job ended: " + tail());
    }
  }

  /** The last lines that the job wrote. */
  List<String> tail() {
    List<String> output = process.output();
    return output.subList(Math.max(0, output.size() - 30), output.size());
  }

  /** CPU seconds used so far, by the program and for it by the kernel. */
  double cpuSeconds() {
    String stat = proc("stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Memory of the process that is not swapped out or merely promised, in MiB. */
  long residentMebibytes() {
    Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(proc("status"));
    if (!resident.find()) {
      throw new IllegalStateException("the process has no VmRSS");
    }
    return Long.parseLong(resident.group(1)) >> 10;
  }

  private String proc(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
    } catch (IOException e) {
      throw new UncheckedIOException("the job ended: " + tail(), e);
    }
  }

  /** Collects all garbage and says what is left, in MiB. */
  long liveMebibytes() {
    int before = fullCollections().size();
    // The JVM skips what was asked for if it happens to collect by itself meanwhile, and may not
    // answer the first time on a busy machine.
    Awaitility.await("a full collection in " + collections)
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> askedToCollect() && fullCollections().size() > before);
    List<Long> after = fullCollections();
    return after.get(after.size() - 1);
  }

  private boolean askedToCollect() throws IOException, InterruptedException {
    requireAlive();
    return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /** How often, and how long in all, the job stood still to collect garbage. */
  String collections() {
    try {
      List<Double> pauses =
          PAUSE
              .matcher(Files.readString(collections))
              .results()
              .map(found -> Double.parseDouble(found.group(1)))
              .toList();
      return String.format(
          Locale.ROOT,
          "%d collections, %.1f s in all",
          pauses.size(),
          pauses.stream().mapToDouble(Double::doubleValue).sum() / 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Long> fullCollections() {
    try {
      return COLLECTED
          .matcher(Files.readString(collections))
          .results()
          .map(found -> Long.parseLong(found.group(1)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the job as an operator would, and gives its exit code. */
  int stop() {
    process.terminate();
    return process.waitFor(Duration.ofSeconds(20));
  }

  @Override
  public void close() {
    process.close();
  }
}
