package clicklake.io.kafka;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Makes Kafka's clients from the settings. */
final class KafkaClients {
  private KafkaClients() {}

  static Consumer<ByteBuffer, ByteBuffer> consumer(KafkaSettings settings) {
    Map<String, Object> all = new HashMap<>();
    // Few and large polls; a poll that lasts would hold up the runner.
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
    all.putAll(common(settings));
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    try {
      return new KafkaConsumer<>(all, new ByteBufferDeserializer(), new ByteBufferDeserializer());
    } catch (KafkaException refused) {
      throw KafkaFailures.settings(settings, refused);
    }
  }

  static Admin admin(KafkaSettings settings) {
    try {
      return Admin.create(common(settings));
    } catch (KafkaException refused) {
      throw KafkaFailures.settings(settings, refused);
    }
  }

  private static Map<String, Object> common(KafkaSettings settings) {
    Map<String, Object> all = new HashMap<>();
    int answer = (int) settings.answerWithin().toMillis();
    all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, answer);
    all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, answer);
    all.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    all.putAll(settings.client());
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    return all;
  }
}
