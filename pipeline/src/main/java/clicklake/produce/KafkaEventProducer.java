package clicklake.produce;

import clicklake.io.Causes;
import clicklake.produce.EventGenerator.Kind;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.table.Backoff;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Sends a plan's records to a Kafka topic, keyed by user_id, with an idempotent producer and
 * acknowledgement by all replicas: when {@link #produce} returns, each record is in the topic once.
 * After a failure some of them are; sending the plan again then adds duplicates, which is what
 * pipelines must bear.
 *
 * <p>A user's records go to one partition, by the same hash as Kafka's own, but a duplicate goes to
 * another one than its original where there is another: pipelines must not rest on the two meeting.
 * Records have the broker's or producer's present time as timestamp, never the event's.
 */
public final class KafkaEventProducer {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private static final int ANSWER_MILLIS = 15_000;
  private static final long RECORDS_BETWEEN_REPORTS = 5_000;
  private static final long RECORDS_BETWEEN_PAUSES = 100;
  private static final List<Header> HEADERS =
      List.of(
          new RecordHeader("content-type", "application/json".getBytes(StandardCharsets.US_ASCII)));

  private final String bootstrapServers;
  private final String topic;
  private final int partitions;
  private final Map<String, String> clientSettings;
  private final Clock clock;

  /**
   * Where to send.
   *
   * @param partitions of the topic if it has to be made; one that is there keeps its own
   * @param clientSettings such as TLS and SASL, for every client; ours have precedence
   */
  public KafkaEventProducer(
      String bootstrapServers, String topic, int partitions, Map<String, String> clientSettings) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.partitions = partitions;
    this.clock = Clock.systemUTC();
    this.clientSettings = Map.copyOf(clientSettings);
  }

  /**
   * Sends everything and waits until it is acknowledged.
   *
   * @param plan in the form of values
   * @throws IOException if the brokers cannot be reached or refuse
   */
  public ProducedCounts produce(ProducePlan plan, RateLimiter pace, ProduceProgress progress)
      throws IOException, InterruptedException {
    if (plan.form() != ProducePlan.Form.VALUES) {
      throw new IllegalArgumentException("messages are values, not lines");
    }
    int targets = makeTopic();
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
      return send(plan, targets, producer, pace, progress);
    } catch (KafkaException e) {
      throw failed("write to", e);
    }
  }

  private ProducedCounts send(
      ProducePlan plan,
      int targets,
      Producer<byte[], byte[]> producer,
      RateLimiter pace,
      ProduceProgress progress)
      throws IOException, InterruptedException {
    AtomicReference<Exception> failure = new AtomicReference<>();
    EventGenerator generator = new EventGenerator(plan);
    Bytes value = new Bytes(4096);
    long sent = 0;
    long bytes = 0;
    for (Kind kind = generator.next(value);
        kind != Kind.END && failure.get() == null;
        kind = generator.next(value)) {
      generator.refuseFuture(clock);
      byte[] key = generator.key();
      int home = Utils.toPositive(Utils.murmur2(key)) % targets;
      // The callback reports what the future would.
      Future<RecordMetadata> unused =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  kind == Kind.DUPLICATE ? (home + 1) % targets : home,
                  key,
                  valueOf(value, sent),
                  HEADERS),
              (metadata, exception) -> {
                if (exception != null) {
                  failure.compareAndSet(null, exception);
                }
              });
      bytes += value.size();
      value.clear();
      sent++;
      if (sent % RECORDS_BETWEEN_PAUSES == 0) {
        pace.await(sent);
      }
      if (sent % RECORDS_BETWEEN_REPORTS == 0) {
        progress.produced(sent, plan.records(), bytes);
      }
    }
    producer.flush();
    if (failure.get() != null) {
      throw failed("write to", failure.get());
    }
    pace.await(sent);
    progress.produced(sent, plan.records(), bytes);
    return generator.counts();
  }

  /** Of the empty ones every other is null, as a deletion is. */
  private static byte @Nullable [] valueOf(Bytes value, long number) {
    return value.size() == 0 && number % 2 == 0 ? null : value.toByteArray();
  }

  /**
   * Makes the topic if it is absent; {@link #produce} does so too.
   *
   * @return how many partitions it has
   * @throws IOException if the brokers cannot be reached or refuse
   */
  public int makeTopic() throws IOException, InterruptedException {
    Map<String, Object> settings = new HashMap<>(clientSettings);
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    try (Admin admin = Admin.create(settings)) {
      try {
        return partitionsOf(admin);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
      try {
        admin
            .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
            .all()
            .get();
        awaitLeaders(admin, partitions);
        return partitions;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TopicExistsException) {
          // Somebody else was faster.
          return partitionsOf(admin);
        }
        throw e;
      }
    } catch (ExecutionException e) {
      throw failed("find or create", e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failed("find or create", e);
    }
  }

  private int partitionsOf(Admin admin) throws ExecutionException, InterruptedException {
    int count =
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size();
    awaitLeaders(admin, count);
    return count;
  }

  /**
   * Waits until every partition answers. A topic is known before its partitions are open; batches
   * of one producer that arrive just then may be taken out of order, and the first ones never. A
   * broker may not have heard of a topic that the controller has just made.
   */
  private void awaitLeaders(Admin admin, int count)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < count; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
    while (true) {
      try {
        admin.listOffsets(ends).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
      }
      Backoff.upTo(LOOK_AGAIN);
    }
  }

  private Map<String, Object> producerSettings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.putAll(clientSettings);
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    return settings;
  }

  private IOException failed(String what, Throwable cause) {
    return new IOException(
        "could not "
            + what
            + " the topic "
            + topic
            + " at "
            + bootstrapServers
            + ": "
            + Causes.deepest(cause).getMessage(),
        cause);
  }
}
