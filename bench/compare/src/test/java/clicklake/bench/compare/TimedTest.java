package clicklake.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedTest {
  @TempDir private Path logs;

  @Test
  void cpuIsUserAndSystemAndMemoryComesInKibibytes() throws IOException {
    assertThat(Timed.of("14.75 23.5 4.25 2025196\n", List.of("done")))
        .isEqualTo(new Timed(14.75, 27.75, 1977, List.of("done")));
  }

  @Test
  void anotherFormIsToldAsItWas() {
    for (String other : List.of("", "1.0 2.0 3.0", "Command exited with non-zero status 1\n")) {
      assertThatThrownBy(() -> Timed.of(other, List.of()))
          .isInstanceOf(IOException.class)
          .hasMessage("/usr/bin/time wrote \"" + other.strip() + "\"");
    }
  }

  @Test
  void theLastObjectIsTheVerdict() throws IOException {
    assertThat(new Timed(1, 1, 1, List.of("{\"n\":1}", "words", "{\"n\":2}", "more")).json())
        .isEqualTo("{\"n\":2}");
    assertThatThrownBy(() -> new Timed(1, 1, 1, List.of("words")).json())
        .hasMessage("no line of JSON in what it said:\nwords");
  }

  @Test
  void whatACommandSaysIsKept() throws IOException, InterruptedException {
    List<String> shell = List.of("sh", "-c", "echo $WORD; echo $CLICKLAKE_LAKE");

    Timed timed = Timed.run(logs, "shell", Map.of("WORD", "said"), shell);

    assertThat(timed.output()).containsExactly("said", "");
  }

  @Test
  void aFailureEndsWithTheLastLinesOfItsErrors() {
    List<String> shell = List.of("sh", "-c", "seq 1 16 >&2; exit 3");

    assertThatThrownBy(() -> Timed.run(logs, "shell", Map.of(), shell))
        .isInstanceOf(IOException.class)
        .hasMessage("shell ended with 3:\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16");
  }

  @Test
  void aCommandThatRunsUntilItIsStoppedIsMeasuredToItsEnd()
      throws IOException, InterruptedException {
    Path ready = logs.resolve("ready");
    String script = "trap 'echo stopped; exit 0' TERM; touch " + ready + "; while :; do :; done";

    Timed timed =
        Timed.run(
            logs,
            "shell",
            Map.of(),
            List.of("sh", "-c", script),
            process -> {
              while (Files.notExists(ready)) {
                Thread.onSpinWait();
              }
              Timed.stop(process);
            });

    assertThat(timed.output()).containsExactly("stopped");
  }
}
