package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own consumer without a broker, over a log that the test writes. Records come again after
 * a seek, holes are passed over, and one chosen call times out, before or after its effect.
 */
final class FaultyConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {
  private final Map<TopicPartition, TreeMap<Long, String>> log = new HashMap<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private @Nullable TopicPartition blind;
  private int failingCall = -1;
  private boolean afterItsEffect;

  FaultyConsumer() {
    super(OffsetResetStrategy.NONE);
  }

  /** Writes a log that ends at an offset; positions that are not given are holes. */
  void write(TopicPartition partition, long end, long... offsets) {
    TreeMap<Long, String> records = log.computeIfAbsent(partition, name -> new TreeMap<>());
    for (long offset : offsets) {
      records.put(offset, partition.partition() + "-" + offset);
    }
    ends.put(partition, end);
    updateBeginningOffsets(Map.of(partition, 0L));
  }

  /** Makes the call of this number, counted from 0 over all calls, time out. */
  void failAt(int call, boolean afterEffect) {
    failingCall = call;
    afterItsEffect = afterEffect;
  }

  /** Makes the next question for the position of a partition time out. */
  void hidePositionOnce(TopicPartition partition) {
    blind = partition;
  }

  /** The calls so far, by name. */
  List<String> calls() {
    return calls;
  }

  private void call(String name, Runnable effect) {
    boolean fails = calls.size() == failingCall;
    calls.add(name);
    if (fails && !afterItsEffect) {
      throw new TimeoutException("no answer to " + name);
    }
    effect.run();
    if (fails) {
      throw new TimeoutException("no answer to " + name);
    }
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    List<ConsumerRecords<ByteBuffer, ByteBuffer>> polled = new ArrayList<>();
    call("poll", () -> polled.add(take(timeout)));
    return polled.get(0);
  }

  private ConsumerRecords<ByteBuffer, ByteBuffer> take(Duration timeout) {
    for (TopicPartition partition : assignment()) {
      log.getOrDefault(partition, new TreeMap<>())
          .tailMap(super.position(partition))
          .forEach(
              (offset, value) ->
                  addRecord(
                      new ConsumerRecord<>(
                          partition.topic(),
                          partition.partition(),
                          offset,
                          null,
                          ByteBuffer.wrap(value.getBytes(UTF_8)))));
    }
    ConsumerRecords<ByteBuffer, ByteBuffer> records = super.poll(timeout);
    for (TopicPartition partition : assignment()) {
      Long next =
          log.getOrDefault(partition, new TreeMap<>()).ceilingKey(super.position(partition));
      super.seek(partition, next == null ? ends.getOrDefault(partition, 0L) : next);
    }
    return records;
  }

  @Override
  public synchronized long position(TopicPartition partition, Duration timeout) {
    return position(partition);
  }

  @Override
  public synchronized long position(TopicPartition partition) {
    if (partition.equals(blind)) {
      blind = null;
      throw new TimeoutException("no answer to position");
    }
    call("position", () -> {});
    return super.position(partition);
  }

  @Override
  public synchronized void assign(Collection<TopicPartition> partitions) {
    call("assign", () -> super.assign(partitions));
  }

  @Override
  public synchronized void seek(TopicPartition partition, long offset) {
    call("seek", () -> super.seek(partition, offset));
  }

  @Override
  public synchronized Map<TopicPartition, Long> beginningOffsets(
      Collection<TopicPartition> partitions) {
    List<Map<TopicPartition, Long>> answer = new ArrayList<>();
    call("beginningOffsets", () -> answer.add(super.beginningOffsets(partitions)));
    return answer.get(0);
  }
}
