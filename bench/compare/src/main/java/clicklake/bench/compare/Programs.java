package clicklake.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts what is compared, and what checks it, from the built project. */
final class Programs {
  private static final ObjectMapper JSON = new ObjectMapper();

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

  /** What a contestant took, and what of it was Clicklake's job for gold. */
  record Run(Timed timed, double goldCpuSeconds) {}

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
   * Runs a contestant to its end.
   *
   * @param out an empty folder for its tables; logs go beside them
   * @param topic read instead of the files, if there is one
   */
  Run run(Contestant contestant, DataSet data, @Nullable Topic topic, Path out)
      throws IOException, InterruptedException {
    Path temporary = Files.createDirectories(out.resolve("_tmp"));
    if (!contestant.isClicklake()) {
      return new Run(peer(contestant, data, topic, out, temporary), 0);
    }
    List<String> stream =
        new ArrayList<>(
            List.of("stream", "--availableNow", "--runner=" + contestant.runner(), lake(out)));
    stream.addAll(
        topic == null
            ? List.of("--source=landing", "--landing=" + data.events())
            : List.of(
                "--source=kafka",
                "--bootstrapServers=" + topic.bootstrapServers(),
                "--topic=" + topic.name()));
    Timed streamed = clicklake("stream", out, stream);
    Timed gold = clicklake("gold", out, List.of("gold", lake(out)));
    return new Run(streamed.then(gold), gold.cpuSeconds());
  }

  private static String lake(Path out) {
    return "--lake=" + out.resolve("lake");
  }

  private Timed clicklake(String name, Path out, List<String> words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/clicklake").toString()));
    command.addAll(words);
    String options = plan.javaOptions() + " -Djava.io.tmpdir=" + out.resolve("_tmp");
    return Timed.run(out, name, Map.of("JAVA_OPTS", options), command);
  }

  private Timed peer(
      Contestant contestant, DataSet data, @Nullable Topic topic, Path out, Path temporary)
      throws IOException, InterruptedException {
    if (topic != null && contestant == Contestant.FLOOR) {
      throw new IllegalArgumentException("the floor reads files only");
    }
    String heap = plan.peerHeap().isEmpty() ? contestant.heap() : plan.peerHeap();
    String source =
        topic == null
            ? data.events().toString()
            : "kafka:" + topic.bootstrapServers() + "/" + topic.name();
    String main =
        switch (contestant) {
          case FLOOR -> "floor.Floor";
          case FLINK -> "flink.FlinkPeer";
          default -> "spark.SparkPeer";
        };
    return Timed.run(
        out,
        "peer",
        Map.of(),
        java(
            contestant.text(),
            List.of(
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+UseParallelGC",
                "-XX:ParallelGCThreads=2",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Djava.io.tmpdir=" + temporary),
            "clicklake.bench." + main,
            List.of(source, out.toString())));
  }

  /** Compares the tables with what was generated; says what is wrong, or nothing. */
  String check(Contestant contestant, DataSet data, Path out)
      throws IOException, InterruptedException {
    if (contestant.isClicklake()) {
      Timed verify = clicklake("verify", out, List.of("verify", "--json", lake(out)));
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
    Path built = home.resolve("bench").resolve(module);
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(flags);
    OPENED.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    command.addAll(
        List.of("-cp", built.resolve("target/classes") + ":" + classPathOf(built), main));
    command.addAll(arguments);
    return command;
  }

  private static String classPathOf(Path module) throws IOException {
    Path list = module.resolve("target/classpath.txt");
    if (!Files.exists(list)) {
      throw new IOException(
          "nothing is built in " + module + "; run: mvn -q -Pbench -DskipTests package");
    }
    return Files.readString(list).strip();
  }
}
