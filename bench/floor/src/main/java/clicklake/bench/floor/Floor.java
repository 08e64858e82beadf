package clicklake.bench.floor;

import clicklake.bench.events.Minute;
import clicklake.bench.events.Settings;
import clicklake.bench.events.Stopwatch;
import clicklake.bench.events.Table;





import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;

/**
 * The floor: one JVM, no framework, two threads that take chunks of files in turn and write a file
 * per table and date each. No commit, no state that outlives it, no second chance: if it ends
 * early, everything has to be done again.
 *
 * <p>Arguments: {@code EVENTS OUT [parser=hand|jackson] [codec=zstd|snappy] [level=3] [linesLevel=1]
 * [threads=2]}; the latter level is that of bronze and quarantine.
 */
public final class Floor {
  private static final Map<String, String> DEFAULTS =
      Map.of("parser", "hand", "codec", "zstd", "level", "3", "linesLevel", "1", "threads", "2");

  private Floor() {}

  /** Writes the tables and prints one line of JSON. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Settings settings = Settings.of(DEFAULTS, args, 2);
    Path out = Path.of(args[1]);
    List<Chunk> chunks = Chunk.of(Path.of(args[0]));
    Stopwatch stopwatch = new Stopwatch();
    AtomicInteger next = new AtomicInteger();
    SeenIds ids = new SeenIds();
    ExecutorService threads = Executors.newFixedThreadPool(settings.number("threads"));
    List<Future<Worker>> running = new ArrayList<>();
    for (int i = 0; i < settings.number("threads"); i++) {
      Worker worker = new Worker(out, i, settings, ids);
      running.add(threads.submit(() -> worker.work(chunks, next)));
    }
    threads.shutdown();
    long[] nanos = new long[Phase.values().length];
    TreeMap<Long, Minute> minutes = new TreeMap<>();
    for (Future<Worker> future : running) {
      Worker worker = future.get();
      for (int i = 0; i < nanos.length; i++) {
        nanos[i] += worker.nanos()[i];
      }
      worker
          .minutes()
          .forEach(
              (minute, counts) ->
                  minutes.merge(
                      minute,
                      counts,
                      (one, other) -> {
                        one.merge(other);
                        return one;
                      }));
    }
    writeGold(out, minutes, settings);
    StringJoiner phases = new StringJoiner(",", ",\"thread_cpu_s\":{", "}");
    for (Phase phase : Phase.values()) {
      phases.add(
          String.format(
              Locale.ROOT,
              "\"%s\":%.2f",
              phase.name().toLowerCase(Locale.ROOT),
              nanos[phase.ordinal()] / 1e9));
    }
    System.out.println(stopwatch.json("floor", phases.toString()));
  }

  private static void writeGold(Path out, TreeMap<Long, Minute> minutes, Settings settings)
      throws IOException {
    try (ParquetWriter<Table.Row> gold = open(out, Table.GOLD, "", 0, settings)) {
      Table.Row row = new Table.Row();
      for (Minute minute : minutes.values()) {
        row.minute = minute;
        gold.write(row);
      }
    }
  }

  static ParquetWriter<Table.Row> open(
      Path out, Table table, String partition, int worker, Settings settings) throws IOException {
    Path folder = Files.createDirectories(out.resolve(table.folder()).resolve(partition));
    return table.open(
        new LocalOutputFile(folder.resolve("part-" + worker + ".parquet")),
        settings.text("codec"),
        settings.number(table.levelSetting()));
  }
}
