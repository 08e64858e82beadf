package clicklake.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to be compared.
 *
 * @param sizes records of each data set
 * @param contestants in the order they run in
 * @param sources {@code files}, {@code kafka} or both
 * @param partitions of the topic, one after the other
 * @param portions 0 for all records waiting at the start; else in how many portions Clicklake gets
 *     them, each after the commit of the last, one number after the other
 * @param repetitions of every contestant; they take turns. With none, only the table is printed
 * @param work folder for events, tables and brokers; the events stay there for the next time
 * @param results takes a line of JSON for each run
 * @param baseline results of before, in the same form
 * @param javaOptions of Clicklake's JVM
 * @param peerOptions of every peer's JVM, after its own
 */
record Plan(
    List<Long> sizes,
    List<Contestant> contestants,
    List<String> sources,
    List<Integer> partitions,
    List<Integer> portions,
    int repetitions,
    Path work,
    Path results,
    Path baseline,
    String javaOptions,
    String peerOptions) {

  static final String USAGE =
      """
      bench/run [--option=value ...]
        --sizes=1m,4m           records of each data set (1m, 4m, 16m, 500k, 100000 ...)
        --contestants=...       floor,flink,spark,clicklake-flink,clicklake-spark,clicklake-direct
        --sources=files         files, kafka (on a broker of its own), or files,kafka
        --partitions=4          of the topic: 4, or 1,2,4,8
        --portions=0            in how many portions files come, each after the commit of the last:
                                1,10,100,1000 (Clicklake only); 0 has all of them wait at the start
        --repetitions=3         of each; they take turns. 0 runs nothing and prints all results
        --work=FOLDER           for events and tables; events stay there
        --javaOptions=...       of Clicklake's JVM, as JAVA_OPTS of bin/clicklake
        --peerOptions=...       of every peer's JVM, after its own (heap: floor 3g, flink 4g, spark 6g)
        --results=FILE          takes a line of JSON for each run
        --baseline=FILE         results to print beside these\
      """;

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("sizes", "1m"),
          Map.entry(
              "contestants", "floor,flink,spark,clicklake-flink,clicklake-spark,clicklake-direct"),
          Map.entry("sources", "files"),
          Map.entry("partitions", "4"),
          Map.entry("portions", "0"),
          Map.entry("repetitions", "3"),
          Map.entry("work", "bench/target/work"),
          Map.entry("javaOptions", ""),
          Map.entry("peerOptions", ""),
          Map.entry("results", "bench/results/results.jsonl"),
          Map.entry("baseline", "bench/results/baseline.jsonl"));

  /**
   * @param home relative paths start there
   * @throws IllegalArgumentException with every fault
   */
  static Plan of(Path home, String[] args) {
    Map<String, String> values = new TreeMap<>(DEFAULTS);
    List<String> faults = new ArrayList<>();
    for (String arg : args) {
      String[] pair = arg.split("=", 2);
      String key = pair[0].startsWith("--") ? pair[0].substring(2) : "";
      if (pair.length != 2 || !DEFAULTS.containsKey(key)) {
        faults.add("there is no option " + arg);
      } else {
        values.put(key, pair[1]);
      }
    }
    List<Long> sizes = new ArrayList<>();
    for (String size : words(values, "sizes")) {
      if (size.matches("[1-9][0-9]{0,9}[km]?")) {
        sizes.add(records(size));
      } else {
        faults.add("a size is a number, with k or m behind it if you like, not " + size);
      }
    }
    List<Contestant> contestants = new ArrayList<>();
    for (String name : words(values, "contestants")) {
      Arrays.stream(Contestant.values())
          .filter(contestant -> contestant.text().equals(name))
          .findFirst()
          .ifPresentOrElse(contestants::add, () -> faults.add("there is no contestant " + name));
    }
    List<String> sources = words(values, "sources");
    if (!Set.of("files", "kafka").containsAll(sources)) {
      faults.add("sources are files and kafka, not " + sources);
    }
    List<Integer> partitions = numbers(values, "partitions", "[1-9][0-9]?", "1 to 99", faults);
    List<Integer> portions = numbers(values, "portions", "0|[1-9][0-9]{0,3}", "0 to 9999", faults);
    if (sources.contains("kafka") && !portions.equals(List.of(0))) {
      faults.add("portions are of files, not of a topic");
    }
    if (portions.stream().anyMatch(count -> sizes.stream().anyMatch(size -> size < count))) {
      faults.add("a portion has at least one record");
    }
    String repetitions = values.getOrDefault("repetitions", "");
    if (!repetitions.matches("[0-9]{1,2}")) {
      faults.add("repetitions are 0 to 99, not " + repetitions);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", faults));
    }
    return new Plan(
        sizes,
        contestants,
        sources,
        partitions,
        portions,
        Integer.parseInt(repetitions),
        place(home, values, "work"),
        place(home, values, "results"),
        place(home, values, "baseline"),
        values.getOrDefault("javaOptions", ""),
        values.getOrDefault("peerOptions", ""));
  }

  private static List<String> words(Map<String, String> values, String key) {
    return List.of(values.getOrDefault(key, "").toLowerCase(Locale.ROOT).split(",", -1));
  }

  private static List<Integer> numbers(
      Map<String, String> values, String key, String form, String range, List<String> faults) {
    List<Integer> numbers = new ArrayList<>();
    for (String word : words(values, key)) {
      if (word.matches(form)) {
        numbers.add(Integer.valueOf(word));
      } else {
        faults.add(key + " are " + range + ", not " + word);
      }
    }
    return numbers;
  }

  private static Path place(Path home, Map<String, String> values, String key) {
    return home.resolve(values.getOrDefault(key, "")).toAbsolutePath().normalize();
  }

  private static long records(String size) {
    long unit = size.endsWith("m") ? 1_000_000 : size.endsWith("k") ? 1_000 : 1;
    return Long.parseLong(size.replaceAll("[km]", "")) * unit;
  }
}
