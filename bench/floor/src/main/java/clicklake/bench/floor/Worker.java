package clicklake.bench.floor;

import clicklake.bench.events.Event;
import clicklake.bench.events.EventReader;
import clicklake.bench.events.Lines;
import clicklake.bench.events.Minute;
import clicklake.bench.events.Pseudonyms;
import clicklake.bench.events.Settings;
import clicklake.bench.events.Table;





import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.api.Binary;

/** One thread's work: 1,024 lines at a time through every {@link Phase}. */
final class Worker {
  private static final int BATCH = 1024;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long MICROS_PER_MINUTE = 60_000_000L;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final long[] nanos = new long[Phase.values().length];
  private long lap;

  private final Path out;
  private final int number;
  private final Settings settings;
  private final SeenIds ids;
  private final EventReader reader;
  private final Pseudonyms pseudonyms = new Pseudonyms();
  private final Event[] batch = new Event[BATCH];
  private final boolean[] fresh = new boolean[BATCH];
  private final Table.Row row = new Table.Row();
  private final String today = "ingest_date=" + LocalDate.now(ZoneOffset.UTC);
  private final Map<Long, ParquetWriter<Table.Row>> silverFiles = new HashMap<>();
  private final Map<Long, Minute> minutes = new HashMap<>();
  private ParquetWriter<Table.Row> bronze;
  private ParquetWriter<Table.Row> quarantine;
  private ParquetWriter<Table.Row> silver;
  private long silverDay = Long.MIN_VALUE;
  private Minute minute;

  Worker(Path out, int number, Settings settings, SeenIds ids) {
    this.out = out;
    this.number = number;
    this.settings = settings;
    this.ids = ids;
    reader = EventReader.named(settings.text("parser"));
    for (int i = 0; i < BATCH; i++) {
      batch[i] = new Event();
    }
  }

  /** CPU time by phase. */
  long[] nanos() {
    return nanos;
  }

  Map<Long, Minute> minutes() {
    return minutes;
  }

  Worker work(List<Chunk> chunks, AtomicInteger next) throws IOException {
    lap = threads.getCurrentThreadCpuTime();
    bronze = Floor.open(out, Table.BRONZE, today, number, settings);
    quarantine = Floor.open(out, Table.QUARANTINE, today, number, settings);
    byte[] buffer = Chunk.newBuffer();
    for (int i = next.getAndIncrement(); i < chunks.size(); i = next.getAndIncrement()) {
      Chunk chunk = chunks.get(i);
      row.source = Binary.fromString(chunk.file().getFileName().toString());
      Chunk.Lines lines = chunk.read(buffer);
      end(Phase.READ);
      process(buffer, lines);
    }
    bronze.close();
    end(Phase.BRONZE);
    quarantine.close();
    end(Phase.QUARANTINE);
    for (ParquetWriter<Table.Row> file : silverFiles.values()) {
      file.close();
    }
    end(Phase.SILVER);
    return this;
  }

  private void end(Phase phase) {
    long now = threads.getCurrentThreadCpuTime();
    nanos[phase.ordinal()] += now - lap;
    lap = now;
  }

  private void process(byte[] buffer, Chunk.Lines lines) throws IOException {
    int at = lines.start();
    while (at < lines.end()) {
      int count = 0;
      for (; count < BATCH && at < lines.end(); count++) {
        int end = Lines.end(buffer, at, lines.end());
        reader.read(buffer, at, end - at, batch[count]);
        at = end + 1;
      }
      end(Phase.PARSE);
      for (int i = 0; i < count; i++) {
        fresh[i] = batch[i].reason == null && ids.add(batch[i].idHigh, batch[i].idLow);
      }
      end(Phase.DEDUPE);
      for (int i = 0; i < count; i++) {
        if (fresh[i]) {
          pseudonyms.set(batch[i]);
        }
      }
      end(Phase.PSEUDONYMS);
      row.ingestMicros = System.currentTimeMillis() * 1000;
      for (int i = 0; i < count; i++) {
        row.event = batch[i];
        row.position = lines.bufferAt() + batch[i].lineStart;
        bronze.write(row);
      }
      end(Phase.BRONZE);
      for (int i = 0; i < count; i++) {
        if (fresh[i]) {
          row.event = batch[i];
          silver(batch[i].micros).write(row);
        }
      }
      end(Phase.SILVER);
      for (int i = 0; i < count; i++) {
        if (fresh[i]) {
          minute(batch[i].micros).add(batch[i].action, batch[i].userHash());
        }
      }
      end(Phase.MINUTES);
      for (int i = 0; i < count; i++) {
        if (batch[i].reason != null) {
          row.event = batch[i];
          quarantine.write(row);
        }
      }
      end(Phase.QUARANTINE);
    }
  }

  private ParquetWriter<Table.Row> silver(long micros) throws IOException {
    long day = Math.floorDiv(micros, MICROS_PER_DAY);
    if (day != silverDay) {
      silverDay = day;
      silver = silverFiles.get(day);
      if (silver == null) {
        String partition = "event_date=" + LocalDate.ofEpochDay(day);
        silver = Floor.open(out, Table.SILVER, partition, number, settings);
        silverFiles.put(day, silver);
      }
    }
    return silver;
  }

  private Minute minute(long micros) {
    long number = Math.floorDiv(micros, MICROS_PER_MINUTE);
    if (minute == null || minute.minute != number) {
      minute = minutes.computeIfAbsent(number, key -> new Minute());
      minute.minute = number;
    }
    return minute;
  }
}
