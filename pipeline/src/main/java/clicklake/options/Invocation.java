package clicklake.options;

import java.util.List;

/** What the command line asks for. */
public sealed interface Invocation {
  /** Print this text and end with success. */
  record ShowHelp(String text) implements Invocation {}

  /**
   * Run a job.
   *
   * @param settings what our code reads
   * @param options what Beam and the runner read; they carry our options too
   * @param values every option that the job reads or somebody gave, one {@code key=value (origin)}
   *     each, with secrets as {@code ***}
   */
  record Run(Job job, Settings settings, ClicklakeOptions options, List<String> values)
      implements Invocation {
    public Run {
      values = List.copyOf(values);
    }
  }
}
