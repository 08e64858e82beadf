package clicklake.io.testing;

import clicklake.io.broker.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;

/**
 * Two real Kafka brokers (KRaft) in child processes, each with a copy of every partition, for tests
 * of what happens when a leader changes or hangs. The first is the controller as well, and led by
 * nobody; the second may be suspended for a minute without being taken for dead. Takes about eight
 * seconds to start.
 */
public final class KafkaPair implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  private final Path folder;
  private final List<Integer> ports;
  private final List<ChildProcess> nodes = new ArrayList<>();
  private final Admin admin;

  private KafkaPair(Path folder) throws IOException {
    this.folder = folder;
    ports = FreePorts.find(3, new SplittableRandom(System.nanoTime()));
    String cluster = Uuid.randomUuid().toString();
    for (int node = FIRST; node <= SECOND; node++) {
      Path properties = writeProperties(node);
      try (ChildProcess format =
          java(
              "kafka.tools.StorageTool",
              "format-" + node,
              "format",
              "-t",
              cluster,
              "-c",
              properties.toString())) {
        if (format.waitFor(PATIENCE) != 0) {
          throw new IOException("could not format a Kafka broker: " + format.output());
        }
      }
      nodes.add(java("kafka.Kafka", "broker-" + node, properties.toString()));
    }
    nodes.forEach(node -> node.awaitLine("Kafka Server started", PATIENCE));
    admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    Awaitility.await("two brokers")
        .atMost(PATIENCE)
        .until(() -> KafkaBroker.result(admin.describeCluster().nodes()).size() == 2);
  }

  /** Formats and starts the brokers. */
  public static KafkaPair startNew() {
    try {
      Path folder = Files.createTempDirectory("clicklake-kafka-pair-");
      try {
        return new KafkaPair(folder);
      } catch (IOException | RuntimeException | Error failure) {
        TemporaryFolder.delete(folder);
        throw failure;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start two Kafka brokers", failure);
    }
  }

  private ChildProcess java(String mainClass, String name, String... arguments) {
    return ChildProcess.java(mainClass)
        .name(name)
        .classPath(ServiceClassPath.of("kafka-broker"))
        .flags(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true",
            "-Dorg.apache.logging.log4j.level=INFO")
        .arguments(arguments)
        .log(folder.resolve(name + ".log"))
        .start();
  }

  private Path writeProperties(int node) throws IOException {
    int port = ports.get(node - FIRST);
    String controller = "127.0.0.1:" + ports.get(2);
    List<String> lines =
        new ArrayList<>(
            List.of(
                "node.id=" + node,
                "controller.quorum.voters=1@" + controller,
                "controller.listener.names=CONTROLLER",
                "inter.broker.listener.name=CLIENTS",
                "advertised.listeners=CLIENTS://127.0.0.1:" + port,
                "listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + folder.resolve("data-" + node),
                // A suspended broker stays the leader, but holds nobody's records up for long.
                "broker.session.timeout.ms=60000",
                "replica.lag.time.max.ms=1500",
                "replica.fetch.wait.max.ms=200",
                "auto.leader.rebalance.enable=false",
                "auto.create.topics.enable=false",
                "offsets.topic.replication.factor=1",
                "log.retention.ms=-1",
                "log.message.timestamp.after.max.ms=" + Long.MAX_VALUE,
                "num.network.threads=2",
                "num.io.threads=2"));
    if (node == FIRST) {
      lines.add("process.roles=broker,controller");
      lines.add("listeners=CLIENTS://127.0.0.1:" + port + ",CONTROLLER://" + controller);
    } else {
      lines.add("process.roles=broker");
      lines.add("listeners=CLIENTS://127.0.0.1:" + port);
    }
    return Files.write(folder.resolve("server-" + node + ".properties"), lines);
  }

  /** The addresses for clients. */
  public String bootstrapServers() {
    return "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1);
  }

  /** Makes a topic whose partitions are all led by the first broker. */
  public void createTopic(String topic, int partitions) {
    Map<Integer, List<Integer>> replicas = new TreeMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      replicas.put(partition, List.of(FIRST, SECOND));
    }
    KafkaBroker.result(admin.createTopics(List.of(new NewTopic(topic, replicas))).all());
    for (int partition = 0; partition < partitions; partition++) {
      awaitLeader(new TopicPartition(topic, partition), FIRST);
    }
  }

  /** Makes the second broker the leader of a partition, if {@code second}, or else the first. */
  public void lead(String topic, int partition, boolean second) {
    TopicPartition one = new TopicPartition(topic, partition);
    int leader = second ? SECOND : FIRST;
    Awaitility.await("both copies of " + one)
        .atMost(PATIENCE)
        .until(() -> inSync(one).equals(Set.of(FIRST, SECOND)));
    List<Integer> order = second ? List.of(SECOND, FIRST) : List.of(FIRST, SECOND);
    KafkaBroker.result(
        admin
            .alterPartitionReassignments(
                Map.of(one, Optional.of(new NewPartitionReassignment(order))))
            .all());
    Awaitility.await("order of copies of " + one)
        .atMost(PATIENCE)
        .until(
            () ->
                KafkaBroker.result(admin.listPartitionReassignments(Set.of(one)).reassignments())
                    .isEmpty());
    if (info(one).leader().id() != leader) {
      KafkaBroker.result(admin.electLeaders(ElectionType.PREFERRED, Set.of(one)).all());
    }
    awaitLeader(one, leader);
  }

  private void awaitLeader(TopicPartition partition, int leader) {
    Awaitility.await("leader of " + partition)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> info(partition).leader().id() == leader);
  }

  private Set<Integer> inSync(TopicPartition partition) {
    Set<Integer> nodes = new TreeSet<>();
    info(partition).isr().forEach(node -> nodes.add(node.id()));
    return nodes;
  }

  private TopicPartitionInfo info(TopicPartition partition) {
    return KafkaBroker.result(
            admin
                .describeTopics(List.of(partition.topic()))
                .topicNameValues()
                .get(partition.topic()))
        .partitions()
        .get(partition.partition());
  }

  /** SIGSTOP: the second broker answers nothing, but keeps its connections. */
  public void suspendSecond() {
    nodes.get(1).suspend();
  }

  /** SIGCONT: it goes on where it was. */
  public void resumeSecond() {
    nodes.get(1).resume();
  }

  /** Ends the brokers and deletes their data. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
    nodes.forEach(ChildProcess::close);
    TemporaryFolder.delete(folder);
  }
}
