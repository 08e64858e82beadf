package clicklake.io.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void childGetsItsArgumentsAndEnvironmentAndTheProjectsClassPath() throws IOException {
    Path log = folder.resolve("echo.log");
    try (ChildProcess child =
        ChildProcess.java(EchoMain.class.getName())
            .arguments("one", "two")
            .environment("CLICKLAKE_ECHO", "yes")
            .log(log)
            .start()) {
      child.closeInput();
      assertThat(child.waitFor(PATIENCE)).isZero();
      List<String> said = List.of("arguments one,two", "environment yes", "ready", "shutting down");
      assertThat(child.output()).containsExactlyInAnyOrderElementsOf(said);
      assertThat(Files.readAllLines(log)).containsExactlyInAnyOrderElementsOf(said);
    }
  }

  @Test
  void aLineIsAwaitedFromWhereTheTestSays() {
    try (ChildProcess child = echo()) {
      child.writeLine("one");
      assertThat(child.awaitLine("heard", PATIENCE)).isEqualTo("heard one");
      int next = child.output().size();
      child.writeLine("two");
      assertThat(child.awaitLine(next, line -> line.startsWith("heard"), PATIENCE))
          .isEqualTo("heard two");
    }
  }

  @Test
  void awaitingALineThatNeverComesFailsWithTheOutputWhenTheChildEnds() {
    try (ChildProcess child = echo()) {
      child.writeLine("exit 3");
      assertThatThrownBy(() -> child.awaitLine("never", PATIENCE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("ended without a line with \"never\"")
          .hasMessageContaining("ready");
      assertThat(child.waitFor(PATIENCE)).isEqualTo(3);
    }
  }

  @Test
  void sigtermLetsTheChildRunItsShutdownHooksAndSigkillDoesNot() {
    try (ChildProcess asked = echo();
        ChildProcess killed = echo()) {
      asked.terminate();
      assertThat(asked.waitFor(PATIENCE)).isEqualTo(128 + 15);
      assertThat(asked.output()).contains("shutting down");

      killed.kill9();
      assertThat(killed.isAlive()).isFalse();
      assertThat(killed.waitFor(PATIENCE)).isEqualTo(128 + 9);
      assertThat(killed.output()).doesNotContain("shutting down");
    }
  }

  @Test
  void aSuspendedChildIsSilentAndGoesOnWhenResumed() {
    try (ChildProcess child = echo()) {
      child.suspend();
      child.writeLine("one");
      assertThatThrownBy(() -> child.awaitLine("heard one", Duration.ofMillis(300)))
          .hasMessageContaining("did not write a line with \"heard one\"");
      assertThat(child.isAlive()).isTrue();

      child.resume();
      assertThat(child.awaitLine("heard one", PATIENCE)).isEqualTo("heard one");
    }
  }

  @Test
  void aSuspendedChildCanBeKilled() {
    try (ChildProcess child = echo()) {
      child.suspend();
      child.kill9();
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void theEndOfAChildIsTold() {
    try (ChildProcess child = echo()) {
      CompletableFuture<List<String>> outputAtTheEnd = new CompletableFuture<>();
      child.whenEnded(() -> outputAtTheEnd.complete(child.output()));
      child.writeLine("exit 0");
      assertThat(outputAtTheEnd)
          .succeedsWithin(PATIENCE)
          .satisfies(output -> assertThat(output).contains("shutting down"));
    }
  }

  private static ChildProcess echo() {
    ChildProcess child =
        ChildProcess.java(EchoMain.class.getName())
            .flags("-XX:TieredStopAtLevel=1", "-Xmx32m")
            .start();
    child.awaitLine("ready", PATIENCE);
    return child;
  }
}
