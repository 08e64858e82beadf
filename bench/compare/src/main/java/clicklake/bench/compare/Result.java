package clicklake.bench.compare;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of one contestant, as it is kept.
 *
 * @param at when, ISO, UTC
 * @param partitions of the topic; 0 if the records came from files
 * @param portions that the records came in; 0 if all waited at the start
 * @param seconds on the clock, start-up included
 * @param cpu user and system, whole process, in seconds
 * @param peakMb resident memory
 * @param bytes size of the tables' Parquet files
 * @param bronzeBytes of it, bronze
 * @param silverBytes of it, silver
 * @param commits of Clicklake's silver; 0 for peers
 * @param load of the machine over a minute, before the run
 * @param options of the JVM, beyond the defaults
 * @param wrong what the tables held that they should not; empty if all was right
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Result(
    String at,
    String contestant,
    String source,
    int partitions,
    int portions,
    long records,
    double seconds,
    double cpu,
    long peakMb,
    long bytes,
    long bronzeBytes,
    long silverBytes,
    long commits,
    double load,
    String options,
    String wrong) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How the records came, in words. */
  String arrival() {
    return source
        + (partitions > 0 ? ", partitions: " + partitions : "")
        + (portions > 0 ? ", portions: " + portions : "");
  }

  /** Who, with which options. */
  String who() {
    return options.isEmpty() ? contestant : contestant + " " + options;
  }

  double recordsPerSecond() {
    return records / seconds;
  }

  double cpuMicrosPerRecord() {
    return cpu * 1e6 / records;
  }

  double megabytes() {
    return bytes / 1e6;
  }

  void append(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        JSON.writeValueAsString(this) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** All of a file; none if there is no such file. */
  static List<Result> read(Path file) throws IOException {
    List<Result> results = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        results.add(JSON.readValue(line, Result.class));
      }
    }
    return results;
  }
}
