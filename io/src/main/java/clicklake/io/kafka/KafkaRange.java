package clicklake.io.kafka;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.SourcePartition;

/**
 * A stretch of a Kafka partition, read by one worker in one go; made by {@link KafkaSource#plan()}.
 *
 * @param partition which partition
 * @param from first offset covered
 * @param readFrom first offset asked of the broker; what there is between {@code from} and it is in
 *     bronze, or was gone before this process came
 * @param to one past the last offset covered
 * @param seen what the lake covered of the range
 */
public record KafkaRange(
    SourcePartition partition, long from, long readFrom, long to, RawBatch.Seen seen) {
  public KafkaRange {
    requireNonNull(partition, "partition");
    requireNonNull(seen, "seen");
  }
}
