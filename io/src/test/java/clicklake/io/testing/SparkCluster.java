package clicklake.io.testing;

import clicklake.io.broker.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A standalone cluster of Spark: a master and workers, each a child process, on free ports of
 * 127.0.0.1. Workers start a process of their own for each application, its executor.
 *
 * <p>It runs on {@code runners/spark/conf/spark-defaults.conf}, with addresses and folders of its
 * own, from a folder laid out like Spark's distribution. Every worker has one core. All share the
 * local disk.
 */
public final class SparkCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Path home;
  private final int port;
  private final ChildProcess master;
  private final ClusterStatus status;

  /** Those that were not killed, in the order of starting. */
  private final List<ChildProcess> workers = new ArrayList<>();

  private int started;

  private SparkCluster(Path home) {
    this.home = home;
    layOut();
    List<Integer> ports = FreePorts.find(2, new SplittableRandom(System.nanoTime()));
    this.port = ports.get(0);
    this.master =
        java("org.apache.spark.deploy.master.Master", "256m")
            .name("Spark master")
            .arguments("--host", "127.0.0.1", "--port", ports.get(0).toString())
            .arguments("--webui-port", ports.get(1).toString())
            .log(home.resolve("master.log"))
            .start();
    this.status = new ClusterStatus(ports.get(1), master);
  }

  /** Starts a cluster of the caller's own, who closes it; returns when all are registered. */
  public static SparkCluster startNew(int workers) {
    SparkCluster cluster;
    try {
      cluster = new SparkCluster(Files.createTempDirectory("clicklake-spark-"));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make a folder for the Spark cluster", failure);
    }
    try {
      for (int i = 0; i < workers; i++) {
        cluster.launchWorker();
      }
      cluster.awaitWorkers();
      return cluster;
    } catch (RuntimeException | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  /** What every process of a cluster has on its class path in front of an application's jar. */
  public static List<Path> libraries() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(ServiceClassPath.of("spark-cluster"))
        .map(Path::of)
        .toList();
  }

  /** Where applications reach the master: {@code spark://127.0.0.1:port}. */
  public String address() {
    return "spark://127.0.0.1:" + port;
  }

  /**
   * {@code spark-submit} in client mode, not yet started: runs a jar's main class as the driver of
   * an application on the cluster.
   */
  public ChildProcess.Builder submit(Path jar, String... arguments) {
    return java("org.apache.spark.deploy.SparkSubmit", "768m")
        .name("spark-submit")
        .arguments("--master", address(), jar.toString())
        .arguments(arguments);
  }

  /** Starts one more worker; returns when the cluster has exactly those that live. */
  public void startWorker() {
    launchWorker();
    awaitWorkers();
  }

  /**
   * SIGKILL to the worker that runs longest and to its executor, for which it waits if there is
   * none at the moment; returns when they are gone.
   */
  public void killWorkerWithExecutor() {
    ChildProcess worker = workers.get(0);
    Awaitility.await("an executor of " + worker.pid())
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> !executors(worker).isEmpty());
    workers.remove(worker);
    kill(worker);
  }

  /** Ends all processes, executors too, and deletes their files. */
  @Override
  public void close() {
    workers.forEach(SparkCluster::kill);
    workers.forEach(ChildProcess::close);
    master.close();
    TemporaryFolder.delete(home);
  }

  private static void kill(ChildProcess worker) {
    // Stopped first: it would start another executor for one that ended.
    if (worker.isAlive()) {
      worker.suspend();
    }
    List<ProcessHandle> executors = executors(worker);
    worker.kill9();
    executors.forEach(ProcessHandle::destroyForcibly);
    executors.forEach(executor -> executor.onExit().join());
  }

  private static List<ProcessHandle> executors(ChildProcess worker) {
    return ProcessHandle.of(worker.pid()).stream().flatMap(ProcessHandle::descendants).toList();
  }

  private void launchWorker() {
    int number = started++;
    workers.add(
        java("org.apache.spark.deploy.worker.Worker", "256m")
            .name("Spark worker " + number)
            .arguments("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1")
            .arguments("--memory", "1g", "--work-dir", home.resolve("work-" + number).toString())
            .arguments(address())
            .log(home.resolve("worker-" + number + ".log"))
            .start());
  }

  private void awaitWorkers() {
    status.awaitWorkers("/json/", "aliveworkers", workers);
  }

  private ChildProcess.Builder java(String mainClass, String heap) {
    return ChildProcess.java(mainClass)
        .classPath(home.resolve("conf") + File.pathSeparator + home.resolve("jars") + "/*")
        .flags(
            "-Xmx" + heap,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.net.preferIPv4Stack=true")
        .flags(SparkReader.opens())
        .environment("SPARK_HOME", home.toString())
        .environment("SPARK_CONF_DIR", home.resolve("conf").toString())
        .environment("SPARK_LOCAL_IP", "127.0.0.1")
        .environment("SPARK_LOCAL_DIRS", home.resolve("local").toString())
        .environment("SPARK_SCALA_VERSION", "2.12")
        .environment("JAVA_HOME", System.getProperty("java.home"));
  }

  private void layOut() {
    try {
      Path jars = Files.createDirectory(home.resolve("jars"));
      for (Path library : libraries()) {
        Files.createSymbolicLink(jars.resolve(library.getFileName()), library);
      }
      Files.createDirectory(home.resolve("local"));
      Path conf = Files.createDirectory(home.resolve("conf"));
      List<String> defaults =
          new ArrayList<>(
              Files.readAllLines(BuiltFile.at("runners/spark/conf/spark-defaults.conf")));
      defaults.add("spark.driver.host 127.0.0.1");
      defaults.add("spark.driver.bindAddress 127.0.0.1");
      defaults.add("spark.ui.enabled false");
      defaults.add("spark.executor.memory 768m");
      defaults.add("spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
      Files.write(conf.resolve("spark-defaults.conf"), defaults);
      Files.copy(
          BuiltFile.at("runners/spark/conf/log4j2.properties"), conf.resolve("log4j2.properties"));
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not lay out Spark's folder", failure);
    }
  }
}
