package clicklake.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users are told when an engine runs out of memory or loses a worker. */
class EngineFailuresTest {
  private static final long HEAP = Runtime.getRuntime().maxMemory() >> 20;

  private static String outOfMemory(String kind) {
    return "out of memory ("
        + kind
        + "); raise the heap, which has "
        + HEAP
        + " MB (JAVA_OPTS=-Xmx"
        + 2 * HEAP
        + "m; on a cluster the workers' memory), or have fewer records in flight (--maxInFlight);"
        + " start the job again: what is committed stays";
  }

  @Test
  void memoryThatRanOutIsToldWithARemedyHoweverDeepItLies() {
    assertThat(
            FailureLine.of(
                new RuntimeException(
                    "Pipeline execution failed",
                    new ExecutionException(new OutOfMemoryError("Java heap space")))))
        .isEqualTo(outOfMemory("Java heap space"));
    assertThat(FailureLine.of(new OutOfMemoryError("Metaspace")))
        .isEqualTo(outOfMemory("Metaspace"));
    assertThat(FailureLine.of(new OutOfMemoryError())).isEqualTo(outOfMemory("no more is said"));
  }

  @Test
  void memoryThatRanOutInAnotherProcessComesAsText() {
    assertThat(
            FailureLine.of(
                new IllegalStateException(
                    "Job aborted due to stage failure: Lost task 0.0 in stage 1.0 (TID 3):"
                        + " java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat java.base/x")))
        .isEqualTo(outOfMemory("GC overhead limit exceeded"));
    assertThat(
            FailureLine.of(
                new IllegalStateException(
                    "AsynchronousException{java.lang.OutOfMemoryError: Java heap space}")))
        .isEqualTo(outOfMemory("Java heap space"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: worker"
            + " lost",
        "Executor heartbeat timed out after 120000 ms",
        "TaskManager with id 127.0.0.1:41 is no longer reachable.",
        "The heartbeat of TaskManager with id 127.0.0.1:41 timed out.",
        "Connection unexpectedly closed by remote task manager '127.0.0.1:41'.",
      })
  void aLostWorkerIsToldWithARemedy(String words) {
    assertThat(FailureLine.of(new RuntimeException("job failed", new IllegalStateException(words))))
        .startsWith("a worker was lost (")
        .contains(words.substring(words.indexOf("eartbeat") + 1).substring(0, 20))
        .endsWith(
            "); its own log says why; if it ran out of memory, give it more"
                + " (taskmanager.memory.process.size of Flink, spark.executor.memory of Spark), and"
                + " start the job again: what is committed stays");
  }

  @Test
  void aHeapThatIsTooSmallForSparkIsToldWithOneThatIsNot() {
    assertThat(
            FailureLine.of(
                new IllegalArgumentException(
                    "[INVALID_DRIVER_MEMORY] System memory 405471232 must be at least 471859200.")))
        .isEqualTo(
            "Spark does not start in a heap of "
                + HEAP
                + " MB; give it 512 MB or more: JAVA_OPTS=-Xmx1g");
  }

  @Test
  void aSparkThatEndedByItselfIsSaidSo() {
    assertThat(
            FailureLine.of(
                new IllegalStateException("Job 0 cancelled because SparkContext was shut down")))
        .isEqualTo(
            "Spark ended by itself; its log says why; start the job again: what is committed"
                + " stays");
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aRingOfCausesHasAnEnd() {
    Exception one = new IllegalStateException("one");
    Exception other = new IllegalStateException("other", one);
    one.initCause(other);

    assertThat(EngineFailures.line(one)).isEmpty();
    assertThat(FailureLine.of(one))
        .isEqualTo("IllegalStateException: one: IllegalStateException: other");
  }
}
