package clicklake.bench.jmh;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.SourcePartition;
import clicklake.transforms.parse.EventParser;
import clicklake.transforms.parse.ParserSettings;





import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/** Valid events of the contract, all with different ids, the same for the same seed. */
public final class Samples {
  /** When they arrive, in milliseconds; event_time lies in the minute before. */
  public static final long ARRIVAL = 1_768_521_000_000L;

  private static final SourcePartition PARTITION = new SourcePartition("samples.ndjson", 0, "file:1:2");
  private static final int EVENTS_IN_A_BATCH = 256;
  private static final List<String> ACTIONS = List.of("view", "click", "add_to_cart", "purchase");
  private static final List<String> PAGES =
      List.of("/", "/search", "/category/shoes", "/product/detail", "/cart", "/checkout", "/help");
  private static final List<String> COUNTRIES = List.of("US", "DE", "GB", "FR", "IN", "BR", "JP");

  private Samples() {}

  /**
   * Lines of NDJSON.
   *
   * @param version of the contract; 2 has product, price and session
   * @param ip whether there is an address, which is replaced by its pseudonym
   */
  public static List<byte[]> lines(int events, int version, boolean ip, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> lines = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      lines.add(line(random, version, ip).getBytes(UTF_8));
    }
    return lines;
  }

  private static String line(SplittableRandom random, int version, boolean ip) {
    String more =
        version == 1
            ? ""
            : String.format(
                Locale.ROOT,
                ",\"session_id\":\"s%08x\",\"product_id\":\"p%d\",\"quantity\":%d,\"price\":%d.%02d,"
                    + "\"currency\":\"EUR\"",
                random.nextInt(),
                random.nextInt(20_000),
                1 + random.nextInt(3),
                random.nextInt(200),
                random.nextInt(100));
    return String.format(
        Locale.ROOT,
        "{\"event_id\":\"%s\",\"schema_version\":%d,\"event_time\":\"2026-01-15T23:49:%02d.%03dZ\","
            + "\"user_id\":\"u%d\",\"action\":\"%s\",\"page\":\"%s\","
            + "\"referrer\":\"https://shop.example.com%s\",\"device_type\":\"mobile\","
            + "\"country\":\"%s\",%s,\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64)"
            + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0\",\"source\":\"web\"%s}",
        new UUID(random.nextLong(), random.nextLong()),
        version,
        random.nextInt(60),
        random.nextInt(1000),
        random.nextInt(200_000),
        ACTIONS.get(random.nextInt(ACTIONS.size())),
        PAGES.get(random.nextInt(PAGES.size())),
        PAGES.get(random.nextInt(PAGES.size())),
        COUNTRIES.get(random.nextInt(COUNTRIES.size())),
        ip
            ? "\"ip\":\"10.1." + random.nextInt(256) + "." + random.nextInt(256) + "\""
            : "\"ip_hash\":\"" + Long.toHexString(random.nextLong()) + "\"",
        118 + random.nextInt(6),
        more);
  }

  /** The lines as a reader of files hands them on. */
  public static RawBatch rawBatch(List<byte[]> lines, long from) {
    int size = lines.stream().mapToInt(line -> line.length + 1).sum();
    byte[] bytes = new byte[size];
    int at = 0;
    for (byte[] line : lines) {
      System.arraycopy(line, 0, bytes, at, line.length);
      at += line.length;
      bytes[at++] = '\n';
    }
    return RawBatch.ofLines(
        PARTITION, from, from + lines.size(), false, RawBatch.Seen.NOTHING, ARRIVAL, bytes);
  }

  /** The lines, parsed, in batches as they cross the shuffle. */
  public static List<EventBatch> eventBatches(List<byte[]> lines, long from) {
    EventParser parser = new EventParser(ParserSettings.DEFAULTS);
    List<EventBatch> batches = new ArrayList<>();
    EventBatch.Builder builder = new EventBatch.Builder(80 << 10);
    for (int i = 0; i < lines.size(); i++) {
      if (!parser.parse(lines.get(i), 0, lines.get(i).length, ARRIVAL)) {
        throw new IllegalStateException("a sample is refused: " + parser.reject());
      }
      builder.add(parser.event(), PARTITION, from + i, ARRIVAL);
      if (builder.count() == EVENTS_IN_A_BATCH || i == lines.size() - 1) {
        batches.add(builder.build());
        builder.clear();
      }
    }
    return batches;
  }
}
