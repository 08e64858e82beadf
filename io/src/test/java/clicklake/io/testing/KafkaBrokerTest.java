package clicklake.io.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class KafkaBrokerTest {

  private final KafkaBroker broker = KafkaBroker.shared();

  @Test
  void aRecordComesBackWithKeyHeadersPartitionAndTimestamp() {
    String topic = broker.newTopic("round-trip", 2);
    long in1999 = 915_148_800_000L;
    Header header = new RecordHeader("trace", new byte[] {1, -1});

    broker.produce(
        List.of(
            new ProducerRecord<>(topic, 1, in1999, bytes("k"), bytes("v"), List.of(header)),
            new ProducerRecord<>(topic, 0, Long.MAX_VALUE, null, null, List.of())));

    List<ConsumerRecord<byte[], byte[]>> records = broker.readAll(topic);
    assertThat(records).hasSize(2);
    ConsumerRecord<byte[], byte[]> empty = records.get(0);
    assertThat(empty.partition()).isZero();
    assertThat(empty.timestamp()).isEqualTo(Long.MAX_VALUE);
    assertThat(empty.key()).isNull();
    assertThat(empty.value()).isNull();
    ConsumerRecord<byte[], byte[]> full = records.get(1);
    assertThat(full.partition()).isEqualTo(1);
    assertThat(full.offset()).isZero();
    assertThat(full.timestamp()).isEqualTo(in1999);
    assertThat(full.key()).isEqualTo(bytes("k"));
    assertThat(full.value()).isEqualTo(bytes("v"));
    assertThat(full.headers().toArray()).containsExactly(header);
  }

  @Test
  void aRecordOfTenMebibytesIsTaken() {
    String topic = broker.newTopic("large", 1);
    byte[] large = new byte[10 << 20];
    Arrays.fill(large, (byte) 'x');

    broker.produce(List.of(new ProducerRecord<>(topic, large)));

    assertThat(broker.readAll(topic))
        .singleElement()
        .satisfies(read -> assertThat(read.value()).isEqualTo(large));
  }

  @Test
  void anAbortedTransactionLeavesAHoleInTheOffsets() {
    String topic = broker.newTopic("holes", 1);

    broker.produce(records(topic, "a", "b"));
    List<RecordMetadata> aborted = broker.produceAborted(records(topic, "c", "d", "e"));
    broker.produceCommitted(records(topic, "f"));
    broker.produceAborted(records(topic, "g"));

    assertThat(aborted).extracting(RecordMetadata::offset).containsExactly(2L, 3L, 4L);
    // 5 is the marker of the abort, 7 that of the commit, 8 and 9 the aborted tail.
    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a", "1 b", "6 f");
    assertThat(offsetsAndValues(broker.readAll(topic, IsolationLevel.READ_UNCOMMITTED)))
        .containsExactly("0 a", "1 b", "2 c", "3 d", "4 e", "6 f", "8 g");
    assertThat(broker.endOffset(topic, 0)).isEqualTo(10);
  }

  @Test
  void anUndecidedTransactionHidesWhatComesBehindIt() {
    String topic = broker.newTopic("undecided", 1);

    try (KafkaBroker.Transaction transaction = broker.beginTransaction()) {
      broker.produce(records(topic, "a"));
      transaction.write(records(topic, "b"));
      broker.produce(records(topic, "c"));
      assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a");
      transaction.commit();
    }

    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a", "1 b", "2 c");
  }

  @Test
  void deletedRecordsMoveTheEarliestOffset() {
    String topic = broker.newTopic("expired", 1);
    broker.produce(records(topic, "a", "b", "c"));

    broker.deleteRecordsBefore(topic, 0, 2);

    assertThat(broker.earliestOffset(topic, 0)).isEqualTo(2);
    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("2 c");
  }

  @Test
  void aTopicGrowsByPartitions() {
    String topic = broker.newTopic("growing", 1);

    broker.addPartitions(topic, 3);
    broker.produce(List.of(new ProducerRecord<>(topic, 2, null, bytes("a"))));

    assertThat(broker.endOffset(topic, 2)).isEqualTo(1);
  }

  @Test
  void aTopicMadeAgainHasAnotherIdAndNoRecords() {
    String topic = broker.newTopic("again", 1);
    Uuid first = broker.topicId(topic);
    broker.produce(records(topic, "a"));

    broker.deleteTopic(topic);
    Uuid second = broker.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));

    assertThat(second).isNotEqualTo(first).isEqualTo(broker.topicId(topic));
    assertThat(broker.readAll(topic)).isEmpty();
  }

  @Test
  void anUnknownTopicIsRefusedNotMade() {
    assertThatThrownBy(() -> broker.readAll("never-made"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("UnknownTopicOrPartition");
  }

  @Test
  void sigkillAndRestartKeepAddressClusterAndRecords() {
    String topic = broker.newTopic("killed", 1);
    String address = broker.bootstrapServers();
    String cluster = broker.clusterId();
    broker.produce(records(topic, "a"));
    broker.produceAborted(records(topic, "b"));

    broker.kill9();
    assertThat(broker.isAlive()).isFalse();
    broker.start();

    broker.produce(records(topic, "c"));
    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a", "3 c");
    assertThat(broker.bootstrapServers()).isEqualTo(address);
    assertThat(broker.clusterId()).isEqualTo(cluster);
  }

  @Test
  void stopAndStartKeepTheRecords() {
    String topic = broker.newTopic("stopped", 1);
    broker.produce(records(topic, "a"));

    broker.stop();
    assertThat(broker.isAlive()).isFalse();
    broker.start();

    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a");
  }

  @Test
  void aSuspendedBrokerAnswersWhenItIsResumed() {
    String topic = broker.newTopic("suspended", 1);

    broker.suspend();
    CompletableFuture<List<RecordMetadata>> writing =
        CompletableFuture.supplyAsync(() -> broker.produce(records(topic, "a")));
    assertThat(writing).failsWithin(Duration.ofMillis(300));
    broker.resume();

    assertThat(writing).succeedsWithin(Duration.ofSeconds(30));
    assertThat(offsetsAndValues(broker.readAll(topic))).containsExactly("0 a");
  }

  private static List<ProducerRecord<byte[], byte[]>> records(String topic, String... values) {
    return Stream.of(values)
        .map(value -> new ProducerRecord<byte[], byte[]>(topic, 0, null, bytes(value)))
        .toList();
  }

  private static List<String> offsetsAndValues(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(each -> each.offset() + " " + new String(each.value(), UTF_8))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
