package clicklake.io.kafka;

import clicklake.io.SourceException;
import clicklake.io.source.BatchReader;
import clicklake.io.source.BatchSource;
import clicklake.io.source.InFlightTracker;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
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

/*
 * A poll moves the consumer past the records that it returns, and the next batch covers everything
 * below the consumer's position. So each partition remembers up to which offset polled records were
 * batched. Unless the last poll was batched to its end, the consumer seeks to that offset before the
 * next poll: whatever throws in between, the records come again.
 */
/**
 * Reads one split of a topic with a consumer of its own.
 *
 * <p>A batch's offset range ends at the consumer's position after the poll, so that it also covers
 * offsets without a record, trailing ones included. A range is stamped over batched records only.
 * Records that bronze holds, silver has not decided and the broker no longer has are taken from
 * bronze. A broker that is away is waited for. If the position of one partition cannot be read, the
 * other partitions are still read.
 */
final class KafkaReader extends BatchReader {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(20);

  private final BatchSource source;
  private final KafkaSettings kafka;
  private final @Nullable ReaderCheckpoint checkpoint;
  private final KafkaTopics topics;
  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final Map<Integer, Partition> partitions = new TreeMap<>();
  private @Nullable KafkaTopic topic;
  private Instant askedAt = Instant.MIN;
  private @Nullable Future<TopicDescription> asked;
  private int unknownInARow;
  private boolean silent;

  /** Whether the consumer lacks partitions that are to be read. */
  private boolean unassigned;

  /** Whether a poll was not batched to its end: the consumer may stand anywhere. */
  private boolean adrift;

  /** A partition and the batch that is being filled. */
  private final class Partition {
    final SourcePartition id;
    final TopicPartition name;

    /** Where the batch begins. */
    long stands;

    /** All that was polled below is in the batch; what was not polled there is no record. */
    long takenOver;

    /** The broker's first offset when it was last asked. */
    long beginning;

    /** Whether the consumer has to seek to the end of the batched records. */
    boolean astray = true;

    /** Whether adding to the batch or offering it was broken off. */
    boolean torn;

    RawBatch.Builder builder;
    long earliestArrival = Long.MAX_VALUE;
    @Nullable Instant since;
    @Nullable Instant blindSince;

    Partition(SourcePartition id, TopicPartition name, KafkaTopic.Start start, long beginning) {
      this.id = id;
      this.name = name;
      this.stands = start.stands();
      this.takenOver = start.seek();
      this.beginning = beginning;
      this.builder = new RawBatch.Builder(id, stands);
    }

    void add(ConsumerRecord<ByteBuffer, ByteBuffer> each, LakeCoverage.View view) {
      if (each.offset() < takenOver) {
        return;
      }
      torn = true;
      KafkaRangeFn.add(builder, each, settings);
      torn = false;
      takenOver = each.offset() + 1;
      earliestArrival = Math.min(earliestArrival, each.timestamp());
      if (builder.size() >= settings.batchBytes()) {
        cut(takenOver, view);
      }
    }

    /** Ends the batch where the consumer stands, if it has waited long enough. */
    boolean passed(long position, LakeCoverage.View view) {
      takenOver = Math.max(takenOver, position);
      if (takenOver <= stands) {
        return false;
      }
      Instant now = settings.clock().instant();
      Instant began = since;
      if (began == null) {
        since = now;
        began = now;
      }
      if (!now.isBefore(began.plus(settings.linger()))) {
        cut(takenOver, view);
      }
      return true;
    }

    private void cut(long to, LakeCoverage.View view) {
      long arrival = earliestArrival;
      // Until the batch is offered, whatever throws makes its records come again.
      torn = true;
      RawBatch read = builder.build(to, view.seen(id).within(stands, to));
      RawBatch batch = BronzeFill.fill(read, tracker.lake(), settings.batchBytes());
      if (!read.bronzeCovered().isEmpty()) {
        arrival = BronzeFill.earliestArrival(batch);
      }
      offer(
          batch,
          arrival == Long.MAX_VALUE ? settings.clock().millis() : arrival,
          ReaderCheckpoint.Position.at(batch.to()));
      torn = false;
      standAt(batch.to());
      if (batch.to() < to) {
        // Bronze holds more than fits into a batch; what was polled above comes again.
        goTo(batch.to());
      }
    }

    /** Offers a batch of what only bronze can have: the broker begins above. */
    boolean takeFromBronze(LakeCoverage.View view) {
      mend();
      if (stands >= beginning || builder.size() > 0) {
        return false;
      }
      OffsetRanges below = OffsetRanges.of(stands, beginning);
      RawBatch.Seen seen = view.seen(id);
      OffsetRanges undecided = seen.bronze().minus(seen.silver()).intersection(below);
      if (undecided.isEmpty()) {
        return false;
      }
      // Not all at once: each look reads the files that may hold one of the positions.
      cut(Math.min(beginning, undecided.first() + kafka.offsetsPerRange()), view);
      return true;
    }

    /** Reads from an offset on, as far as the broker has it. */
    void goTo(long offset) {
      takenOver = Math.max(offset, beginning);
      astray = true;
    }

    /** Gives up a batch that was broken off; its records come again. */
    private void mend() {
      if (torn) {
        standAt(stands);
        goTo(stands);
      }
    }

    /** Has the consumer seek to the end of the batched records. */
    void place() {
      mend();
      consumer.seek(name, takenOver);
      astray = false;
    }

    void standAt(long offset) {
      stands = offset;
      // Not the old one's memory: of thousands of partitions each would keep its largest batch's.
      builder = new RawBatch.Builder(id, offset);
      torn = false;
      earliestArrival = Long.MAX_VALUE;
      since = null;
    }
  }

  KafkaReader(
      BatchSource source,
      KafkaSettings kafka,
      ReadSettings settings,
      InFlightTracker tracker,
      @Nullable ReaderCheckpoint checkpoint) {
    this(
        source,
        kafka,
        settings,
        tracker,
        checkpoint,
        KafkaTopics.of(kafka),
        KafkaClients.consumer(kafka));
  }

  /** With clients of the caller's, which the reader closes. */
  KafkaReader(
      BatchSource source,
      KafkaSettings kafka,
      ReadSettings settings,
      InFlightTracker tracker,
      @Nullable ReaderCheckpoint checkpoint,
      KafkaTopics topics,
      Consumer<ByteBuffer, ByteBuffer> consumer) {
    super(source, settings, tracker);
    this.source = source;
    this.kafka = kafka;
    this.checkpoint = checkpoint;
    this.topics = topics;
    this.consumer = consumer;
  }

  @Override
  protected void open(LakeCoverage.View view) {
    if (checkpoint != null && checkpoint.ofThisRun()) {
      // The runner only reopens a reader of a job that runs: what is away is waited for.
      positions.putAll(checkpoint.positions());
      connectIfAnswered(view);
    } else {
      connect(view);
    }
  }

  private void connect(LakeCoverage.View view) {
    KafkaTopic described = topics.describe();
    described.check(view);
    askedAt = settings.clock().instant();
    try {
      begin(described, view);
    } catch (KafkaException failure) {
      throw KafkaFailures.atStart(kafka, failure);
    }
    topic = described;
  }

  private boolean connectIfAnswered(LakeCoverage.View view) {
    try {
      connect(view);
      return true;
    } catch (SourceException failure) {
      if (!KafkaFailures.isPassing(failure.getCause())) {
        throw failure;
      }
      warnOnce(failure.getCause());
      return false;
    }
  }

  /** Takes up the split's partitions that are not read yet; the next poll assigns them. */
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
    Map<Integer, Partition> begun = new TreeMap<>();
    Map<SourcePartition, ReaderCheckpoint.Position> from = new TreeMap<>();
    for (int number : fresh) {
      SourcePartition id = described.id(number);
      ReaderCheckpoint.Position reached =
          checkpoint == null ? null : checkpoint.positions().get(id);
      long wanted = view.next(id);
      if (reached != null) {
        wanted = checkpoint.ofThisRun() ? reached.next() : Math.min(reached.next(), wanted);
        from.put(id, ReaderCheckpoint.Position.at(wanted));
      }
      TopicPartition name = described.partition(number);
      long beginning = beginnings.getOrDefault(name, 0L);
      if (wanted == 0 && !KafkaTopic.isKnown(view, id)) {
        tracker.firstCame(id, beginning);
        // Below where the broker began when this process first came nothing is lost; above it a
        // reader before this one has handed out records.
        described.requireNoGap(number, tracker.emptyBelow(id), beginning, view);
      }
      KafkaTopic.Start start = described.start(number, wanted, beginning, view);
      begun.put(number, new Partition(id, name, start, beginning));
    }
    positions.putAll(from);
    partitions.putAll(begun);
    unassigned = true;
    begun.forEach(
        (number, partition) -> LOG.info("{}/{} read from {}", kafka, number, partition.takenOver));
  }

  @Override
  protected boolean read(LakeCoverage.View view) {
    if (topic == null && !connectIfAnswered(view)) {
      return false;
    }
    watchTopic(view);
    if (partitions.isEmpty()) {
      LockSupport.parkNanos(POLL.toNanos());
      return false;
    }
    for (Partition partition : partitions.values()) {
      if (partition.takeFromBronze(view)) {
        return true;
      }
    }
    try {
      placeConsumer();
      adrift = true;
      ConsumerRecords<ByteBuffer, ByteBuffer> records = consumer.poll(POLL);
      for (Partition partition : partitions.values()) {
        for (ConsumerRecord<ByteBuffer, ByteBuffer> each : records.records(partition.name)) {
          if (!partition.astray) {
            partition.add(each, view);
          }
        }
      }
      adrift = false;
      boolean moved = false;
      for (Partition partition : partitions.values()) {
        if (!partition.astray) {
          moved |= partition.passed(position(partition), view);
        }
      }
      return moved;
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (RetriableException passing) {
      warnOnce(passing);
      return false;
    } catch (KafkaException failure) {
      checkIdentity(view, failure);
      throw KafkaFailures.whileReading(kafka, failure);
    }
  }

  /** Has the consumer read all partitions, each from the end of its batched records. */
  private void placeConsumer() {
    if (unassigned) {
      // Partitions that it reads already stay where they are.
      consumer.assign(partitions.values().stream().map(each -> each.name).toList());
      unassigned = false;
    }
    for (Partition partition : partitions.values()) {
      if (adrift || partition.astray || partition.torn) {
        partition.place();
      }
    }
    adrift = false;
  }

  /** The consumer's position; if it cannot be read, the end of the batched records. */
  private long position(Partition partition) {
    try {
      // Without waiting: polls bring about what it needs, and others are to be read meanwhile.
      long position = consumer.position(partition.name, Duration.ZERO);
      partition.blindSince = null;
      return position;
    } catch (RetriableException passing) {
      Instant now = settings.clock().instant();
      Instant since = partition.blindSince;
      if (since == null) {
        partition.blindSince = now;
      } else if (now.isAfter(since.plus(WORTH_A_WARNING))) {
        warnOnce(passing);
      }
      return partition.takenOver;
    }
  }

  /** Before a failure is reported as such: a recreated topic is the better explanation. */
  private void checkIdentity(LakeCoverage.View view, KafkaException failure) {
    KafkaTopic now;
    try {
      now = topics.describe();
    } catch (SourceException noAnswer) {
      failure.addSuppressed(noAnswer);
      return;
    }
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
        asked = topics.ask();
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
      KafkaTopic now = before.as(found);
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
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (RetriableException passing) {
      warnOnce(passing);
    } catch (KafkaException failure) {
      throw KafkaFailures.whileReading(kafka, failure);
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
      ReaderCheckpoint.Position handedOut = positions.get(partition.id);
      long next = view.next(partition.id);
      boolean above = handedOut != null && handedOut.next() > next;
      if (tracker.stoodStill(partition.id, above, next)) {
        LOG.warn(
            "The lake has stood still at offset {} of {} for {}; reading again from there",
            next,
            partition.id,
            settings.rereadAfter());
        SourceCounters.WENT_BACK.inc();
        goBack(known, partition, next, view);
      }
    }
  }

  private void goBack(KafkaTopic known, Partition partition, long next, LakeCoverage.View view) {
    long beginning;
    try {
      beginning =
          consumer.beginningOffsets(List.of(partition.name)).getOrDefault(partition.name, 0L);
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (RetriableException passing) {
      // The next time that the lake has stood still for so long.
      warnOnce(passing);
      return;
    } catch (KafkaException failure) {
      throw KafkaFailures.whileReading(kafka, failure);
    }
    known.requireNoGap(
        partition.id.number(), Math.max(next, tracker.emptyBelow(partition.id)), beginning, view);
    withdraw(partition.id);
    partition.beginning = Math.max(partition.beginning, beginning);
    partition.standAt(next);
    partition.goTo(next);
    positions.put(partition.id, ReaderCheckpoint.Position.at(next));
  }

  @Override
  public void close() {
    consumer.close(Duration.ZERO);
    topics.close();
  }
}
