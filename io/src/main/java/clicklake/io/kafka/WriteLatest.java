package clicklake.io.kafka;

import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes texts to a compacted topic, of which the last of each key counts. A bundle that is
 * repeated writes them again.
 */
public final class WriteLatest extends PTransform<PCollection<KV<String, String>>, PDone> {
  private static final long serialVersionUID = 1L;

  private final KafkaSettings topic;

  private WriteLatest(KafkaSettings topic) {
    this.topic = requireNonNull(topic, "topic");
  }

  /** Writes to a topic; see {@link #create}. */
  public static WriteLatest to(KafkaSettings topic) {
    return new WriteLatest(topic);
  }

  /**
   * Creates the topic, compacted and with the brokers' number of partitions and replicas, if there
   * is none.
   *
   * @throws SourceException if the brokers do not answer, or the topic is not compacted
   */
  public static void create(KafkaSettings topic) throws InterruptedException {
    long millis = topic.answerWithin().toMillis();
    try (Admin admin = KafkaClients.admin(topic)) {
      NewTopic compacted =
          new NewTopic(topic.topic(), Optional.empty(), Optional.empty())
              .configs(
                  Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
      try {
        admin.createTopics(List.of(compacted)).all().get(millis, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topic());
        String policy =
            admin
                .describeConfigs(List.of(resource))
                .all()
                .get(millis, TimeUnit.MILLISECONDS)
                .get(resource)
                .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                .value();
        if (!policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
          throw new SourceException(
              "writing figures to "
                  + topic
                  + ": the topic is not compacted and would grow for ever; set its"
                  + " cleanup.policy=compact, or name another topic");
        }
      }
    } catch (ExecutionException e) {
      throw new SourceException(
          "creating " + topic + " failed: " + e.getCause() + "; create it, or correct the address",
          e);
    } catch (TimeoutException e) {
      throw new SourceException(
          "creating " + topic + ": no answer within " + topic.answerWithin() + "; is it up?", e);
    }
  }

  @Override
  public PDone expand(PCollection<KV<String, String>> texts) {
    return texts.apply(
        "WriteToTopic",
        KafkaIO.<String, String>write()
            .withBootstrapServers(topic.bootstrapServers())
            .withTopic(topic.topic())
            .withProducerConfigUpdates(new HashMap<>(topic.client()))
            .withKeySerializer(StringSerializer.class)
            .withValueSerializer(StringSerializer.class));
  }
}
