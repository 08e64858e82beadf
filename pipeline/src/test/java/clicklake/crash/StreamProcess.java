package clicklake.crash;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the job as a user would, in a JVM of its own, with nothing but the lake. */
final class StreamProcess {
  private static final String RUNNER = System.getProperty("clicklake.runner", "DirectRunner");

  private final List<String> arguments;

  StreamProcess(KafkaBroker broker, String topic, Path lake) {
    arguments =
        List.of(
            "stream",
            "--runner=" + RUNNER,
            "--source=kafka",
            "--bootstrapServers=" + broker.bootstrapServers(),
            "--topic=" + topic,
            "--lake=" + lake,
            "--commitEvery=1s");
  }

  /** Starts a job that goes on until it is told to end. */
  ChildProcess start(String... flags) {
    return child(flags).arguments(arguments.toArray(String[]::new)).start();
  }

  /** Starts a job that ends with what is there now. */
  ChildProcess startAvailableNow(String... flags) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--availableNow");
    return child(flags).arguments(all.toArray(String[]::new)).start();
  }

  private static ChildProcess.Builder child(String... flags) {
    List<String> all =
        new ArrayList<>(List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // What the runner needs opened for it is opened for this JVM already.
    List<String> own = ManagementFactory.getRuntimeMXBean().getInputArguments();
    own.stream().filter(flag -> flag.startsWith("--add-opens")).forEach(all::add);
    all.addAll(List.of(flags));
    return ChildProcess.java("clicklake.Clicklake")
        .name("stream")
        .flags(all.toArray(String[]::new));
  }
}
