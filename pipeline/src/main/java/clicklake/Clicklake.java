package clicklake;

import clicklake.console.ProcessEnd;
import clicklake.options.ConfigException;
import clicklake.options.read.CommandLine;
import clicklake.options.read.Invocation;
import java.util.List;

/**
 * The one main class: a job word, then options.
 *
 * <p>Exit code 0 on success (and after SIGTERM), 1 on failure with one clear line, 2 on bad usage.
 */
public final class Clicklake {
  private Clicklake() {}

  public static void main(String[] arguments) {
    ProcessEnd.guard();
    try {
      ProcessEnd.exit(run(List.of(arguments)));
    } catch (RuntimeException | Error e) {
      ProcessEnd.exitFor(e);
    }
  }

  private static int run(List<String> arguments) {
    try {
      Invocation invocation = CommandLine.parse(arguments, System.getenv());
      if (invocation instanceof Invocation.Run run) {
        return Jobs.run(run);
      }
      System.out.println(((Invocation.ShowHelp) invocation).text());
      return 0;
    } catch (ConfigException e) {
      e.faults().forEach(fault -> System.err.println("clicklake: " + fault));
      return 2;
    }
  }
}
