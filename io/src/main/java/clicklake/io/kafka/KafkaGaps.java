package clicklake.io.kafka;

import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Finds what neither the broker nor the lake has: retention came before the reader. */
final class KafkaGaps {
  private KafkaGaps() {}

  /** The lost positions of each partition that has any. */
  static Map<SourcePartition, OffsetRanges> of(KafkaSettings settings, LakeCoverage lake) {
    // Before the beginnings: what another copy of the job covers from here on is no gap.
    KafkaTopic.Known known = KafkaTopic.known(settings, lake);
    KafkaTopic topic = known.topic();
    LakeCoverage.View view = known.view();
    Map<SourcePartition, OffsetRanges> gaps = new TreeMap<>();
    try (Consumer<ByteBuffer, ByteBuffer> consumer = KafkaClients.consumer(settings)) {
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(topic.all());
      for (int number = 0; number < topic.partitions(); number++) {
        SourcePartition id = topic.id(number);
        if (KafkaTopic.isKnown(view, id)) {
          long beginning = beginnings.getOrDefault(topic.partition(number), 0L);
          OffsetRanges gap = KafkaTopic.gap(view, id, view.next(id), beginning);
          if (!gap.isEmpty()) {
            gaps.put(id, gap);
          }
        }
      }
    } catch (KafkaException failure) {
      throw KafkaFailures.atStart(settings, failure);
    }
    return gaps;
  }
}
