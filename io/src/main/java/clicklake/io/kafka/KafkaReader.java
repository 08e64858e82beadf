package clicklake.io.kafka;

import clicklake.io.source.BatchReader;
import clicklake.io.source.BatchSource;
import clicklake.io.source.LakeWatch;
import clicklake.io.source.Mark;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one split of a topic with a consumer of its own.
 *
 * <p>After each poll the consumer's position tells how far a partition was looked at; a batch's run
 * ends there, so that offsets without a record are covered, trailing ones too. A broker that is
 * away is waited for.
 */
final class KafkaReader extends BatchReader {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);
  private static final Duration POLL = Duration.ofMillis(50);

  private final BatchSource source;
  private final KafkaSettings kafka;
  private final @Nullable Mark mark;
  private final Admin admin;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Map<Integer, Partition> partitions = new TreeMap<>();
  private @Nullable KafkaTopic topic;
  private Instant askedAt = Instant.MIN;
  private @Nullable Future<TopicDescription> asked;
  private int unknownInARow;
  private boolean silent;

  /** A partition and the batch that is being filled. */
  private final class Partition {
    final PartitionId id;
    final TopicPartition name;
    long stands;

    /** Offsets below were gone when this reader first came: they are no loss of ours. */
    long emptyBelow;

    RawBatch.Builder builder;
    long earliestArrival = Long.MAX_VALUE;
    @Nullable Instant since;

    Partition(PartitionId id, TopicPartition name, KafkaTopic.Start start) {
      this.id = id;
      this.name = name;
      this.stands = start.stands();
      this.emptyBelow = start.seek();
      this.builder = new RawBatch.Builder(id, stands);
    }

    void add(ConsumerRecord<ByteBuffer, ByteBuffer> each, LakeCoverage.View view) {
      ReadRangeFn.add(builder, each, settings);
      earliestArrival = Math.min(earliestArrival, each.timestamp());
      if (builder.size() >= settings.batchBytes()) {
        cut(each.offset() + 1, view);
      }
    }

    /** Ends the batch where the consumer stands, if it has waited long enough. */
    boolean passed(long position, LakeCoverage.View view) {
      if (position <= stands) {
        return false;
      }
      Instant now = settings.clock().instant();
      Instant began = since;
      if (began == null) {
        since = now;
        began = now;
      }
      if (!now.isBefore(began.plus(settings.linger()))) {
        cut(position, view);
      }
      return true;
    }

    private void cut(long to, LakeCoverage.View view) {
      long arrival =
          earliestArrival == Long.MAX_VALUE ? settings.clock().millis() : earliestArrival;
      offer(builder.build(to, view.seen(id).within(stands, to)), arrival, Mark.Position.at(to));
      standAt(to);
    }

    void standAt(long offset) {
      stands = offset;
      // Not the old one's memory: of thousands of partitions each would keep its largest batch's.
      builder = new RawBatch.Builder(id, offset);
      earliestArrival = Long.MAX_VALUE;
      since = null;
    }
  }

  KafkaReader(
      BatchSource source,
      KafkaSettings kafka,
      ReadSettings settings,
      LakeWatch watch,
      @Nullable Mark mark) {
    super(source, settings, watch);
    this.source = source;
    this.kafka = kafka;
    this.mark = mark;
    this.admin = KafkaClients.admin(kafka);
    this.consumer = KafkaClients.consumer(kafka);
  }

  @Override
  protected void open(LakeCoverage.View view) {
    KafkaTopic described = KafkaTopic.describe(kafka, admin);
    described.check(view);
    topic = described;
    askedAt = settings.clock().instant();
    try {
      begin(described, view);
    } catch (KafkaException failure) {
      throw KafkaFailures.atStart(kafka, failure);
    }
  }

  /** Takes up the split's partitions that are not read yet. */
  private void begin(KafkaTopic described, LakeCoverage.View view) {
    List<Integer> fresh = new ArrayList<>();
    for (int number = 0; number < described.partitions(); number++) {
      if (source.owns(number) && !partitions.containsKey(number)) {
        fresh.add(number);
      }
    }
    if (fresh.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> beginnings =
        consumer.beginningOffsets(fresh.stream().map(described::partition).toList());
    Map<Integer, KafkaTopic.Start> starts = new TreeMap<>();
    for (int number : fresh) {
      PartitionId id = described.id(number);
      Mark.Position marked = mark == null ? null : mark.positions().get(id);
      long wanted = view.next(id);
      if (marked != null) {
        wanted = mark.ofThisRun() ? marked.next() : Math.min(marked.next(), wanted);
        positions.put(id, Mark.Position.at(wanted));
      }
      KafkaTopic.Start start =
          described.start(
              number,
              wanted,
              beginnings.getOrDefault(described.partition(number), 0L),
              view,
              watch.lake());
      starts.put(number, start);
      partitions.put(number, new Partition(id, described.partition(number), start));
    }
    Map<TopicPartition, Long> stood = new HashMap<>();
    for (TopicPartition assigned : consumer.assignment()) {
      stood.put(assigned, consumer.position(assigned));
    }
    consumer.assign(partitions.values().stream().map(each -> each.name).toList());
    stood.forEach(consumer::seek);
    starts.forEach((number, start) -> consumer.seek(described.partition(number), start.seek()));
    starts.forEach((number, start) -> LOG.info("{}/{} read from {}", kafka, number, start.seek()));
  }

  @Override
  protected boolean read(LakeCoverage.View view) {
    watchTopic(view);
    if (partitions.isEmpty()) {
      LockSupport.parkNanos(POLL.toNanos());
      return false;
    }
    try {
      ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(POLL);
      boolean moved = false;
      for (Partition partition : partitions.values()) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> each : records.records(partition.name)) {
          partition.add(each, view);
        }
        moved |= partition.passed(consumer.position(partition.name), view);
      }
      return moved;
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (RetriableException passing) {
      warnOnce(passing);
      return false;
    } catch (KafkaException failure) {
      checkIdentity(view);
      throw KafkaFailures.whileReading(kafka, failure);
    }
  }

  /** Before a failure is reported as such: a topic created anew is the better explanation. */
  private void checkIdentity(LakeCoverage.View view) {
    KafkaTopic now = KafkaTopic.describe(kafka, admin);
    now.check(view);
    KafkaTopic before = topic;
    if (before != null && !before.identity().equals(now.identity())) {
      throw KafkaFailures.recreated(kafka, before.identity(), now.identity());
    }
  }

  /** Asks for the topic from time to time, without waiting for the answer. */
  private void watchTopic(LakeCoverage.View view) {
    Future<TopicDescription> pending = asked;
    if (pending == null) {
      Instant now = settings.clock().instant();
      if (!now.isBefore(askedAt.plus(kafka.checkEvery()))) {
        askedAt = now;
        asked = admin.describeTopics(List.of(kafka.topic())).topicNameValues().get(kafka.topic());
      }
      return;
    }
    if (!pending.isDone()) {
      return;
    }
    asked = null;
    try {
      TopicDescription found = pending.get();
      unknownInARow = 0;
      if (silent) {
        silent = false;
        LOG.info("Kafka answers again for {}", kafka);
      }
      KafkaTopic before = topic;
      if (before == null) {
        return;
      }
      String cluster = before.identity().substring(0, before.identity().lastIndexOf(':') + 1);
      KafkaTopic now = new KafkaTopic(kafka, cluster + found.topicId(), found.partitions().size());
      if (!now.identity().equals(before.identity())) {
        throw KafkaFailures.recreated(kafka, before.identity(), now.identity());
      }
      now.check(view);
      begin(now, view);
      topic = now;
    } catch (ExecutionException failure) {
      if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
        warnOnce(failure.getCause());
      } else if (++unknownInARow > 1) {
        // Once may be a broker that has just started.
        throw KafkaFailures.atStart(kafka, failure.getCause());
      }
    } catch (RetriableException passing) {
      warnOnce(passing);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void warnOnce(@Nullable Throwable cause) {
    if (!silent) {
      silent = true;
      LOG.warn("Kafka does not answer for {} ({}); still trying", kafka, String.valueOf(cause));
    }
  }

  @Override
  protected void compare(LakeCoverage.View view) {
    KafkaTopic known = topic;
    if (known == null) {
      return;
    }
    known.check(view);
    for (Map.Entry<Integer, Partition> entry : partitions.entrySet()) {
      Partition partition = entry.getValue();
      Mark.Position handedOut = positions.get(partition.id);
      long next = view.next(partition.id);
      boolean above = handedOut != null && handedOut.next() > next;
      if (watch.stoodStill(partition.id, above, next)) {
        LOG.warn(
            "The lake has stood still at offset {} of {} for {}; reading again from there",
            next,
            partition.id,
            settings.rereadAfter());
        SourceCounters.WENT_BACK.inc();
        goBack(partition, next);
      }
    }
  }

  private void goBack(Partition partition, long next) {
    long beginning;
    try {
      beginning =
          consumer.beginningOffsets(List.of(partition.name)).getOrDefault(partition.name, 0L);
    } catch (RetriableException passing) {
      // The next time that the lake has stood still for so long.
      warnOnce(passing);
      return;
    }
    if (beginning > Math.max(next, partition.emptyBelow)) {
      throw KafkaFailures.offsetsGone(kafka, partition.name, next, beginning);
    }
    withdraw(partition.id);
    partition.standAt(next);
    consumer.seek(partition.name, Math.max(next, beginning));
    positions.put(partition.id, Mark.Position.at(next));
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }
}
