package clicklake.console;

import clicklake.io.Causes;
import clicklake.io.SourceException;
import clicklake.io.clickhouse.ClickHouseException;
import clicklake.options.ConfigException;
import clicklake.schemas.eventkey.SpillException;
import clicklake.schemas.table.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A failure in one line, for those who run a job. */
public final class FailureLine {
  private static final Logger LOG = LoggerFactory.getLogger(FailureLine.class);

  private FailureLine() {}

  /**
   * One line for a failure: our own message where there is one, what is known about it, or else the
   * causes with their kinds.
   */
  public static String of(Throwable failure) {
    List<Throwable> causes = Causes.of(failure);
    for (Throwable cause : causes) {
      if (cause instanceof LakeException
          || cause instanceof SourceException
          || cause instanceof ClickHouseException
          || cause instanceof SpillException
          || cause instanceof ConfigException) {
        LOG.debug("failed", failure);
        return oneLine(String.valueOf(cause.getMessage()));
      }
    }
    Optional<String> known = EngineFailures.line(failure);
    if (known.isPresent()) {
      LOG.debug("failed", failure);
      return oneLine(known.get());
    }
    if (failure.getClass() == IOException.class && failure.getMessage() != null) {
      // Its kind says nothing, so its words must do.
      LOG.debug("failed", failure);
      return oneLine(failure.getMessage());
    }
    LOG.error("failed", failure);
    Throwable root = causes.get(causes.size() - 1);
    Throwable told = causes.stream().filter(cause -> !isWrapping(cause)).findFirst().orElse(root);
    return oneLine(
        root == told ? kindAndWords(told) : kindAndWords(told) + ": " + kindAndWords(root));
  }

  private static boolean isWrapping(Throwable failure) {
    return failure instanceof UncheckedIOException || failure.getClass().getName().contains("beam");
  }

  private static String kindAndWords(Throwable failure) {
    return failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", "; ");
  }
}
