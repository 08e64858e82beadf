package clicklake.console;

import clicklake.io.Causes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user can do about failures of the machine and the engine: memory that ran out, workers
 * that were lost. Engines wrap them, hand them from process to process as text, and say in their
 * own words what cannot be done with Clicklake.
 */
final class EngineFailures {
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("java\\.lang\\.OutOfMemoryError(?:: ([^\\r\\n{}]+))?");
  private static final Pattern TOO_LITTLE_FOR_SPARK =
      Pattern.compile(
          "\\[INVALID_(?:DRIVER|EXECUTOR)_MEMORY\\]|System memory \\d+ must be at least");

  /** In the words of Spark and of Flink. */
  private static final List<Pattern> LOST_WORKER =
      List.of(
          Pattern.compile("ExecutorLostFailure[^\\r\\n]*"),
          Pattern.compile("Executor heartbeat timed out[^\\r\\n]*"),
          Pattern.compile("[Hh]eartbeat of TaskManager[^\\r\\n]*timed out[^\\r\\n]*"),
          Pattern.compile("TaskManager with id [^\\r\\n]* is no longer reachable[^\\r\\n]*"),
          Pattern.compile("Connection unexpectedly closed by remote task manager[^\\r\\n]*"),
          Pattern.compile("Lost connection to task manager[^\\r\\n]*"));

  private static final long MEBIBYTE = 1 << 20;

  private EngineFailures() {}

  /** One line with a remedy; empty if the failure is none of these. */
  static Optional<String> line(Throwable failure) {
    return Causes.of(failure).stream()
        .map(EngineFailures::lineOf)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> lineOf(Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      return Optional.of(outOfMemory(cause.getMessage() == null ? "" : cause.getMessage()));
    }
    String text = cause.toString();
    Matcher memory = OUT_OF_MEMORY.matcher(text);
    if (memory.find()) {
      return Optional.of(outOfMemory(memory.group(1) == null ? "" : memory.group(1)));
    }
    if (TOO_LITTLE_FOR_SPARK.matcher(text).find()) {
      return Optional.of(
          "Spark does not start in a heap of "
              + Runtime.getRuntime().maxMemory() / MEBIBYTE
              + " MB; give it 512 MB or more: JAVA_OPTS=-Xmx1g");
    }
    if (text.contains("SparkContext was shut down")) {
      return Optional.of(
          "Spark ended by itself; its log says why; start the job again: what is committed stays");
    }
    for (Pattern pattern : LOST_WORKER) {
      Matcher lost = pattern.matcher(text);
      if (lost.find()) {
        return Optional.of(
            "a worker was lost ("
                + lost.group()
                + "); its own log says why; if it ran out of memory, give it more"
                + " (taskmanager.memory.process.size of Flink, spark.executor.memory of Spark), and"
                + " start the job again: what is committed stays");
      }
    }
    return Optional.empty();
  }

  private static String outOfMemory(String kind) {
    long heap = Runtime.getRuntime().maxMemory() / MEBIBYTE;
    return "out of memory ("
        + (kind.isEmpty() ? "no more is said" : kind)
        + "); raise the heap, which has "
        + heap
        + " MB (JAVA_OPTS=-Xmx"
        + 2 * heap
        + "m; on a cluster the workers' memory), or have fewer records in flight (--maxInFlight);"
        + " start the job again: what is committed stays";
  }
}
