package clicklake.options;

import org.jspecify.annotations.Nullable;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers null if the job does without Kafka
 * @param topic with the events
 * @param dlqTopic where rejects are published beside quarantine; null for nowhere
 * @param client further settings of every client
 */
public record KafkaSettings(
    @Nullable String bootstrapServers,
    String topic,
    @Nullable String dlqTopic,
    KafkaClientProperties client) {}
