package clicklake.bench.compare;

import clicklake.io.broker.LocalBroker;





import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The lines of a data set in a topic, on a broker of their own. */
final class Topic implements AutoCloseable {
  private static final int LINES_IN_A_ROW = 512;
  private static final String NAME = "events";

  private final LocalBroker broker;
  private final int partitions;

  private Topic(LocalBroker broker, int partitions) {
    this.broker = broker;
    this.partitions = partitions;
  }

  /**
   * Starts a broker and sends every line, in blocks to one partition after the other.
   *
   * @param folder an empty one for the broker
   */
  static Topic of(DataSet data, int partitions, String brokerClassPath, Path folder)
      throws IOException, InterruptedException, ExecutionException {
    Topic topic = new Topic(LocalBroker.startNew(brokerClassPath, folder), partitions);
    try {
      topic.fill(data);
      return topic;
    } catch (IOException | InterruptedException | ExecutionException | RuntimeException e) {
      topic.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  String name() {
    return NAME;
  }

  int partitions() {
    return partitions;
  }

  private void fill(DataSet data) throws IOException, InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      NewTopic topic = new NewTopic(NAME, partitions, (short) 1);
      admin.createTopics(List.of(topic.configs(Map.of("retention.ms", "-1")))).all().get();
    }
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers(),
                "acks", "all",
                "linger.ms", "20",
                "batch.size", "524288",
                "compression.type", "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      data.forEachLine(
          (number, bytes, start, end) -> {
            int partition = (int) (number / LINES_IN_A_ROW % partitions);
            byte[] value = Arrays.copyOfRange(bytes, start, end);
            producer.send(
                new ProducerRecord<>(NAME, partition, null, value),
                (sent, e) -> failure.compareAndSet(null, e));
          });
    }
    Exception first = failure.get();
    if (first != null) {
      throw new IOException("send events to " + bootstrapServers(), first);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
