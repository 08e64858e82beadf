package clicklake.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts what is compared, and what checks it, from the built project. */
final class Programs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOT_BUILT =
      "not built (mvn -q -Pbench -DskipTests package makes it): ";

  /** What the engines reach into, as in bin/clicklake. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private final Path home;
  private final Plan plan;

  Programs(Path home, Plan plan) {
    this.home = home;
    this.plan = plan;
  }

  /** Writes a data set. */
  void generate(DataSet data) throws IOException, InterruptedException {
    Files.createDirectories(data.folder());
    Timed.run(
        data.folder(),
        "generate",
        Map.of(),
        java(
            "floor",
            List.of("-Xmx2g"),
            "clicklake.bench.events.Generate",
            List.of(data.folder().toString(), Long.toString(data.records()))));
  }

  String brokerClassPath() throws IOException {
    return classPathOf(home.resolve("io/services/kafka-broker"));
  }

  /**
   * Makes sure that a contestant starts from an archive of its classes, made since it was built:
   * loading them one by one would take several CPU-seconds of each run, the same for all sizes.
   *
   * @param sample is run through a peer to see which classes it takes
   * @param out an empty folder
   * @return whether an archive was made
   */
  boolean archive(Contestant contestant, DataSet sample, Path out)
      throws IOException, InterruptedException {
    Path archive = archiveOf(contestant);
    Path built =
        contestant.isClicklake() ? archive.resolveSibling("lib") : moduleOf(contestant.text());
    if (Files.exists(archive) && newest(built) < Files.getLastModifiedTime(archive).toMillis()) {
      return false;
    }
    if (contestant.isClicklake()) {
      Timed.run(
          out,
          "class-archive",
          Map.of(),
          List.of(home.resolve("bin/class-archive").toString(), contestant.runner()));
    } else {
      // In two steps, as by bin/class-archive, which says why.
      Path classes = out.resolve("classes");
      peer(
          contestant,
          sample.events().toString(),
          out,
          List.of("-XX:DumpLoadedClassList=" + classes));
      Timed.run(
          out,
          "class-archive",
          Map.of(),
          java(
              contestant.text(),
              List.of(
                  "-Xshare:dump",
                  "-XX:SharedClassListFile=" + classes,
                  "-XX:SharedArchiveFile=" + archive),
              mainOf(contestant),
              List.of()));
    }
    return true;
  }

  private Path archiveOf(Contestant contestant) {
    String folder =
        contestant.isClicklake()
            ? "runners/" + contestant.text().substring("clicklake-".length()) + "/target/clicklake"
            : "bench/" + contestant.text() + "/target/peer";
    return home.resolve(folder + ".jsa");
  }

  private static long newest(Path built) throws IOException {
    try (Stream<Path> files = Files.walk(built)) {
      long newest = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
      }
      return newest;
    }
  }

  /**
   * Runs a contestant to its end, with all records waiting at the start.
   *
   * @param out an empty folder for its tables; logs go beside them
   * @param topic read instead of the files, if there is one
   */
  Timed run(Contestant contestant, DataSet data, @Nullable Topic topic, Path out)
      throws IOException, InterruptedException {
    if (!contestant.isClicklake()) {
      if (topic != null && contestant == Contestant.FLOOR) {
        throw new IllegalArgumentException("the floor reads files only");
      }
      String source =
          topic == null
              ? data.events().toString()
              : "kafka:" + topic.bootstrapServers() + "/" + topic.name();
      Path archive = archiveOf(contestant);
      return peer(
          contestant,
          source,
          out,
          List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
    }
    List<String> words = stream(contestant, out);
    words.add("--availableNow");
    words.addAll(
        topic == null
            ? List.of("--source=landing", "--landing=" + data.events())
            : List.of(
                "--source=kafka",
                "--bootstrapServers=" + topic.bootstrapServers(),
                "--topic=" + topic.name()));
    return clicklake("stream", out, words, process -> {});
  }

  /**
   * Runs Clicklake until it has committed every portion, one after the other.
   *
   * @param out an empty folder for its tables; logs and portions go beside them
   */
  Timed runInPortions(Contestant contestant, DataSet data, int count, Path out)
      throws IOException, InterruptedException {
    Portions portions = Portions.of(data, count, out);
    List<String> words = stream(contestant, out);
    words.addAll(
        List.of(
            "--source=landing",
            "--landing=" + portions.landing(),
            "--pollEvery=50ms",
            "--commitEvery=100ms"));
    if (contestant == Contestant.CLICKLAKE_FLINK) {
      words.add("--maxBundleTimeMills=50"); // a bundle would wait for more
    }
    return clicklake(
        "stream",
        out,
        words,
        process -> {
          portions.feed(process, out.resolve("lake"));
          Timed.stop(process);
        });
  }

  private static List<String> stream(Contestant contestant, Path out) {
    return new ArrayList<>(List.of("stream", "--runner=" + contestant.runner(), lake(out)));
  }

  /** Commits of Clicklake's silver; 0 for a peer. */
  static long commits(Contestant contestant, Path out) throws IOException {
    return contestant.isClicklake()
        ? Portions.commits(out.resolve("lake/silver/events/_delta_log"))
        : 0;
  }

  private static String lake(Path out) {
    return "--lake=" + out.resolve("lake");
  }

  private Timed clicklake(String name, Path out, List<String> words, Timed.Meanwhile meanwhile)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/clicklake").toString()));
    command.addAll(words);
    Path temporary = Files.createDirectories(out.resolve("_tmp"));
    String options = plan.javaOptions() + " -Djava.io.tmpdir=" + temporary;
    return Timed.run(out, name, Map.of("JAVA_OPTS", options), command, meanwhile);
  }

  private Timed peer(Contestant contestant, String source, Path out, List<String> archive)
      throws IOException, InterruptedException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "-Xms" + contestant.heap(),
                "-Xmx" + contestant.heap(),
                "-XX:+UseParallelGC",
                "-XX:ParallelGCThreads=2",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Djava.io.tmpdir=" + Files.createDirectories(out.resolve("_tmp"))));
    flags.addAll(archive);
    Stream.of(plan.peerOptions().split(" ", -1))
        .filter(word -> !word.isEmpty())
        .forEach(flags::add);
    return Timed.run(
        out,
        "peer",
        Map.of(),
        java(contestant.text(), flags, mainOf(contestant), List.of(source, out.toString())));
  }

  private static String mainOf(Contestant peer) {
    return switch (peer) {
      case FLOOR -> "clicklake.bench.floor.Floor";
      case FLINK -> "clicklake.bench.flink.FlinkPeer";
      default -> "clicklake.bench.spark.SparkPeer";
    };
  }

  /** Compares the tables with what was generated; says what is wrong, or nothing. */
  String check(Contestant contestant, DataSet data, Path out)
      throws IOException, InterruptedException {
    if (contestant.isClicklake()) {
      Timed verify =
          clicklake("verify", out, List.of("verify", "--json", lake(out)), process -> {});
      return faults(JSON.readTree(verify.json()), data.expected());
    }
    Timed check =
        Timed.run(
            out,
            "check",
            Map.of(),
            java(
                "spark",
                List.of("-Xmx4g", "-Djava.io.tmpdir=" + out.resolve("_tmp")),
                "clicklake.bench.spark.CheckTables",
                List.of(out.toString(), data.expectedFile().toString(), contestant.format())));
    JsonNode verdict = JSON.readTree(check.json());
    return verdict.path("verified").asBoolean() ? "" : verdict.path("wrong").asText("?");
  }

  private static String faults(JsonNode verdict, JsonNode expected) {
    List<String> faults = new ArrayList<>();
    if (!verdict.path("balanced").asBoolean()) {
      faults.add("not balanced");
    }
    Map<String, String> counts =
        Map.of(
            "bronze", "lines",
            "silver", "distinct",
            "quarantine", "invalid",
            "duplicates", "duplicates");
    counts.forEach(
        (table, key) -> {
          long found = verdict.path(table).asLong(-1);
          long wanted = expected.path(key).asLong(-2);
          if (found != wanted) {
            faults.add(table + ": " + found + ", not " + wanted);
          }
        });
    return String.join("; ", faults);
  }

  /** Bytes of a table's Parquet files. */
  static long bytes(Contestant contestant, Path out, String table) throws IOException {
    Path folder = (contestant.isClicklake() ? out.resolve("lake") : out).resolve(table);
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".parquet") && !file.toString().contains("_delta_log")) {
          bytes += Files.size(file);
        }
      }
      return bytes;
    }
  }

  private List<String> java(String module, List<String> flags, String main, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(flags);
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.addAll(
        List.of(
            "-cp",
            moduleOf(module) + ":" + classPathOf(home.resolve("bench").resolve(module)),
            main));
    command.addAll(arguments);
    return command;
  }

  /** A jar, because an archive holds no classes of folders. */
  private Path moduleOf(String module) throws IOException {
    Path folder = home.resolve("bench").resolve(module).resolve("target");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "bench-*.jar")) {
      return jars.iterator().next();
    } catch (NoSuchElementException | NoSuchFileException e) {
      throw new IOException(NOT_BUILT + folder, e);
    }
  }

  private static String classPathOf(Path module) throws IOException {
    Path list = module.resolve("target/classpath.txt");
    if (!Files.exists(list)) {
      throw new IOException(NOT_BUILT + module);
    }
    return Files.readString(list).strip();
  }
}
