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
 * @param cpu whole process, all processes that the tables needed, in seconds
 * @param goldCpu what of it is Clicklake's job for gold
 * @param peakMb resident memory
 * @param bytes size of the tables' Parquet files
 * @param bronzeBytes of it, bronze
 * @param silverBytes of it, silver
 * @param load of the machine over a minute, before the run
 * @param wrong what the tables held that they should not; empty if all was right
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Result(
    String at,
    String contestant,
    String source,
    long records,
    double seconds,
    double cpu,
    double goldCpu,
    long peakMb,
    long bytes,
    long bronzeBytes,
    long silverBytes,
    double load,
    String options,
    String wrong) {
  private static final ObjectMapper JSON = new ObjectMapper();

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
