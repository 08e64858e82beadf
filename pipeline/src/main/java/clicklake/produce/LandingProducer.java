package clicklake.produce;

import clicklake.produce.EventGenerator.Kind;
import clicklake.schemas.batch.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Writes a plan's records to a landing folder: {@code <date>/part-<number>-<seed>-<plan>.ndjson},
 * some with {@code .gz}, the date that of the file's first record. A file is written under a name
 * that readers ignore, and appears complete.
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

  /** A file being written: its name and what is in it. */
  private record Part(Path folder, String name, boolean compressed) {}

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
  public Produced produce(ProducePlan plan, Pace pace, ProduceProgress progress)
      throws IOException, InterruptedException {
    EventGenerator generator = new EventGenerator(plan);
    Dice compression = new Dice(~plan.seed());
    Bytes lines = new Bytes(1 << 16);
    int written = 0;
    int kept = 0;
    long bytes = 0;
    Kind kind = generator.next(lines);
    for (int number = 0; kind != Kind.END; number++) {
      LocalDate date = LocalDate.ofInstant(generator.time(), ZoneOffset.UTC);
      Part part = part(plan, number, date, compression.chance(gzip));
      int records = 0;
      // Blank lines after the last record belong to its file.
      while (kind != Kind.END && (records < recordsPerFile || kind == Kind.BLANK)) {
        lines.putByte('\n');
        records += kind == Kind.BLANK ? 0 : 1;
        int end = lines.size();
        kind = generator.next(lines);
        if (records == recordsPerFile && kind != Kind.BLANK) {
          carry = java.util.Arrays.copyOfRange(lines.array(), end, lines.size());
        }
      }
    }
    return new Produced(generator.counts(), written, kept, bytes);
  }
}
