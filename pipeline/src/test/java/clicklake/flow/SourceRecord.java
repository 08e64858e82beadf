package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.testing.KafkaBroker;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record of a source.
 *
 * @param arrival in milliseconds
 * @param key as bytes
 * @param headers as bronze spells them
 * @param value null for none
 */
public record SourceRecord(
    Position position,
    long arrival,
    @Nullable ByteBuffer key,
    @Nullable String headers,
    @Nullable ByteBuffer value) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Where a record is. */
  public record Position(String source, int partition, long offset)
      implements Comparable<Position> {
    @Override
    public int compareTo(Position other) {
      int bySource = source.compareTo(other.source);
      int byPartition = Integer.compare(partition, other.partition);
      return bySource != 0
          ? bySource
          : byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
    }
  }

  /** The value, empty for none. */
  byte[] bytes() {
    return value == null ? new byte[0] : value.array();
  }

  /** Every record of a landing folder in which no file was ever replaced. */
  static List<SourceRecord> inFolder(Path landing) throws IOException {
    List<SourceRecord> records = new ArrayList<>();
    try (Stream<Path> files = Files.walk(landing)) {
      for (Path file : files.filter(SourceRecord::isVisible).sorted().toList()) {
        records.addAll(inFile(landing, file, 0));
      }
    }
    return records;
  }

  private static boolean isVisible(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && name.matches("[^._].*\\.(ndjson|jsonl|json)(\\.gz)?")
        && !name.matches(".*\\.(tmp|part)");
  }

  /** Every record of a file as it is now, as one generation of its path. */
  static List<SourceRecord> inFile(Path landing, Path file, int generation) throws IOException {
    byte[] content;
    try (InputStream plain = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
      content = in.readAllBytes();
    }
    long arrival = Files.getLastModifiedTime(file).toMillis();
    String source = landing.relativize(file).toString();
    List<SourceRecord> records = new ArrayList<>();
    long line = 0;
    for (int start = 0; start < content.length; line++) {
      int end = start;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      byte[] value = Arrays.copyOfRange(content, start, end);
      if (!new String(value, UTF_8).matches("[ \\t\\r]*")) {
        records.add(
            new SourceRecord(
                new Position(source, generation, line),
                arrival,
                null,
                null,
                ByteBuffer.wrap(value)));
      }
      start = end + 1;
    }
    return records;
  }

  /** Every committed record of a topic. */
  public static List<SourceRecord> inTopic(KafkaBroker broker, String topic) {
    List<SourceRecord> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : broker.readAll(topic)) {
      ArrayNode headers = JSON.createArrayNode();
      for (Header header : record.headers()) {
        headers
            .addObject()
            .put("key", header.key())
            .put("value", new String(header.value(), UTF_8));
      }
      records.add(
          new SourceRecord(
              new Position(topic, record.partition(), record.offset()),
              record.timestamp(),
              record.key() == null ? null : ByteBuffer.wrap(record.key()),
              headers.isEmpty() ? null : headers.toString(),
              record.value() == null ? null : ByteBuffer.wrap(record.value())));
    }
    return records;
  }
}
