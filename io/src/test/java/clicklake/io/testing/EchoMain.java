package clicklake.io.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A child for the tests: says each line it hears again, and ends with the exit code it is told. */
final class EchoMain {

  private EchoMain() {}

  public static void main(String[] arguments) throws IOException {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> System.out.println("shutting down"), "last-words"));
    System.err.println("arguments " + String.join(",", arguments));
    System.err.println("environment " + System.getenv("CLICKLAKE_ECHO"));
    System.out.println("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.startsWith("exit ")) {
        System.exit(Integer.parseInt(line.substring("exit ".length())));
      }
      System.out.println("heard " + line);
    }
  }
}
