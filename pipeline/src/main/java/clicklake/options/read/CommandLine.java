package clicklake.options.read;

import clicklake.options.ClicklakeOptions;
import clicklake.options.ConfigException;
import clicklake.options.Job;
import clicklake.options.Option;
import clicklake.options.RunnerProfile;
import clicklake.options.Secrets;
import clicklake.options.Settings;
import clicklake.options.UsageException;
import clicklake.options.value.NearestName;
import clicklake.options.value.RawValue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * The command line {@code JOB --key=value …} with what stands behind it: defaults &lt; YAML ({@code
 * --config}) &lt; environment &lt; command line. An unknown key is a fault wherever it stands. The
 * command line may only have options of its job; YAML and environment may serve several jobs and
 * have any.
 */
public final class CommandLine {
  private final RunnerOptions runner;
  private final List<String> faults = new ArrayList<>();

  private CommandLine(RunnerOptions runner) {
    this.runner = runner;
  }

  /**
   * Reads everything.
   *
   * @param environment the process's variables
   * @throws UsageException if no known job is named
   * @throws ConfigException with every other fault at once
   */
  public static Invocation parse(List<String> arguments, Map<String, String> environment) {
    if (arguments.isEmpty()) {
      throw new UsageException("no job named; the first word is one of " + jobWords());
    }
    String first = arguments.get(0);
    if (isHelp(first) || first.equals("help")) {
      return new Invocation.ShowHelp(
          arguments.size() > 1 && !arguments.get(1).startsWith("-")
              ? Help.of(jobOf(arguments.get(1)))
              : Help.global());
    }
    Job job = jobOf(first);
    List<String> rest = arguments.subList(1, arguments.size());
    if (rest.stream().anyMatch(CommandLine::isHelp)) {
      return new Invocation.ShowHelp(Help.of(job));
    }
    return new CommandLine(RunnerOptions.registered()).read(job, rest, environment);
  }

  private static boolean isHelp(String argument) {
    return argument.equals("--help") || argument.equals("-h") || argument.equals("--help=true");
  }

  private static Job jobOf(String word) {
    return Job.of(word)
        .orElseThrow(
            () ->
                new UsageException(
                    (word.startsWith("-")
                            ? "the first word must be a job, not " + nameOf(word) + "."
                            : "unknown job "
                                + word
                                + endOf(NearestName.hint("", word, Job.words())))
                        + " The jobs are "
                        + jobWords()));
  }

  private static String endOf(String hint) {
    return hint.isEmpty() ? "." : hint;
  }

  private static String jobWords() {
    return String.join(", ", Job.words());
  }

  /** An argument without its value, which may be a secret. */
  private static String nameOf(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals);
  }

  private Invocation read(Job job, List<String> arguments, Map<String, String> environment) {
    ConfigSource commandLine = readArguments(job, arguments);
    ConfigSource variables = Environment.read(environment, runner, faults);
    RawValue config =
        commandLine.options().getOrDefault(Option.CONFIG, variables.options().get(Option.CONFIG));
    ConfigSource merged =
        config == null ? new ConfigSource() : YamlFile.read(config, runner, faults);
    merged.override(variables);
    merged.override(commandLine);
    RunnerDefaults defaults =
        RunnerDefaults.of(
            merged.runnerOptions(),
            environment,
            endsByItself(job, merged),
            showsMinutes(merged),
            stateDir(merged));
    ConfigSource complete = defaults.under(merged, runner, faults);
    RunnerProfile profile = RunnerProfile.of(complete.profile(), faults);
    Map<Option, RawValue> given = withoutEmpty(complete.options());

    Settings settings = null;
    try {
      settings = Settings.of(job, given);
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    ClicklakeOptions options = beamOptions(job, given, complete.runnerOptions());
    if (settings == null || options == null || !faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new Invocation.Run(
        job,
        settings,
        options,
        profile,
        printed(job, given, merged.runnerOptions()),
        defaults.engineProperties());
  }

  /** Whether the job's pipeline reads up to what is there now, and then ends. */
  private static boolean endsByItself(Job job, ConfigSource given) {
    RawValue upToNow = given.options().get(Option.AVAILABLE_NOW);
    return job == Job.DEMO || upToNow != null && upToNow.text().equals("true");
  }

  /** Whether somebody watches figures of the minute, so that the pipeline has a branch. */
  private static boolean showsMinutes(ConfigSource given) {
    return Stream.of(Option.CLICKHOUSE, Option.LIVE_TOPIC)
        .map(given.options()::get)
        .anyMatch(value -> value != null && !value.text().isEmpty());
  }

  /** The folder as it was given; null if there is none, or what is given is a fault. */
  private static @Nullable Path stateDir(ConfigSource given) {
    RawValue folder = given.options().get(Option.STATE_DIR);
    try {
      return folder == null || folder.text().isEmpty()
          ? null
          : Path.of(folder.text()).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private ConfigSource readArguments(Job job, List<String> arguments) {
    ConfigSource layer = new ConfigSource();
    for (String argument : arguments) {
      if (!argument.startsWith("--") || argument.length() == 2) {
        faults.add("unexpected argument " + nameOf(argument) + "; options are written --key=value");
        continue;
      }
      int equals = argument.indexOf('=');
      String key = argument.substring(2, equals < 0 ? argument.length() : equals);
      Optional<Option> option = Option.of(key);
      if (option.isEmpty() && !runner.knows(key)) {
        faults.add("unknown option --" + key + hint("--", key, runner));
      } else if (option.isPresent() && !option.get().jobs().contains(job)) {
        faults.add(
            "--"
                + key
                + " is no option of "
                + job.word()
                + "; it belongs to "
                + jobsOf(option.get()));
      } else if (equals < 0 && !option.map(Option::isFlag).orElseGet(() -> runner.isFlag(key))) {
        faults.add("--" + key + " needs a value: --" + key + "=…");
      } else {
        String text = equals < 0 ? "true" : argument.substring(equals + 1);
        add(layer, option, key, new RawValue(text, RawValue.COMMAND_LINE));
      }
    }
    return layer;
  }

  private void add(ConfigSource layer, Optional<Option> option, String key, RawValue value) {
    boolean again = option.map(layer::has).orElseGet(() -> layer.has(key) && !runner.isList(key));
    if (again) {
      faults.add("--" + key + " is given twice");
    } else if (option.isPresent()) {
      layer.put(option.get(), value);
    } else {
      layer.add(key, value);
    }
  }

  private static String jobsOf(Option option) {
    return String.join(", ", option.jobs().stream().sorted().map(Job::word).toList());
  }

  /** The nearest of all known keys. */
  static String hint(String prefix, String key, RunnerOptions runner) {
    List<String> ours = Stream.of(Option.values()).map(Option::key).toList();
    String hint = NearestName.hint(prefix, key, ours);
    if (!hint.isEmpty()) {
      return hint;
    }
    hint = NearestName.hint(prefix, key, runner.keys());
    if (hint.isEmpty() && key.toLowerCase(Locale.ROOT).matches("(flink|spark).*")) {
      return "; this build has no such runner on its class path";
    }
    return hint;
  }

  /** An empty value unsets an option that may be unset; elsewhere it stays, as the fault it is. */
  private static Map<Option, RawValue> withoutEmpty(Map<Option, RawValue> given) {
    Map<Option, RawValue> kept = new EnumMap<>(Option.class);
    given.forEach(
        (option, value) -> {
          if (!value.text().isEmpty() || option.defaultText() != null) {
            kept.put(option, value);
          }
        });
    return kept;
  }

  private ClicklakeOptions beamOptions(
      Job job, Map<Option, RawValue> given, Map<String, List<RawValue>> runnerOptions) {
    List<String> arguments = new ArrayList<>();
    for (Option option : Option.values()) {
      RawValue value = given.get(option);
      String text = value == null ? option.defaultText() : value.text();
      if (text != null && (!option.isFlag() || text.equals("true"))) {
        arguments.add("--" + option.key() + "=" + text);
      }
    }
    runnerOptions.forEach(
        (key, values) -> values.forEach(value -> arguments.add("--" + key + "=" + value.text())));
    if (!runnerOptions.containsKey("jobName")) {
      arguments.add("--jobName=clicklake-" + job.word());
    }
    PipelineOptionsFactory.register(ClicklakeOptions.class);
    try {
      ClicklakeOptions options =
          PipelineOptionsFactory.fromArgs(arguments.toArray(String[]::new))
              .as(ClicklakeOptions.class);
      if (job.needsRunner()) {
        options.getRunner();
      }
      return options;
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      faults.add(runnerFault(runnerOptions, e));
      return PipelineOptionsFactory.create().as(ClicklakeOptions.class);
    }
  }

  private static String runnerFault(Map<String, List<RawValue>> runnerOptions, RuntimeException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    for (Map.Entry<String, List<RawValue>> option : runnerOptions.entrySet()) {
      for (RawValue value : option.getValue()) {
        if (!value.text().isEmpty()) {
          // Beam repeats the value in its message.
          message = message.replace(value.text(), Secrets.mask(option.getKey(), value.text()));
        }
      }
    }
    List<RawValue> runner = runnerOptions.getOrDefault("runner", List.of());
    return runner.isEmpty()
        ? "Beam refuses the options: " + message
        : "runner=" + runner.get(0).text() + " (" + runner.get(0).origin() + "): " + message;
  }

  private static List<String> printed(
      Job job, Map<Option, RawValue> given, Map<String, List<RawValue>> runnerOptions) {
    List<String> lines = new ArrayList<>();
    for (Option option : Option.values()) {
      RawValue value = given.get(option);
      String text = value == null ? option.defaultText() : value.text();
      if (text != null && option.jobs().contains(job)) {
        lines.add(
            printed(
                option.key(),
                new RawValue(text, value == null ? RawValue.DEFAULT : value.origin())));
      }
    }
    runnerOptions.forEach((key, values) -> values.forEach(value -> lines.add(printed(key, value))));
    return lines;
  }

  private static String printed(String key, RawValue value) {
    return key + "=" + Secrets.mask(key, value.text()) + " (" + value.origin() + ")";
  }
}
