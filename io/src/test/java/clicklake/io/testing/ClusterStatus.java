package clicklake.io.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** What a cluster's web server says of it, as JSON. */
final class ClusterStatus {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String server;
  private final ChildProcess process;

  /**
   * @param port of 127.0.0.1
   * @param process that serves it: while it lives, it is worth waiting
   */
  ClusterStatus(int port, ChildProcess process) {
    this.server = "http://127.0.0.1:" + port;
    this.process = process;
  }

  /** What the server answers to a path. */
  JsonNode ask(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path)).timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(server + path + " answers " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for " + server, interrupted);
    }
  }

  /**
   * Waits until a number in the answer to a path is as many as the workers given, and fails as soon
   * as one of them has ended.
   */
  void awaitWorkers(String path, String field, List<ChildProcess> workers) {
    Awaitility.await(workers.size() + " " + field)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              requireAlive(process);
              workers.forEach(ClusterStatus::requireAlive);
              return ask(path).path(field).asInt(-1) == workers.size();
            });
  }

  private static void requireAlive(ChildProcess process) {
    if (!process.isAlive()) {
      throw process.failure("ended");
    }
  }
}
