package clicklake.io.broker;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker (KRaft, one node) in a child process on this machine, for demonstrations and
 * tests: nothing listens beyond 127.0.0.1, and nothing is replicated.
 *
 * <p>It listens on two free ports and keeps its data in a folder of the caller's; both stay the
 * same however often it is stopped, killed and started. Topics are made explicitly and keep their
 * records for ever; timestamps may lie in the future, and records may have 16 MiB. It does not
 * outlive this JVM, unless that gets SIGKILL. Calls wait at most 30 seconds. Used by one thread at
 * a time.
 */
public final class LocalBroker implements AutoCloseable {
  /** Largest record, in bytes. */
  public static final int LARGEST_RECORD = 16 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_EVERY_MILLIS = 50;
  private static final int START_ATTEMPTS = 3;
  private static final int TAIL_LINES = 20;
  private static final String STARTED = "Kafka Server started";

  private final String classPath;
  private final Path folder;
  private final List<Listener> more;
  private final Map<String, Integer> morePorts = new LinkedHashMap<>();
  private final Thread killAtExit = new Thread(this::kill9, "kill-kafka-broker");
  private int port;
  private int starts;
  private volatile @Nullable Process process;

  /**
   * A further way to reach the broker, on a port of its own.
   *
   * @param name letters alone
   * @param protocol {@code SSL}, {@code SASL_SSL} or {@code SASL_PLAINTEXT}
   * @param properties of the broker for this listener, without {@code listener.name.<name>.}
   */
  public record Listener(String name, String protocol, Map<String, String> properties) {
    public Listener {
      properties = Map.copyOf(properties);
    }
  }

  private LocalBroker(String classPath, Path folder, List<Listener> more) {
    this.classPath = classPath;
    this.folder = folder;
    this.more = List.copyOf(more);
  }

  /**
   * Formats and starts a broker; takes about four seconds.
   *
   * @param classPath of a Kafka server
   * @param folder an empty folder for its data and logs; stays when the broker is closed
   * @throws IOException if it does not start; the message ends with the last lines of its log
   */
  public static LocalBroker startNew(String classPath, Path folder)
      throws IOException, InterruptedException {
    return startNew(classPath, folder, List.of());
  }

  /**
   * The same with further listeners. With any, access control lists are kept: without a list of its
   * own a resource is open to all, and who comes without a name may do everything.
   */
  public static LocalBroker startNew(String classPath, Path folder, List<Listener> more)
      throws IOException, InterruptedException {
    LocalBroker broker = new LocalBroker(classPath, folder, more);
    Runtime.getRuntime().addShutdownHook(broker.killAtExit);
    try {
      broker.choosePortsAndStart();
      return broker;
    } catch (IOException | InterruptedException | RuntimeException | Error failure) {
      broker.close();
      throw failure;
    }
  }

  private void choosePortsAndStart() throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(System.nanoTime());
    for (int attempt = 1; ; attempt++) {
      List<Integer> ports = FreePorts.find(2 + more.size(), random);
      port = ports.get(0);
      for (int i = 0; i < more.size(); i++) {
        morePorts.put(more.get(i).name(), ports.get(2 + i));
      }
      writeProperties(port, ports.get(1));
      if (attempt == 1) {
        format();
      }
      try {
        start();
        return;
      } catch (IOException failure) {
        // Another program may have taken a port since it was found free.
        boolean taken = log().stream().anyMatch(line -> line.contains("Address already in use"));
        if (!taken || attempt == START_ATTEMPTS) {
          throw failure;
        }
        kill9();
      }
    }
  }

  /** The address for clients, as {@code host:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /**
   * The address of a further listener.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public String bootstrapServers(String listener) {
    Integer found = morePorts.get(listener);
    if (found == null) {
      throw new IllegalArgumentException("no listener " + listener + " among " + morePorts);
    }
    return "127.0.0.1:" + found;
  }

  /** Whether the process runs (or is suspended). */
  public boolean isAlive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** The operating system's id of the process, of the last one if none runs. */
  public long pid() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("the Kafka broker was never started");
    }
    return current.pid();
  }

  /**
   * Starts the broker on the ports and data it had; does nothing when it runs.
   *
   * @throws IOException if it does not start; the message ends with the last lines of its log
   */
  public void start() throws IOException, InterruptedException {
    if (isAlive()) {
      return;
    }
    starts++;
    Process started = java("kafka.Kafka", logFile(), properties().toString());
    process = started;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (log().stream().noneMatch(line -> line.contains(STARTED))) {
      if (!started.isAlive()) {
        throw failure("ended while it started");
      }
      if (System.nanoTime() > deadline) {
        throw failure("did not start within " + PATIENCE.toSeconds() + " s");
      }
      started.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Stops the broker in good order, with SIGTERM, and waits for its end. */
  public void stop() throws IOException, InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("did not stop within " + PATIENCE.toSeconds() + " s");
      }
    }
  }

  /**
   * Ends the broker with SIGKILL, if it runs, and waits for its end. What it acknowledged is still
   * there after the next {@link #start()}, which takes about four seconds because the old session
   * has to run out first.
   */
  public void kill9() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
    }
  }

  /** What the broker said since its last start, line by line. */
  public List<String> log() throws IOException {
    return Files.exists(logFile())
        ? new String(Files.readAllBytes(logFile()), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  /** Kills the broker if it still runs. */
  @Override
  public void close() {
    kill9();
    try {
      Runtime.getRuntime().removeShutdownHook(killAtExit);
    } catch (IllegalStateException endingAlready) {
      // This JVM ends: the hook has nothing left to do.
    }
  }

  private IOException failure(String what) throws IOException {
    List<String> said = log();
    return new IOException(
        "the Kafka broker "
            + what
            + "; its log ends with:\n  "
            + String.join(
                "\n  ", said.subList(Math.max(0, said.size() - TAIL_LINES), said.size())));
  }

  private void format() throws IOException, InterruptedException {
    Path said = folder.resolve("format.log");
    Process format =
        java(
            "kafka.tools.StorageTool",
            said,
            "format",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            properties().toString());
    process = format;
    if (!format.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || format.exitValue() != 0) {
      format.destroyForcibly();
      throw new IOException(
          "could not format " + folder + " for a Kafka broker: " + Files.readString(said).strip());
    }
  }

  private Process java(String mainClass, Path output, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                // A broker that lives for a minute is up sooner without the optimising compiler.
                "-XX:TieredStopAtLevel=1",
                "-Djava.net.preferIPv4Stack=true",
                "-Dorg.apache.logging.log4j.level=INFO",
                "-cp",
                classPath,
                mainClass));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .start();
  }

  private Path logFile() {
    return folder.resolve("broker-" + starts + ".log");
  }

  private Path properties() {
    return folder.resolve("server.properties");
  }

  private void writeProperties(int clientPort, int controllerPort) throws IOException {
    StringBuilder listeners = new StringBuilder("CLIENTS://127.0.0.1:" + clientPort);
    StringBuilder protocols = new StringBuilder("CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
    List<String> further = new ArrayList<>();
    for (Listener one : more) {
      listeners.append(",").append(one.name()).append("://").append(bootstrapServers(one.name()));
      protocols.append(",").append(one.name()).append(":").append(one.protocol());
      String prefix = "listener.name." + one.name().toLowerCase(Locale.ROOT) + ".";
      one.properties().forEach((name, value) -> further.add(prefix + name + "=" + value));
    }
    if (!more.isEmpty()) {
      further.add("authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer");
      further.add("super.users=User:ANONYMOUS");
      further.add("allow.everyone.if.no.acl.found=true");
    }
    List<String> properties =
        List.of(
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
            "controller.listener.names=CONTROLLER",
            "listeners=" + listeners + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners=" + listeners,
            "inter.broker.listener.name=CLIENTS",
            "listener.security.protocol.map=" + protocols,
            "log.dirs=" + folder.resolve("data"),
            // After SIGKILL the restarted broker is let in when its old session has run out.
            "broker.session.timeout.ms=2000",
            "broker.heartbeat.interval.ms=300",
            "auto.create.topics.enable=false",
            "default.replication.factor=1",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "transaction.state.log.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "log.retention.ms=-1",
            "log.message.timestamp.after.max.ms=" + Long.MAX_VALUE,
            "message.max.bytes=" + LARGEST_RECORD,
            "socket.request.max.bytes=" + 4 * LARGEST_RECORD,
            "log.cleaner.dedupe.buffer.size=" + (4 << 20),
            "num.network.threads=2",
            "num.io.threads=2");
    Files.write(properties(), Stream.concat(properties.stream(), further.stream()).toList());
  }
}
