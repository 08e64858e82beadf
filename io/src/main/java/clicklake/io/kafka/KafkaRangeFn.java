package clicklake.io.kafka;

import clicklake.io.SourceException;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads planned ranges. A range ends when the consumer's position reaches its end, with or without
 * a record there, so a tail of aborted records and markers is covered too. Before and after, the
 * topic must be the one that was planned for. Records that only bronze has are taken from bronze. A
 * broker that does not answer is waited for, up to {@link KafkaSettings#stallTimeout()}.
 */
final class KafkaRangeFn extends DoFn<KafkaRange, RawBatch> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(KafkaRangeFn.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(20);

  private final KafkaSettings settings;
  private final ReadSettings reading;
  private final Clock clock;
  private final LakeCoverage lake;
  private transient @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;
  private transient @Nullable KafkaTopics topics;

  KafkaRangeFn(KafkaSettings settings, ReadSettings reading, LakeCoverage lake) {
    this.settings = settings;
    this.reading = reading;
    this.clock = reading.clock();
    this.lake = lake;
  }

  @ProcessElement
  public void read(@Element KafkaRange range, OutputReceiver<RawBatch> out) {
    if (range.readFrom() >= range.to()) {
      RawBatch.Builder nothing = new RawBatch.Builder(range.partition(), range.from());
      handOn(nothing.build(range.to(), range.seen()), out);
      return;
    }
    requireSameTopic(range);
    try {
      readFromBroker(range, out);
    } catch (KafkaException failure) {
      throw KafkaFailures.whileReading(settings, failure);
    }
    requireSameTopic(range);
  }

  private void readFromBroker(KafkaRange range, OutputReceiver<RawBatch> out) {
    TopicPartition partition =
        new TopicPartition(range.partition().source(), range.partition().number());
    Consumer<ByteBuffer, ByteBuffer> from = consumer();
    long stands = range.from();
    RawBatch.Builder builder = new RawBatch.Builder(range.partition(), stands);
    // The consumer's position, as far as its records are batched.
    long position = range.readFrom();
    boolean placed = false;
    Waiting waiting = new Waiting(partition, range.to());
    while (position < range.to()) {
      long before = position;
      ConsumerRecords<ByteBuffer, ByteBuffer> polled = ConsumerRecords.empty();
      try {
        if (!placed) {
          from.assign(List.of(partition));
          from.seek(partition, position);
        }
        // Until its records are batched the consumer's position is not known.
        placed = false;
        polled = from.poll(POLL);
        placed = true;
      } catch (RetriableException passing) {
        waiting.met(passing);
      }
      for (ConsumerRecord<ByteBuffer, ByteBuffer> each : polled) {
        if (each.offset() >= range.to()) {
          break;
        }
        add(builder, each, reading);
        position = each.offset() + 1;
        if (builder.size() >= reading.batchBytes()) {
          handOn(builder.build(position, range.seen().within(stands, position)), out);
          stands = position;
        }
      }
      if (placed) {
        try {
          position = Math.max(position, from.position(partition));
        } catch (RetriableException passing) {
          waiting.met(passing);
        }
      }
      waiting.at(position, position > before);
    }
    if (stands < range.to()) {
      handOn(builder.build(range.to(), range.seen().within(stands, range.to())), out);
    }
  }

  /** Hands on a batch, with what bronze holds at its holes. */
  private void handOn(RawBatch batch, OutputReceiver<RawBatch> out) {
    RawBatch filled = BronzeFill.fill(batch, lake, reading.batchBytes());
    out.output(filled);
    while (filled.to() < batch.to()) {
      filled =
          BronzeFill.fill(BronzeFill.startingAt(batch, filled.to()), lake, reading.batchBytes());
      out.output(filled);
    }
  }

  /** How long a range has given nothing. */
  private final class Waiting {
    private final TopicPartition partition;
    private final long to;
    private Instant movedAt = clock.instant();
    private @Nullable RetriableException last;
    private boolean warned;

    Waiting(TopicPartition partition, long to) {
      this.partition = partition;
      this.to = to;
    }

    void met(RetriableException passing) {
      last = passing;
    }

    void at(long position, boolean moved) {
      Instant time = clock.instant();
      if (moved) {
        movedAt = time;
        last = null;
      } else if (time.isAfter(movedAt.plus(settings.stallTimeout()))) {
        throw KafkaFailures.stuck(settings, partition, position, to, last);
      } else if (!warned && time.isAfter(movedAt.plus(WORTH_A_WARNING))) {
        warned = true;
        LOG.warn("Kafka gives nothing of {} above {}; still trying", partition, position);
      }
    }
  }

  /** A topic made under the same name since the plan gives other records at these offsets. */
  private void requireSameTopic(KafkaRange range) {
    Instant since = clock.instant();
    while (true) {
      try {
        String found = topics().describe().identity();
        if (!found.equals(range.partition().identity())) {
          throw KafkaFailures.recreated(settings, range.partition().identity(), found);
        }
        return;
      } catch (SourceException failure) {
        if (!KafkaFailures.isPassing(failure.getCause())
            || clock.instant().isAfter(since.plus(settings.stallTimeout()))) {
          throw failure;
        }
        LOG.warn("Kafka does not answer for {} ({}); still trying", settings, failure.getMessage());
      }
    }
  }

  /** Makes it use clients of the caller's, which it closes. */
  KafkaRangeFn with(Consumer<ByteBuffer, ByteBuffer> ofCaller, KafkaTopics topicsOfCaller) {
    consumer = ofCaller;
    topics = topicsOfCaller;
    return this;
  }

  /** Adds a record; of one whose value is above the limit only the head. */
  static void add(
      RawBatch.Builder builder, ConsumerRecord<ByteBuffer, ByteBuffer> each, ReadSettings reading) {
    ByteBuffer value = each.value();
    if (value != null && value.remaining() > reading.maxKeptBytes()) {
      MessageDigest sha256 = RawBatch.sha256();
      sha256.update(value.duplicate());
      builder.addHead(
          each.offset(),
          each.timestamp(),
          each.key(),
          HeadersJson.write(each.headers()),
          value.slice(value.position(), reading.headBytes()),
          value.remaining(),
          sha256.digest());
      return;
    }
    builder.add(
        each.offset(),
        each.timestamp(),
        each.key(),
        HeadersJson.write(each.headers()),
        each.value());
  }

  private Consumer<ByteBuffer, ByteBuffer> consumer() {
    Consumer<ByteBuffer, ByteBuffer> open = consumer;
    if (open == null) {
      open = KafkaClients.consumer(settings);
      consumer = open;
    }
    return open;
  }

  private KafkaTopics topics() {
    KafkaTopics open = topics;
    if (open == null) {
      open = KafkaTopics.of(settings);
      topics = open;
    }
    return open;
  }

  @Teardown
  public void close() {
    Consumer<ByteBuffer, ByteBuffer> open = consumer;
    consumer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
    KafkaTopics asked = topics;
    topics = null;
    if (asked != null) {
      asked.close();
    }
  }
}
