package clicklake.io.testing;

import clicklake.io.broker.FreePorts;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;

/**
 * A standalone session cluster of Flink: a jobmanager and taskmanagers, each a child process, on
 * free ports of 127.0.0.1.
 *
 * <p>It runs on {@code runners/flink/conf/flink-conf.yaml}, with addresses, ports, folders and
 * small memory of its own. Every taskmanager has two slots. All share the local disk.
 */
public final class FlinkCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");
  private static final String OPENS = "env.java.opts.all";

  private final Path folder;
  private final String classPath = ServiceClassPath.of("flink-cluster");
  private final List<String> opens;
  private final int restPort;
  private final ChildProcess jobManager;
  private final ClusterStatus status;

  /** Those that were not killed, in the order of starting. */
  private final List<ChildProcess> taskManagers = new ArrayList<>();

  private int started;

  private FlinkCluster(Path folder) {
    this.folder = folder;
    List<Integer> ports = FreePorts.find(3, new SplittableRandom(System.nanoTime()));
    this.restPort = ports.get(0);
    Map<String, String> settings = settings(ports);
    this.opens = Arrays.asList(settings.getOrDefault(OPENS, "").split(" +"));
    write(settings);
    this.jobManager =
        java("org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "384m")
            .name("Flink jobmanager")
            .arguments("--configDir", folder.toString(), "--executionMode", "cluster")
            .log(folder.resolve("jobmanager.log"))
            .start();
    this.status = new ClusterStatus(restPort, jobManager);
  }

  /** Starts a cluster of the caller's own, who closes it; returns when all are registered. */
  public static FlinkCluster startNew(int taskManagers) {
    FlinkCluster cluster;
    try {
      cluster = new FlinkCluster(Files.createTempDirectory("clicklake-flink-"));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make a folder for the Flink cluster", failure);
    }
    try {
      for (int i = 0; i < taskManagers; i++) {
        cluster.launchTaskManager();
      }
      cluster.awaitTaskManagers();
      return cluster;
    } catch (RuntimeException | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  /** Where clients reach the jobmanager: {@code 127.0.0.1:port}, as {@code --flinkMaster} wants. */
  public String address() {
    return "127.0.0.1:" + restPort;
  }

  /**
   * {@code flink run}, not yet started: hands a jar and its arguments to the cluster and stays
   * until the job ends.
   */
  public ChildProcess.Builder run(Path jar, String... arguments) {
    return client("flink run").arguments("run", jar.toString()).arguments(arguments);
  }

  /** Starts one more taskmanager; returns when the cluster has exactly those that live. */
  public ChildProcess startTaskManager() {
    ChildProcess taskManager = launchTaskManager();
    awaitTaskManagers();
    return taskManager;
  }

  /** SIGKILL to the taskmanager that runs longest; returns when the process is gone. */
  public void killTaskManager() {
    taskManagers.remove(0).close();
  }

  /**
   * The state of every job that the cluster knows, by its id: {@code RUNNING}, {@code FAILED} ….
   */
  public Map<String, String> jobs() {
    try {
      Map<String, String> states = new LinkedHashMap<>();
      for (JsonNode job : status.ask("/jobs/overview").path("jobs")) {
        states.put(job.path("jid").asText(), job.path("state").asText());
      }
      return states;
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not ask the jobmanager for its jobs", failure);
    }
  }

  /** Cancels the jobs that run; returns when none does any more. */
  public void cancelJobs() {
    for (Map.Entry<String, String> job : jobs().entrySet()) {
      if (!ENDED.contains(job.getValue())) {
        try (ChildProcess client =
            client("flink cancel").arguments("cancel", job.getKey()).start()) {
          if (client.waitFor(PATIENCE) != 0) {
            throw client.failure("could not cancel " + job);
          }
        }
      }
    }
    Awaitility.await("the end of all jobs")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(() -> ENDED.containsAll(jobs().values()));
  }

  /**
   * How often the tasks of a job were started again, as the jobmanager said at most ten seconds
   * ago.
   */
  public long restarts(String job) {
    try {
      return status.ask("/jobs/" + job + "/metrics?get=numRestarts").path(0).path("value").asLong();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not ask the jobmanager for a job", failure);
    }
  }

  /** Ends all processes and deletes their files. */
  @Override
  public void close() {
    taskManagers.forEach(ChildProcess::close);
    jobManager.close();
    TemporaryFolder.delete(folder);
  }

  private ChildProcess launchTaskManager() {
    int number = started++;
    ChildProcess taskManager =
        java("org.apache.flink.runtime.taskexecutor.TaskManagerRunner", "768m")
            .name("Flink taskmanager " + number)
            .arguments("--configDir", folder.toString())
            .arguments("-D", "taskmanager.resource-id=taskmanager-" + number)
            .log(folder.resolve("taskmanager-" + number + ".log"))
            .start();
    taskManagers.add(taskManager);
    return taskManager;
  }

  private void awaitTaskManagers() {
    status.awaitWorkers("/overview", "taskmanagers", taskManagers);
  }

  private ChildProcess.Builder client(String name) {
    return java("org.apache.flink.client.cli.CliFrontend", "512m")
        .name(name)
        .environment("FLINK_CONF_DIR", folder.toString());
  }

  private ChildProcess.Builder java(String mainClass, String heap) {
    return ChildProcess.java(mainClass)
        .classPath(classPath)
        .flags(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true",
            "-Dlog4j.configurationFile=" + folder.resolve("log4j-console.properties").toUri())
        .flags(opens.toArray(String[]::new));
  }

  private Map<String, String> settings(List<Integer> ports) {
    Map<String, String> settings = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(BuiltFile.at("runners/flink/conf/flink-conf.yaml"))) {
        int colon = line.indexOf(": ");
        if (!line.startsWith("#") && colon > 0) {
          settings.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not read Flink's sample configuration", failure);
    }
    settings.put("jobmanager.rpc.address", "127.0.0.1");
    settings.put("jobmanager.bind-host", "127.0.0.1");
    settings.put("jobmanager.rpc.port", ports.get(1).toString());
    settings.put("blob.server.port", ports.get(2).toString());
    settings.put("rest.address", "127.0.0.1");
    settings.put("rest.bind-address", "127.0.0.1");
    settings.put("rest.port", ports.get(0).toString());
    settings.put("taskmanager.host", "127.0.0.1");
    settings.put("taskmanager.bind-host", "127.0.0.1");
    settings.put("io.tmp.dirs", folder.toString());
    // What Flink's start scripts work out from taskmanager.memory.process.size.
    settings.put("taskmanager.cpu.cores", "2.0");
    settings.put("taskmanager.memory.framework.heap.size", "128m");
    settings.put("taskmanager.memory.task.heap.size", "640m");
    settings.put("taskmanager.memory.framework.off-heap.size", "64m");
    settings.put("taskmanager.memory.task.off-heap.size", "64m");
    settings.put("taskmanager.memory.network.min", "64m");
    settings.put("taskmanager.memory.network.max", "64m");
    settings.put("taskmanager.memory.managed.size", "128m");
    settings.put("taskmanager.memory.jvm-metaspace.size", "256m");
    settings.put("taskmanager.memory.jvm-overhead.min", "192m");
    settings.put("taskmanager.memory.jvm-overhead.max", "192m");
    return settings;
  }

  private void write(Map<String, String> settings) {
    try {
      Files.write(
          folder.resolve("flink-conf.yaml"),
          settings.entrySet().stream()
              .map(each -> each.getKey() + ": " + each.getValue())
              .toList());
      Files.copy(
          BuiltFile.at("runners/flink/conf/log4j-console.properties"),
          folder.resolve("log4j-console.properties"));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not write Flink's configuration", failure);
    }
  }
}
