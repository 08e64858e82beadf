package clicklake.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import clicklake.io.testing.KafkaBroker;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class KafkaEventProducerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ProducePlan PLAN =
      ProducePlan.of(21, 12_000)
          .withForm(ProducePlan.Form.VALUES)
          .withShares(0.05, 0.05, 0.05, 0.05);

  private final KafkaBroker broker = KafkaBroker.shared();

  @Test
  void theTopicHoldsWhatIsCountedWithKeysAndHeadersAndPresentTimestamps() throws Exception {
    String topic = broker.newTopic("produced", 3);
    Instant before = Instant.now();
    List<Long> progress = new ArrayList<>();

    ProducedCounts counts =
        producer(topic)
            .produce(
                PLAN, RateLimiter.UNLIMITED, (records, planned, bytes) -> progress.add(records));

    Map<String, Integer> partitions = new HashMap<>();
    Recount recount = new Recount(PLAN.maxRecordSize(), Instant.parse("2026-12-31T00:00:00Z"));
    int nulls = 0;
    for (ConsumerRecord<byte[], byte[]> record : broker.readAll(topic)) {
      assertThat(new String(record.key(), StandardCharsets.US_ASCII)).matches("user-\\d{6}");
      assertThat(record.headers().toArray())
          .containsExactly(
              new RecordHeader(
                  "content-type", "application/json".getBytes(StandardCharsets.US_ASCII)));
      assertThat(Instant.ofEpochMilli(record.timestamp()))
          .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
      recount.value(record.value() == null ? new byte[0] : record.value());
      nulls += record.value() == null ? 1 : 0;
      partitions.merge(String.valueOf(record.partition()), 1, Integer::sum);
    }
    ProducedCounts found = recount.counts();
    assertThat(found.records()).isEqualTo(counts.records()).isEqualTo(12_000);
    assertThat(found.events()).isEqualTo(counts.events());
    assertThat(found.duplicates()).isEqualTo(counts.duplicates());
    assertThat(found.rejects()).isEqualTo(counts.rejects());
    assertThat(found.actions()).isEqualTo(counts.actions());
    assertThat(nulls).isPositive();
    assertThat(partitions.keySet()).containsExactlyInAnyOrder("0", "1", "2");
    assertThat(progress).containsExactly(5_000L, 10_000L, 12_000L);
  }

  @Test
  void aDuplicateIsInAnotherPartitionThanItsOriginal() throws Exception {
    String topic = broker.newTopic("produced", 2);

    ProducedCounts counts =
        producer(topic)
            .produce(PLAN.withShares(0.1, 0, 0, 0), RateLimiter.UNLIMITED, ProduceProgress.SILENT);

    Map<String, List<Integer>> partitions = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : broker.readAll(topic)) {
      partitions
          .computeIfAbsent(
              JSON.readTree(record.value()).get("event_id").asText(), id -> new ArrayList<>())
          .add(record.partition());
    }
    List<List<Integer>> twice =
        partitions.values().stream().filter(places -> places.size() > 1).toList();
    assertThat(twice).hasSize((int) counts.duplicates());
    assertThat(twice).allMatch(places -> !places.get(0).equals(places.get(1)));
  }

  @Test
  void aTopicThatIsAbsentIsMadeWithItsPartitions() throws Exception {
    String topic = "made-by-the-producer";

    producer(topic)
        .produce(
            ProducePlan.of(1, 10).withForm(ProducePlan.Form.VALUES),
            RateLimiter.UNLIMITED,
            ProduceProgress.SILENT);

    assertThat(
            broker
                .admin()
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions())
        .hasSize(5);
    assertThat(broker.readAll(topic)).hasSize(10);
  }

  @Test
  void anAddressWithoutBrokerIsNamedSoon() {
    KafkaEventProducer producer =
        new KafkaEventProducer(
            "127.0.0.1:1",
            "nowhere",
            1,
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));

    assertThatIOException()
        .isThrownBy(
            () ->
                producer.produce(
                    ProducePlan.of(1, 10).withForm(ProducePlan.Form.VALUES),
                    RateLimiter.UNLIMITED,
                    ProduceProgress.SILENT))
        .withMessageStartingWith("could not find or create the topic nowhere at 127.0.0.1:1: ");
  }

  private KafkaEventProducer producer(String topic) {
    return new KafkaEventProducer(broker.bootstrapServers(), topic, 5, Map.of());
  }
}
