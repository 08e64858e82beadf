package clicklake.options.read;

import clicklake.options.ClicklakeOptions;
import clicklake.options.Job;
import clicklake.options.RunnerProfile;
import clicklake.options.Settings;
import java.util.List;
import java.util.Map;

/** What the command line asks for. */
public sealed interface Invocation {
  /** Print this text and end with success. */
  record ShowHelp(String text) implements Invocation {}

  /**
   * Run a job.
   *
   * @param settings what our code reads
   * @param options what Beam and the runner read; they carry our options too
   * @param profile how the stream job runs its pipeline on the runner
   * @param values every option that the job reads or somebody gave, one {@code key=value (origin)}
   *     each, with secrets as {@code ***}
   * @param engineProperties what the runner's engine reads as system properties; to be set where
   *     the user set nothing, before the engine's classes are loaded
   */
  record Run(
      Job job,
      Settings settings,
      ClicklakeOptions options,
      RunnerProfile profile,
      List<String> values,
      Map<String, String> engineProperties)
      implements Invocation {
    public Run {
      values = List.copyOf(values);
      engineProperties = Map.copyOf(engineProperties);
    }
  }
}
