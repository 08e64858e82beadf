package clicklake.options;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A job word: the first argument of the command line. */
public enum Job {
  DEMO("demo", "Everything on this machine: produces events, runs the pipeline, verifies the lake"),
  PRODUCE("produce", "Writes the clicks of simulated shoppers to a landing folder or to Kafka"),
  STREAM("stream", "The pipeline: source to bronze, silver and quarantine, until SIGTERM"),
  GOLD("gold", "Refreshes the gold tables from silver, once or again and again"),
  VERIFY("verify", "Recounts every source position and says whether the lake balances"),
  CLICKHOUSE("clickhouse", "Brings ClickHouse to what the lake says, or writes it all again");

  private final String word;
  private final String description;

  Job(String word, String description) {
    this.word = word;
    this.description = description;
  }

  /** As the command line spells it. */
  public String word() {
    return word;
  }

  /** One line on what it does. */
  public String description() {
    return description;
  }

  /** Whether it runs a Beam pipeline and so needs a runner. */
  public boolean needsRunner() {
    return this == DEMO || this == STREAM;
  }

  public static Optional<Job> of(String word) {
    return Stream.of(values()).filter(job -> job.word.equals(word)).findFirst();
  }

  public static List<String> words() {
    return Stream.of(values()).map(Job::word).toList();
  }
}
