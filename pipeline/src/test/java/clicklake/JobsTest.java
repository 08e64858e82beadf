package clicklake;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.console.FailureLine;
import clicklake.schemas.eventkey.SpillException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class JobsTest {

  @Test
  void aFullDiskUnderTheIdsIsToldInOurWordsHoweverDeepARunnerWrapsIt() {
    Exception failure =
        new SpillException(
            "cannot keep event ids in /tmp", new IOException("No space left on device"));
    assertThat(FailureLine.of(new RuntimeException(new ExecutionException("job failed", failure))))
        .isEqualTo("cannot keep event ids in /tmp");
  }

  @Test
  void aFailureThatIsNoneOfOursIsToldWithWhatItCameFrom() {
    Exception sorter = new IOException("The record exceeds the maximum size of a sort buffer");

    assertThat(
            FailureLine.of(
                new RuntimeException(
                    "Pipeline execution failed", new ExecutionException("job failed", sorter))))
        .isEqualTo(
            "RuntimeException: Pipeline execution failed: IOException: The record exceeds the"
                + " maximum size of a sort buffer");
  }
}
