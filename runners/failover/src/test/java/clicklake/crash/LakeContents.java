package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The lake's three tables, and the comparison with the topic they came from. */
final class LakeContents {
  private static final JsonMapper JSON = new JsonMapper();

  private final TableContents bronze;
  private final TableContents silver;
  private final TableContents quarantine;

  private LakeContents(Path lake) {
    // In the order in which they depend on each other: what silver names, bronze has.
    quarantine = TableContents.of(lake.resolve("quarantine/events"));
    silver = TableContents.of(lake.resolve("silver/events"));
    bronze = TableContents.of(lake.resolve("bronze/events"));
  }

  static LakeContents of(Path lake) {
    return new LakeContents(lake);
  }

  /** Commits of all three tables so far: rises whenever the job gets something done. */
  long versions() {
    return bronze.version() + silver.version() + quarantine.version();
  }

  /** Records that silver has decided of a topic's partitions, holes between them included. */
  long decided() {
    long decided = 0;
    JsonNode ledger = silver.ledger();
    if (ledger != null) {
      for (JsonNode partition : ledger.path("partitions")) {
        decided += partition.path("next").asLong();
        for (JsonNode run : partition.path("runs")) {
          decided += run.path(1).asLong() - run.path(0).asLong();
        }
      }
    }
    return decided;
  }

  /** How many rows of bronze and silver were written in vain. */
  long replayedRows() {
    return bronze.strayRows() + silver.strayRows() + quarantine.strayRows();
  }

  /** What became of the topic's records. */
  record Balance(long bronze, long silver, long quarantine, long duplicates) {}

  private record Position(String source, int partition, long offset) {
    static Position of(GenericRecord row) {
      return new Position(
          row.get("_source").toString(),
          ((Number) row.get("_partition")).intValue(),
          ((Number) row.get("_offset")).longValue());
    }

    static Position of(ConsumerRecord<byte[], byte[]> record) {
      return new Position(record.topic(), record.partition(), record.offset());
    }
  }

  /**
   * Requires that every committed record is in bronze once, as it was sent, and is in exactly one
   * of silver, quarantine, and the duplicates that silver's ledger counts.
   */
  Balance requireBalanced(List<ConsumerRecord<byte[], byte[]>> records) {
    Map<Position, @Nullable ByteBuffer> sent = new HashMap<>();
    records.forEach(record -> sent.put(Position.of(record), bytes(record.value())));
    requireAllInBronze(sent);

    Set<Position> rows = new HashSet<>();
    Set<String> events = new HashSet<>();
    List<String> faults = new ArrayList<>();
    silver.rows(
        row -> {
          Position position = Position.of(row);
          String id = row.get("event_id").toString();
          ByteBuffer value = sent.get(position);
          if (!rows.add(position)) {
            faults.add(position + " is twice in silver");
          }
          if (!events.add(id)) {
            faults.add("event " + id + " is twice in silver, at " + position);
          }
          if (value == null || !id.equals(eventId(value))) {
            faults.add("event " + id + " is not what was sent at " + position);
          }
        });
    Set<Position> refused = new HashSet<>();
    quarantine.rows(
        row -> {
          Position position = Position.of(row);
          if (!refused.add(position)) {
            faults.add(position + " is twice in quarantine");
          }
          if (rows.contains(position)) {
            faults.add(position + " is in silver and in quarantine");
          }
          ByteBuffer value = (ByteBuffer) row.get("value");
          ByteBuffer original = sent.get(position);
          if (!sent.containsKey(position) || !sameBytes(value, original)) {
            faults.add(position + " is not in quarantine as it was sent");
          }
        });
    Map<String, Long> duplicates = new TreeMap<>();
    sent.forEach(
        (position, value) -> {
          if (!rows.contains(position) && !refused.contains(position)) {
            duplicates.merge(position.source() + "/" + position.partition(), 1L, Long::sum);
            if (value == null || !events.contains(eventId(value))) {
              faults.add(position + " is nowhere, and no event in silver stands for it");
            }
          }
        });
    assertThat(faults).as("faults of silver and quarantine").isEmpty();
    assertThat(counted("duplicates")).as("duplicates in the ledger").isEqualTo(duplicates);
    assertThat(counted("conflicts")).as("conflicts in the ledger").isEmpty();
    long copies = duplicates.values().stream().mapToLong(Long::longValue).sum();
    return new Balance(sent.size(), rows.size(), refused.size(), copies);
  }

  private void requireAllInBronze(Map<Position, @Nullable ByteBuffer> sent) {
    List<String> faults = new ArrayList<>();
    Set<Position> seen = new HashSet<>();
    bronze.rows(
        row -> {
          Position position = Position.of(row);
          if (!seen.add(position)) {
            faults.add(position + " is twice in bronze");
          }
          if (!sent.containsKey(position)) {
            faults.add(position + " is in bronze and was never committed to the topic");
          } else if (!sameBytes((ByteBuffer) row.get("value"), sent.get(position))) {
            faults.add(position + " is not in bronze as it was sent");
          }
        });
    for (Position position : sent.keySet()) {
      if (!seen.contains(position)) {
        faults.add(position + " is not in bronze");
      }
    }
    assertThat(faults).as("faults of bronze").isEmpty();
  }

  /** What silver's ledger counts, of partitions that have any. */
  private Map<String, Long> counted(String what) {
    Map<String, Long> counted = new TreeMap<>();
    JsonNode ledger = silver.ledger();
    if (ledger != null) {
      ledger
          .path("partitions")
          .fields()
          .forEachRemaining(
              entry -> {
                long count = entry.getValue().path(what).asLong();
                if (count > 0) {
                  counted.put(entry.getKey(), count);
                }
              });
    }
    return counted;
  }

  private static @Nullable String eventId(ByteBuffer value) {
    try {
      byte[] bytes = Arrays.copyOf(value.array(), value.array().length);
      JsonNode event = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
      return event.path("event_id").asText().toLowerCase(Locale.ROOT);
    } catch (IOException broken) {
      return null;
    } catch (UncheckedIOException broken) {
      return null;
    }
  }

  private static boolean sameBytes(@Nullable ByteBuffer one, @Nullable ByteBuffer other) {
    return one == null ? other == null : one.equals(other);
  }

  private static @Nullable ByteBuffer bytes(byte @Nullable [] value) {
    return value == null ? null : ByteBuffer.wrap(value);
  }
}
