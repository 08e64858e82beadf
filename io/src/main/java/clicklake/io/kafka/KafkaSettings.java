package clicklake.io.kafka;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * Which topic is read, and how Kafka is spoken to.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param topic name of the topic
 * @param client further properties of the Kafka clients, such as those of TLS and SASL; they cannot
 *     change how offsets are kept or that only committed records are read
 * @param checkEvery how often a running reader looks for new partitions and whether the topic is
 *     still the same
 * @param offsetsPerRange in rounds: no range is longer
 * @param answerWithin at the start a broker must answer within this time
 * @param stallTimeout in rounds: a range without any progress for this time fails
 */
public record KafkaSettings(
    String bootstrapServers,
    String topic,
    Map<String, String> client,
    Duration checkEvery,
    long offsetsPerRange,
    Duration answerWithin,
    Duration stallTimeout)
    implements Serializable {

  public KafkaSettings {
    requireNonNull(bootstrapServers, "bootstrapServers");
    requireNonNull(topic, "topic");
    client = Map.copyOf(client);
    requireNonNull(checkEvery, "checkEvery");
    requireNonNull(answerWithin, "answerWithin");
    requireNonNull(stallTimeout, "stallTimeout");
    if (offsetsPerRange < 1) {
      throw new IllegalArgumentException("offsetsPerRange must be positive: " + offsetsPerRange);
    }
  }

  /** Without further properties: checks every 30 s, ranges of 50,000 offsets, answers in 15 s. */
  public static KafkaSettings of(String bootstrapServers, String topic) {
    return new KafkaSettings(
        bootstrapServers,
        topic,
        Map.of(),
        Duration.ofSeconds(30),
        50_000,
        Duration.ofSeconds(15),
        Duration.ofMinutes(5));
  }

  public KafkaSettings withClient(Map<String, String> properties) {
    return new KafkaSettings(
        bootstrapServers,
        topic,
        properties,
        checkEvery,
        offsetsPerRange,
        answerWithin,
        stallTimeout);
  }

  public KafkaSettings withCheckEvery(Duration duration) {
    return new KafkaSettings(
        bootstrapServers, topic, client, duration, offsetsPerRange, answerWithin, stallTimeout);
  }

  public KafkaSettings withOffsetsPerRange(long offsets) {
    return new KafkaSettings(
        bootstrapServers, topic, client, checkEvery, offsets, answerWithin, stallTimeout);
  }

  public KafkaSettings withAnswerWithin(Duration duration) {
    return new KafkaSettings(
        bootstrapServers, topic, client, checkEvery, offsetsPerRange, duration, stallTimeout);
  }

  public KafkaSettings withStallTimeout(Duration duration) {
    return new KafkaSettings(
        bootstrapServers, topic, client, checkEvery, offsetsPerRange, answerWithin, duration);
  }

  /** Without the values of the client properties: they may be secrets. */
  @Override
  public String toString() {
    return "topic " + topic + " at " + bootstrapServers;
  }
}
