package clicklake.bench.events;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * Writes events as NDJSON files, the same for the same seed, and what a correct job must count in
 * them.
 *
 * <p>Arguments: {@code FOLDER RECORDS [seed=42] [events per second of event time=2000] [MiB per
 * file=64]}. The events go to {@code FOLDER/events/part-00000.ndjson} and on, the counts to {@code
 * FOLDER/expected.json} and {@code FOLDER/expected-minutes.csv}. Of the records about 97 % are
 * first sends, 2 % byte-identical resends within about a minute, and 1 % invalid by anybody's
 * rules.
 */
public final class Generate {
  /** Files are as old as the events in them, so that no event lies in its file's future. */
  private static final long FIRST_FILE_MILLIS = 1768600000000L;

  private static final double RESENT = 0.0204;
  private static final double INVALID = 0.01;

  private final Path folder;
  private final long bytesPerFile;
  private OutputStream file;
  private Path path;
  private int files;
  private long inFile;

  private Generate(Path folder, long bytesPerFile) {
    this.folder = folder;
    this.bytesPerFile = bytesPerFile;
  }

  /** Writes everything and prints the counts. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    long records = Long.parseLong(args[1]);
    long seed = args.length > 2 ? Long.parseLong(args[2]) : 42;
    double rate = args.length > 3 ? Double.parseDouble(args[3]) : 2000;
    long bytesPerFile = (args.length > 4 ? Long.parseLong(args[4]) : 64) << 20;
    Path events = Files.createDirectories(folder.resolve("events"));
    Expected expected = new Expected();
    new Generate(events, bytesPerFile).write(new Shop(seed), records, rate, expected);
    String json = expected.json();
    Files.writeString(folder.resolve("expected.json"), json + "\n");
    Files.writeString(folder.resolve("expected-minutes.csv"), expected.minutesCsv());
    System.out.println(json);
  }

  /** A line that is to be sent again. */
  private record Resend(String line, long at) {}

  private void write(Shop shop, long records, double rate, Expected expected) throws IOException {
    PriorityQueue<Resend> resends = new PriorityQueue<>(Comparator.comparingLong(Resend::at));
    for (long i = 0; i < records; i++) {
      String line;
      if (!resends.isEmpty() && resends.peek().at() <= i) {
        line = resends.poll().line();
        expected.duplicates++;
      } else {
        long now = Shop.START + (long) (i * 1000 / rate);
        if (shop.dice.share() < INVALID) {
          line = shop.invalid(i, now);
          expected.invalid++;
        } else {
          line = shop.event(now, expected);
          if (shop.dice.share() < RESENT) {
            long at = i + 1 + shop.dice.below((int) (rate * 60));
            if (at < records) {
              resends.add(new Resend(line, at));
            }
          }
        }
      }
      append(line.getBytes(StandardCharsets.UTF_8), expected);
    }
    closeFile();
    expected.files = files;
  }

  private void append(byte[] line, Expected expected) throws IOException {
    if (file == null || inFile + line.length + 1 > bytesPerFile) {
      closeFile();
      path = folder.resolve(String.format(Locale.ROOT, "part-%05d.ndjson", files++));
      file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 20);
      inFile = 0;
    }
    file.write(line);
    file.write('\n');
    inFile += line.length + 1;
    expected.lines++;
    expected.bytes += line.length + 1;
  }

  private void closeFile() throws IOException {
    if (file != null) {
      file.close();
      Files.setLastModifiedTime(path, FileTime.fromMillis(FIRST_FILE_MILLIS + (files - 1) * 1000L));
    }
  }
}
