package clicklake.io.kafka;

import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads planned ranges. A range ends when the consumer's position reaches its end, with or without
 * a record there: a tail of aborted records and markers is passed over too.
 */
final class ReadRangeFn extends DoFn<KafkaRange, RawBatch> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ReadRangeFn.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(20);

  private final KafkaSettings settings;
  private final ReadSettings reading;
  private final Clock clock;
  private transient @Nullable Consumer<ByteBuffer, ByteBuffer> consumer;

  ReadRangeFn(KafkaSettings settings, ReadSettings reading) {
    this.settings = settings;
    this.reading = reading;
    this.clock = reading.clock();
  }

  @ProcessElement
  public void read(@Element KafkaRange range, OutputReceiver<RawBatch> out) {
    long stands = range.from();
    RawBatch.Builder builder = new RawBatch.Builder(range.partition(), stands);
    if (range.readFrom() < range.to()) {
      TopicPartition partition =
          new TopicPartition(range.partition().source(), range.partition().number());
      Consumer<ByteBuffer, ByteBuffer> from = consumer();
      try {
        from.assign(List.of(partition));
        from.seek(partition, range.readFrom());
        long position = range.readFrom();
        Instant movedAt = clock.instant();
        boolean warned = false;
        while (position < range.to()) {
          for (ConsumerRecord<ByteBuffer, ByteBuffer> each : from.poll(POLL)) {
            if (each.offset() >= range.to()) {
              break;
            }
            add(builder, each, reading);
            if (builder.size() >= reading.batchBytes()) {
              long to = each.offset() + 1;
              out.output(builder.build(to, range.seen().within(stands, to)));
              stands = to;
            }
          }
          long now = from.position(partition);
          Instant time = clock.instant();
          if (now > position) {
            position = now;
            movedAt = time;
          } else if (time.isAfter(movedAt.plus(settings.patience()))) {
            throw KafkaFailures.stuck(settings, partition, position, range.to());
          } else if (!warned && time.isAfter(movedAt.plus(WORTH_A_WARNING))) {
            warned = true;
            LOG.warn("Kafka gives nothing of {} above {}; still trying", partition, position);
          }
        }
      } catch (KafkaException failure) {
        throw KafkaFailures.whileReading(settings, failure);
      }
    }
    if (stands < range.to()) {
      out.output(builder.build(range.to(), range.seen().within(stands, range.to())));
    }
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

  @Teardown
  public void close() {
    Consumer<ByteBuffer, ByteBuffer> open = consumer;
    consumer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
