package clicklake.io.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/** Asks the broker for the topic of some settings. */
interface KafkaTopics extends AutoCloseable {

  /**
   * Waits for the answer.
   *
   * @throws clicklake.io.SourceException if there is no broker or no such topic
   */
  KafkaTopic describe();

  /** Does not wait for the answer. */
  Future<TopicDescription> ask();

  @Override
  void close();

  /** Asks by a client; does not wait for the answer. */
  static Future<TopicDescription> ask(KafkaSettings settings, Admin admin) {
    String topic = settings.topic();
    return admin.describeTopics(List.of(topic)).topicNameValues().get(topic);
  }

  /** With a client of its own. */
  static KafkaTopics of(KafkaSettings settings) {
    Admin admin = KafkaClients.admin(settings);
    return new KafkaTopics() {
      @Override
      public KafkaTopic describe() {
        return KafkaTopic.describe(settings, admin);
      }

      @Override
      public Future<TopicDescription> ask() {
        return KafkaTopics.ask(settings, admin);
      }

      @Override
      public void close() {
        admin.close(Duration.ZERO);
      }
    };
  }
}
