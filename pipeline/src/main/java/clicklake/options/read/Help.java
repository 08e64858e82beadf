package clicklake.options.read;

import clicklake.options.Job;
import clicklake.options.Option;

/** The texts of {@code --help}. */
final class Help {
  private static final String USAGE = "clicklake JOB --key=value …";

  private Help() {}

  /** The jobs, and where options come from. */
  static String global() {
    StringBuilder text = new StringBuilder("Usage: " + USAGE + "\n\nJobs:\n");
    for (Job job : Job.values()) {
      text.append(String.format("  %-9s%s\n", job.word(), job.description()));
    }
    return text.append(
            """

            clicklake JOB --help lists the options of a job. Options come from defaults, then the
            YAML file of --config, then the environment (CLICKLAKE_COMMIT_EVERY for --commitEvery;
            KAFKA_BOOTSTRAP_SERVERS), then the command line; the last one wins. Options of Beam's
            runner (--runner, --flinkMaster, --sparkMaster …) go beside them.
            """)
        .toString();
  }

  /** The options of one job with their defaults. */
  static String of(Job job) {
    StringBuilder text =
        new StringBuilder(
            "Usage: clicklake " + job.word() + " --key=value …\n" + job.description() + ".\n\n");
    for (Option option : Option.of(job)) {
      String head = "--" + option.key() + (option.isFlag() ? "" : "=<" + option.form() + ">");
      text.append(String.format("  %-40s %s", head, option.description()));
      if (option.defaultText() != null && !option.isFlag()) {
        text.append(" [").append(option.defaultText()).append(']');
      }
      text.append('\n');
    }
    return text.toString();
  }
}
