package clicklake.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.produce.EventGenerator.Kind;
import clicklake.schemas.batch.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a plan's records to a landing folder: {@code 2024-01-01/part-00000-seed1-5ac0ffee.ndjson},
 * some with {@code .gz}, in a folder for the date of the file's first record. A file is written
 * under a name that readers ignore, and appears complete.
 *
 * <p>A name stands for its content: it has the seed and a checksum of everything else that the
 * content follows from. A file that is already there is therefore left alone, and a run that was
 * killed is completed by running it again. Other plans never touch it.
 */
public final class LandingProducer {
  private static final int MOST_RECORDS_PER_FILE = 20_000;
  private static final double SECONDS_PER_FILE = 1;

  private final Path landing;
  private final double gzip;
  private final int recordsPerFile;
  private final Clock clock;

  /**
   * What was done.
   *
   * @param counts of the records
   * @param filesWritten by this run
   * @param filesKept because an earlier run had written them
   * @param bytes of all records, with line ends, before compression
   */
  public record Produced(ProducedCounts counts, int filesWritten, int filesKept, long bytes) {}

  private LandingProducer(Path landing, double gzip, int recordsPerFile, Clock clock) {
    if (recordsPerFile < 1) {
      throw new IllegalArgumentException("records per file: " + recordsPerFile);
    }
    this.landing = landing;
    this.gzip = gzip;
    this.recordsPerFile = recordsPerFile;
    this.clock = clock;
  }

  /**
   * Files as large as suits the rate: about one for every second.
   *
   * @param gzip share of files that are compressed
   * @param rate records per second; 0 is as fast as possible
   */
  public static LandingProducer of(Path landing, double gzip, double rate) {
    int records =
        rate == 0
            ? MOST_RECORDS_PER_FILE
            : (int) Math.max(1, Math.min(MOST_RECORDS_PER_FILE, rate * SECONDS_PER_FILE));
    return new LandingProducer(landing, gzip, records, Clock.systemUTC());
  }

  /** Files of so many records. */
  public static LandingProducer withFilesOf(Path landing, double gzip, int records, Clock clock) {
    return new LandingProducer(landing, gzip, records, clock);
  }

  /**
   * Writes everything.
   *
   * @throws IOException if a file cannot be written, or if the plan's events would come before
   *     their time: an event_time after the file's own makes a good record a bad one
   */
  public Produced produce(ProducePlan plan, RateLimiter pace, ProduceProgress progress)
      throws IOException, InterruptedException {
    EventGenerator generator = new EventGenerator(plan);
    String suffix = suffix(plan);
    SeededRandom compression = new SeededRandom(~plan.seed());
    Bytes record = new Bytes(4096);
    Bytes lines = new Bytes(1 << 16);
    int written = 0;
    int kept = 0;
    long bytes = 0;
    Kind kind = generator.next(record);
    for (int number = 0; kind != Kind.END; number++) {
      String folder = LocalDate.ofInstant(generator.time(), ZoneOffset.UTC).toString();
      lines.clear();
      int records = 0;
      // A blank line belongs to the file of the record before it.
      while (kind == Kind.BLANK || (kind != Kind.END && records < recordsPerFile)) {
        lines.putBytes(record.array(), 0, record.size());
        lines.putByte('\n');
        records += kind == Kind.BLANK ? 0 : 1;
        record.clear();
        kind = generator.next(record);
      }
      generator.refuseFuture(clock);
      boolean compressed = compression.chance(gzip);
      Path file =
          landing
              .resolve(folder)
              .resolve(String.format("part-%05d-%s", number, suffix) + (compressed ? ".gz" : ""));
      // What the next file begins with is generated already, but not out.
      long out = generator.counts().records() - (kind == Kind.END ? 0 : 1);
      pace.await(out);
      if (Files.exists(file)) {
        kept++;
      } else {
        write(lines, file, compressed);
        written++;
      }
      bytes += lines.size();
      progress.produced(out, plan.records(), bytes);
    }
    return new Produced(generator.counts(), written, kept, bytes);
  }

  private static void write(Bytes lines, Path file, boolean compressed) throws IOException {
    Path folder = Files.createDirectories(file.getParent());
    // Two runs at once must not write to one file; that both rename to one name is harmless.
    Path hidden =
        folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try (OutputStream plain = Files.newOutputStream(hidden);
        OutputStream out = compressed ? new GZIPOutputStream(plain, 1 << 16) : plain) {
      out.write(lines.array(), 0, lines.size());
    }
    Files.move(hidden, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The end of all names: whatever the content follows from, short enough to read. */
  private String suffix(ProducePlan plan) {
    CRC32 checksum = new CRC32();
    checksum.update((plan + " " + recordsPerFile + " " + gzip).getBytes(UTF_8));
    return String.format("seed%d-%08x.ndjson", plan.seed(), checksum.getValue());
  }
}
