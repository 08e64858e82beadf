package clicklake.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Hands a data set to a running job in portions, each when the lake has the one before. */
final class Portions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MILLIS_BETWEEN_LOOKS = 2;

  private final DataSet data;
  private final int count;
  private final Path prepared;
  private final Path landing;

  private Portions(DataSet data, int count, Path prepared, Path landing) {
    this.data = data;
    this.count = count;
    this.prepared = prepared;
    this.landing = landing;
  }

  /**
   * Cuts a data set into files of about as many lines each.
   *
   * @param folder an empty one
   */
  static Portions of(DataSet data, int count, Path folder) throws IOException {
    Portions portions =
        new Portions(
            data,
            count,
            Files.createDirectories(folder.resolve("prepared")),
            Files.createDirectories(folder.resolve("landing")));
    portions.cut();
    return portions;
  }

  /** The folder in which they arrive; empty at first. */
  Path landing() {
    return landing;
  }

  private void cut() throws IOException {
    try (Cut cut = new Cut()) {
      data.forEachLine(cut::take);
    }
  }

  private final class Cut implements AutoCloseable {
    private int portion = -1;
    private OutputStream file = OutputStream.nullOutputStream();

    private void take(long line, byte[] bytes, int start, int end) throws IOException {
      int next = (int) (line * count / data.records());
      if (next != portion) {
        portion = next;
        file.close();
        file = new BufferedOutputStream(Files.newOutputStream(file(prepared, portion)));
      }
      file.write(bytes, start, end - start);
      file.write('\n');
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static Path file(Path folder, int portion) {
    return folder.resolve(String.format(Locale.ROOT, "part-%05d.ndjson", portion));
  }

  /**
   * Feeds a job until its lake has everything, or until the job ends by itself.
   *
   * @param lake bronze and silver are looked at
   */
  void feed(Process job, Path lake) throws IOException, InterruptedException {
    Log bronze = new Log(lake.resolve("bronze/events/_delta_log"));
    Log silver = new Log(lake.resolve("silver/events/_delta_log"));
    for (int portion = 0; portion < count; portion++) {
      Path arriving = file(landing, portion);
      Files.move(file(prepared, portion), arriving, StandardCopyOption.ATOMIC_MOVE);
      // The first line that is not in this portion; the last line of all ends the last one.
      long lines = -Math.floorDiv(-(portion + 1L) * data.records(), (long) count);
      long before = silver.commits;
      while (bronze.rows < lines || silver.commits == before) {
        if (job.waitFor(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
          return;
        }
        bronze.look();
        silver.look();
      }
    }
    long unique = data.expected().path("distinct").asLong();
    while (silver.rows < unique) {
      if (job.waitFor(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
        return;
      }
      silver.look();
    }
  }

  /** Commits of a table that bring files. */
  static long commits(Path log) throws IOException {
    Log all = new Log(log);
    all.look();
    return all.commits;
  }

  /** What the log of a table that only grows says so far. */
  private static final class Log {
    private final Path folder;
    private long version;
    private long commits;
    private long rows;

    private Log(Path folder) {
      this.folder = folder;
    }

    private void look() throws IOException {
      for (Path next = next(); Files.exists(next); next = next()) {
        version++;
        long more = rows(Files.readAllLines(next));
        if (more > 0) {
          commits++;
          rows += more;
        }
      }
    }

    private Path next() {
      return folder.resolve(String.format(Locale.ROOT, "%020d.json", version));
    }

    private static long rows(List<String> actions) throws IOException {
      long rows = 0;
      for (String action : actions) {
        JsonNode statistics = JSON.readTree(action).path("add").path("stats");
        if (statistics.isTextual()) {
          rows += JSON.readTree(statistics.asText()).path("numRecords").asLong();
        }
      }
      return rows;
    }
  }
}
