package clicklake.io.kafka;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Cuts what a topic holds now, and the lake does not cover, into ranges. */
final class KafkaRangePlan {
  private KafkaRangePlan() {}

  static List<KafkaRange> of(KafkaSettings settings, LakeCoverage lake) {
    // Before the ends: what another copy of the job covers from here on is below them.
    KafkaTopic.Known known = KafkaTopic.known(settings, lake);
    KafkaTopic topic = known.topic();
    List<KafkaRange> ranges = new ArrayList<>();
    try (Consumer<ByteBuffer, ByteBuffer> consumer = KafkaClients.consumer(settings)) {
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(topic.all());
      Map<TopicPartition, Long> ends = consumer.endOffsets(topic.all());
      for (int number = 0; number < topic.partitions(); number++) {
        TopicPartition partition = topic.partition(number);
        add(
            ranges,
            topic,
            number,
            beginnings.getOrDefault(partition, 0L),
            ends.getOrDefault(partition, 0L),
            known.view());
      }
    } catch (KafkaException failure) {
      throw KafkaFailures.atStart(settings, failure);
    }
    return ranges;
  }

  private static void add(
      List<KafkaRange> ranges,
      KafkaTopic topic,
      int number,
      long beginning,
      long end,
      LakeCoverage.View view) {
    SourcePartition id = topic.id(number);
    long next = view.next(id);
    if (next > end) {
      throw KafkaFailures.beyondEnd(topic.settings(), topic.partition(number), next, end);
    }
    KafkaTopic.Start start = topic.start(number, next, beginning, view);
    RawBatch.Seen seen = view.seen(id);
    OffsetRanges covered = view.covered(id);
    long longest = topic.settings().offsetsPerRange();
    long from = start.stands();
    long readFrom = start.seek();
    if (seen.bronze().minus(seen.silver()).intersects(below(from, readFrom))) {
      // Bronze may hold all of them: as much work as if they were read from the broker.
      while (from < readFrom) {
        long to = Math.min(readFrom, from + longest);
        if (!covered.containsAll(from, to)) {
          ranges.add(new KafkaRange(id, from, to, to, seen.within(from, to)));
        }
        from = to;
      }
    }
    while (from < end) {
      long to = Math.min(end, Math.max(from, readFrom) + longest);
      if (!covered.containsAll(from, to)) {
        ranges.add(new KafkaRange(id, from, readFrom, to, seen.within(from, to)));
      }
      from = to;
      readFrom = to;
    }
  }

  private static OffsetRanges below(long from, long readFrom) {
    return from < readFrom ? OffsetRanges.of(from, readFrom) : OffsetRanges.empty();
  }
}
