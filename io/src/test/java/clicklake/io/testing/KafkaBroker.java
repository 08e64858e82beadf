package clicklake.io.testing;

import clicklake.io.broker.LocalBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker (KRaft, one node) in a child process, for tests.
 *
 * <p>It listens on two free ports of 127.0.0.1 and keeps its data in a folder of its own; both stay
 * the same however often it is stopped, killed and started, until {@link #close()}. Topics are made
 * explicitly and keep their records for ever ({@code retention.ms=-1}: test records carry old
 * timestamps); timestamps may also lie in the future, and records may have 16 MiB.
 *
 * <p>{@link #shared()} is the one to use unless a test wants a broker to itself. Calls wait at most
 * 30 seconds for the broker.
 */
public final class KafkaBroker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** States without markers still to come; EMPTY is that of a transaction without records. */
  private static final Set<TransactionState> MARKED =
      EnumSet.of(
          TransactionState.EMPTY,
          TransactionState.COMPLETE_COMMIT,
          TransactionState.COMPLETE_ABORT);

  private static final AtomicInteger NAMES = new AtomicInteger();

  private static @Nullable KafkaBroker shared;

  private final Path folder;
  private final LocalBroker broker;
  private @Nullable Admin admin;

  private KafkaBroker(Path folder, List<LocalBroker.Listener> more)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.broker = LocalBroker.startNew(ServiceClassPath.of("kafka-broker"), folder, more);
  }

  /**
   * The broker of this test JVM: started at the first call, stopped when the JVM ends, and started
   * again if a test left it down. Tests share it by giving their topics names of their own ({@link
   * #newTopic}).
   */
  public static synchronized KafkaBroker shared() {
    KafkaBroker broker = shared;
    if (broker == null) {
      broker = startNew();
      shared = broker;
      Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "close-shared-kafka"));
    } else {
      broker.start();
    }
    return broker;
  }

  /** Formats and starts a broker of the caller's own, who closes it. Takes about four seconds. */
  public static KafkaBroker startNew() {
    return startNew(List.of());
  }

  /** The same with further listeners. */
  public static KafkaBroker startNew(List<LocalBroker.Listener> more) {
    try {
      Path folder = Files.createTempDirectory("clicklake-kafka-");
      try {
        return new KafkaBroker(folder, more);
      } catch (IOException | InterruptedException | RuntimeException | Error failure) {
        TemporaryFolder.delete(folder);
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start a Kafka broker", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while starting Kafka", interrupted);
    }
  }

  /** The address for clients, as {@code host:port}. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** The address of a further listener. */
  public String bootstrapServers(String listener) {
    return broker.bootstrapServers(listener);
  }

  /** Makes a user for listeners with SCRAM-SHA-512. */
  public void addUser(String name, String password) {
    result(
        admin()
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        name,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password)))
            .all());
  }

  /** From now on nobody but this user may do anything with a topic. */
  public void reserve(String topic, String user) {
    result(
        admin()
            .createAcls(
                List.of(
                    new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                        new AccessControlEntry(
                            "User:" + user, "*", AclOperation.ALL, AclPermissionType.ALLOW))))
            .all());
  }

  /** Starts the broker on the ports and data it had; does nothing when it runs. */
  public void start() {
    carryOut(broker::start);
  }

  /** Stops the broker in good order, with SIGTERM, and waits for its end. */
  public void stop() {
    carryOut(broker::stop);
  }

  /**
   * Ends the broker with SIGKILL. What it acknowledged is still there after the next {@link
   * #start()}, which takes about four seconds because the old session has to run out first.
   */
  public void kill9() {
    broker.kill9();
  }

  /** Whether the broker's process runs (or is suspended). */
  public boolean isAlive() {
    return broker.isAlive();
  }

  /** SIGSTOP: the broker answers nothing, but keeps its connections. */
  public void suspend() {
    ChildProcess.signal("STOP", broker.pid());
  }

  /** SIGCONT: a suspended broker goes on where it was. */
  public void resume() {
    ChildProcess.signal("CONT", broker.pid());
  }

  /** An admin client of this broker, closed with it. */
  public synchronized Admin admin() {
    Admin client = admin;
    if (client == null) {
      client =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers(),
                  AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  200));
      admin = client;
    }
    return client;
  }

  /** Makes a topic whose name begins with {@code prefix} and that no other test has. */
  public String newTopic(String prefix, int partitions) {
    String topic = prefix + "-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    createTopic(topic, partitions, Map.of());
    return topic;
  }

  /**
   * Makes a topic.
   *
   * @param configs topic settings, on top of {@code retention.ms=-1}
   * @return the id of the topic, which a topic of the same name made later does not share
   */
  public Uuid createTopic(String topic, int partitions, Map<String, String> configs) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("retention.ms", "-1");
    settings.putAll(configs);
    Uuid id =
        result(
            admin()
                .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .topicId(topic));
    // The controller knows the topic now; clients ask the broker, which hears of it a moment later.
    awaitDescription(topic, id, partitions);
    return id;
  }

  /** Deletes a topic and waits until the broker no longer knows it. */
  public void deleteTopic(String topic) {
    result(admin().deleteTopics(List.of(topic)).all());
    Awaitility.await("deletion of topic " + topic)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !result(admin().listTopics().names()).contains(topic));
  }

  /** Raises the number of a topic's partitions to {@code total}. */
  public void addPartitions(String topic, int total) {
    result(admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
    awaitDescription(topic, topicId(topic), total);
  }

  /** Deletes the records of a partition below {@code offset}, as retention would. */
  public void deleteRecordsBefore(String topic, int partition, long offset) {
    result(
        admin()
            .deleteRecords(
                Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
            .all());
  }

  /** The id of a topic. */
  public Uuid topicId(String topic) {
    return description(topic).topicId();
  }

  /** The id of the cluster, the same for all the broker's life. */
  public String clusterId() {
    return result(admin().describeCluster().clusterId());
  }

  /** The first offset of a partition that is still there. */
  public long earliestOffset(String topic, int partition) {
    return offset(topic, partition, OffsetSpec.earliest());
  }

  /** The offset behind a partition's last record, whether committed, aborted or a marker. */
  public long endOffset(String topic, int partition) {
    return offset(topic, partition, OffsetSpec.latest());
  }

  /**
   * Writes records outside any transaction and waits until the broker has all of them.
   *
   * @return where each record is, in the order given
   */
  public List<RecordMetadata> produce(List<ProducerRecord<byte[], byte[]>> records) {
    try (Producer<byte[], byte[]> producer = producer(Map.of())) {
      return send(producer, records);
    }
  }

  /** Begins a transaction, with a producer of its own. */
  public Transaction beginTransaction() {
    String id = "clicklake-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    Producer<byte[], byte[]> producer =
        producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
    try {
      producer.initTransactions();
      producer.beginTransaction();
    } catch (RuntimeException failure) {
      producer.close(Duration.ZERO);
      throw failure;
    }
    return new Transaction(id, producer);
  }

  /** Writes records in one transaction and commits it; the commit takes an offset per partition. */
  public List<RecordMetadata> produceCommitted(List<ProducerRecord<byte[], byte[]>> records) {
    try (Transaction transaction = beginTransaction()) {
      List<RecordMetadata> written = transaction.write(records);
      transaction.commit();
      return written;
    }
  }

  /**
   * Writes records in one transaction and aborts it: they and the abort marker take up offsets that
   * a reader of committed records never sees.
   */
  public List<RecordMetadata> produceAborted(List<ProducerRecord<byte[], byte[]>> records) {
    try (Transaction transaction = beginTransaction()) {
      List<RecordMetadata> written = transaction.write(records);
      transaction.abort();
      return written;
    }
  }

  /**
   * A transaction whose records are at the broker, but not yet decided. When {@link #commit()} or
   * {@link #abort()} returns, its markers are in the partitions: what is written next comes behind
   * them, readers see the decision, and it survives {@link #kill9()}.
   */
  public final class Transaction implements AutoCloseable {

    private final String id;
    private final Producer<byte[], byte[]> producer;
    private boolean open = true;

    private Transaction(String id, Producer<byte[], byte[]> producer) {
      this.id = id;
      this.producer = producer;
    }

    /** Writes records and waits until the broker has them. */
    public List<RecordMetadata> write(List<ProducerRecord<byte[], byte[]>> records) {
      return send(producer, records);
    }

    /** Makes the records visible to readers of committed records. */
    public void commit() {
      producer.commitTransaction();
      open = false;
      awaitMarkers();
    }

    /** Hides the records from readers of committed records for good. */
    public void abort() {
      producer.abortTransaction();
      open = false;
      awaitMarkers();
    }

    /** Aborts the transaction if it was not decided, and closes its producer. */
    @Override
    public void close() {
      try {
        if (open) {
          abort();
        }
      } finally {
        producer.close(PATIENCE);
      }
    }

    /** The producer returns when the decision is in the coordinator's log; markers follow later. */
    private void awaitMarkers() {
      Awaitility.await("markers of transaction " + id)
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  MARKED.contains(
                      result(admin().describeTransactions(List.of(id)).description(id)).state()));
    }
  }

  /** Every committed record of a topic up to now, by partition and offset. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    return readAll(topic, IsolationLevel.READ_COMMITTED);
  }

  /**
   * Every record of a topic up to now, by partition and offset. Read committed, "now" ends before
   * the first record of an undecided transaction.
   */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String topic, IsolationLevel isolation) {
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                isolation.toString(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, description(topic).partitions().size())
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition, PATIENCE) < ends.get(partition))) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "The Kafka broker did not hand out all of " + topic + " within " + PATIENCE);
        }
        consumer
            .poll(Duration.ofMillis(500))
            .forEach(
                polled -> {
                  // Records may be written while this reads; "now" was when it began.
                  if (polled.offset() < ends.get(new TopicPartition(topic, polled.partition()))) {
                    records.add(polled);
                  }
                });
      }
      records.sort(
          Comparator.<ConsumerRecord<byte[], byte[]>>comparingInt(ConsumerRecord::partition)
              .thenComparingLong(ConsumerRecord::offset));
      return records;
    }
  }

  /** Ends the broker, if it runs, and deletes its data. */
  @Override
  public void close() {
    broker.close();
    synchronized (this) {
      if (admin != null) {
        admin.close(Duration.ZERO);
      }
    }
    TemporaryFolder.delete(folder);
  }

  /** What the broker's process may refuse, as a failure of the test. */
  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private static void carryOut(Step step) {
    try {
      step.run();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for Kafka", interrupted);
    }
  }

  private Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LocalBroker.LARGEST_RECORD);
    all.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
    all.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static List<RecordMetadata> send(
      Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    for (ProducerRecord<byte[], byte[]> each : records) {
      sent.add(producer.send(each));
    }
    producer.flush();
    return sent.stream().map(KafkaBroker::result).toList();
  }

  private long offset(String topic, int partition, OffsetSpec which) {
    TopicPartition one = new TopicPartition(topic, partition);
    return result(admin().listOffsets(Map.of(one, which)).partitionResult(one)).offset();
  }

  private TopicDescription description(String topic) {
    return result(admin().describeTopics(List.of(topic)).topicNameValues().get(topic));
  }

  private void awaitDescription(String topic, Uuid id, int partitions) {
    Awaitility.await("topic " + topic + " with " + partitions + " partitions")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsMatching(
            failure -> failure.getCause() instanceof UnknownTopicOrPartitionException)
        .until(
            () -> {
              TopicDescription seen = description(topic);
              return seen.topicId().equals(id) && seen.partitions().size() == partitions;
            });
    // Known is not yet open: batches that one producer sends in between are taken out of order.
    for (int partition = 0; partition < partitions; partition++) {
      offset(topic, partition, OffsetSpec.latest());
    }
  }

  /** Waits for an answer. */
  static <T> T result(Future<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      throw new IllegalStateException("The Kafka broker refused: " + cause, cause);
    } catch (TimeoutException slow) {
      throw new IllegalStateException("The Kafka broker did not answer in " + PATIENCE, slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for Kafka", interrupted);
    }
  }
}
