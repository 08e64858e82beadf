package clicklake.io.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.clickhouse.ClickHouseIO.Target;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of pipelines in a real ClickHouse, which fails in the ways in which servers do. */
class ClickHouseIOTest {
  private static final String TABLE = "things.numbers";

  private static void emptied(ClickHouseServer server) {
    ClickHouseClient client = server.client();
    client.execute("cleaning", "DROP DATABASE IF EXISTS things");
    client.execute("creating", "CREATE DATABASE things");
    client.execute(
        "creating",
        "CREATE TABLE "
            + TABLE
            + " (number UInt64, word String, version UInt64) ENGINE = ReplacingMergeTree(version)"
            + " ORDER BY number");
  }

  private static ClickHouseIO.Write<Long> write(ClickHouseSettings settings) {
    return ClickHouseIO.<Long>write(settings)
        .into(TABLE, "number", "word", "version")
        .withValues(number -> Arrays.asList(number, "w" + number, 1L));
  }

  private static void run(ClickHouseIO.Write<Long> write, long to) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
    pipeline.apply(GenerateSequence.from(0).to(to)).apply(write);
    pipeline.run().waitUntilFinish();
  }

  private static String shown(ClickHouseServer server) {
    return server
        .client()
        .query(
            "looking",
            "SELECT toString(count()) AS n, toString(uniqExact(number)) AS u, toString(sum(number))"
                + " AS s FROM "
                + TABLE
                + " FINAL")
        .toString();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyElementIsARow(Engine engine) {
    ClickHouseServer server = ClickHouseServer.shared(engine);
    emptied(server);
    run(write(server.settings()).withMaxRows(700), 5_000);
    assertThat(shown(server)).isEqualTo("[{\"n\":\"5000\",\"u\":\"5000\",\"s\":\"12497500\"}]");
  }

  /**
   * Half the rows are taken, and the answer is 500: the insert is repeated, and nothing doubled.
   */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void rowsOfAnInsertThatFailedHalfwayAreThereOnce(Engine engine) throws Exception {
    ClickHouseServer server = ClickHouseServer.shared(engine);
    emptied(server);
    AtomicInteger failures = new AtomicInteger();
    try (Halver halver = new Halver(server, failures, 3)) {
      run(write(ClickHouseServer.settings(halver.endpoint())), 1_000);
    }
    assertThat(failures).hasValue(3);
    assertThat(shown(server)).isEqualTo("[{\"n\":\"1000\",\"u\":\"1000\",\"s\":\"499500\"}]");
  }

  @Test
  void aServerThatComesBackGetsEverything() {
    try (ClickHouseServer server = ClickHouseServer.startNew(Engine.OLD)) {
      emptied(server);
      server.kill9();
      Thread later =
          new Thread(
              () -> {
                Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
                server.startAgain();
              });
      later.start();
      run(write(server.settings()), 100);
      assertThat(shown(server)).isEqualTo("[{\"n\":\"100\",\"u\":\"100\",\"s\":\"4950\"}]");
    }
  }

  @Test
  void aServerThatStaysAwayFailsThePipelineAfterAWhile() {
    assertThatThrownBy(
            () ->
                run(
                    write(ClickHouseSettings.of("http://127.0.0.1:9"))
                        .withRetryFor(Duration.ofMillis(300)),
                    10))
        .hasMessageContaining("cannot be reached (nothing listens there)");
  }

  @Test
  void aMissingTableFailsAtOnce() {
    ClickHouseServer server = ClickHouseServer.shared(Engine.OLD);
    emptied(server);
    assertThatThrownBy(
            () -> run(write(server.settings()).into("things.none", "number", "word", "version"), 1))
        .hasMessageContaining("inserting 1 rows into things.none failed");
  }

  /**
   * A suspended server answers nobody: who puts rows goes on, and the newest come when it wakes.
   */
  @Test
  void latestRowsWaitForNobodyAndCome() throws Exception {
    try (ClickHouseServer server = ClickHouseServer.startNew(Engine.OLD)) {
      emptied(server);
      ClickHouseSettings settings =
          new ClickHouseSettings(
              server.endpoint(),
              ClickHouseServer.USER,
              ClickHouseServer.PASSWORD,
              null,
              Duration.ofSeconds(1));
      LatestRows rows = new LatestRows(new ClickHouseClient(settings));
      Target target = new Target(TABLE, List.of("number", "word", "version"));
      server.suspend();
      for (long version = 1; version <= 1_000; version++) {
        rows.put(target, "1", version, List.of(1L, "v" + version, version));
        rows.put(target, "2", version, List.of(2L, "v" + version, version));
      }
      assertThat(rows.awaitSent(Duration.ofMillis(1_500))).isFalse();
      server.resume();
      assertThat(rows.awaitSent(Duration.ofSeconds(30))).isTrue();
      assertThat(
              server
                  .client()
                  .query("looking", "SELECT number, word FROM " + TABLE + " FINAL ORDER BY number")
                  .toString())
          .isEqualTo(
              "[{\"number\":\"1\",\"word\":\"v1000\"}, {\"number\":\"2\",\"word\":\"v1000\"}]");
    }
  }

  @Test
  void latestRowsOfAKilledServerAreKept() throws Exception {
    try (ClickHouseServer server = ClickHouseServer.startNew(Engine.OLD)) {
      emptied(server);
      LatestRows rows = new LatestRows(server.client());
      Target target = new Target(TABLE, List.of("number", "word", "version"));
      server.kill9();
      rows.put(target, "1", 1, List.of(1L, "old", 1L));
      assertThat(rows.awaitSent(Duration.ofSeconds(1))).isFalse();
      rows.put(target, "1", 3, List.of(1L, "new", 3L));
      // An older one comes later, as elements of a pipeline do.
      rows.put(target, "1", 2, List.of(1L, "between", 2L));
      server.startAgain();
      assertThat(rows.awaitSent(Duration.ofSeconds(30))).isTrue();
      assertThat(
              server.client().query("looking", "SELECT word FROM " + TABLE + " FINAL").toString())
          .isEqualTo("[{\"word\":\"new\"}]");
    }
  }

  /**
   * Stands before a server: of the first inserts it passes on half the lines, and answers 500 as a
   * server does that was killed meanwhile.
   */
  private static final class Halver implements AutoCloseable {
    private final HttpServer front;

    Halver(ClickHouseServer server, AtomicInteger failures, int most) throws IOException {
      front = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      front.createContext(
          "/",
          exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean halve =
                exchange.getRequestURI().getRawQuery().contains("INSERT")
                    && failures.getAndUpdate(n -> Math.min(n + 1, most)) < most;
            try {
              HttpResponse<byte[]> answer =
                  client.send(
                      HttpRequest.newBuilder(
                              URI.create(server.endpoint() + exchange.getRequestURI().toString()))
                          .header(
                              "Authorization",
                              exchange.getRequestHeaders().getFirst("Authorization"))
                          .header("Content-Encoding", "gzip")
                          .POST(HttpRequest.BodyPublishers.ofByteArray(halve ? half(body) : body))
                          .build(),
                      HttpResponse.BodyHandlers.ofByteArray());
              exchange.sendResponseHeaders(
                  halve ? 500 : answer.statusCode(),
                  answer.body().length == 0 ? -1 : answer.body().length);
              exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              exchange.close();
            }
          });
      front.start();
    }

    private static byte[] half(byte[] packed) throws IOException {
      String text =
          new String(
              new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(),
              StandardCharsets.UTF_8);
      int end = text.indexOf('\n', text.length() / 2) + 1;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
        out.write(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
      }
      return bytes.toByteArray();
    }

    URI endpoint() {
      return URI.create("http://127.0.0.1:" + front.getAddress().getPort());
    }

    @Override
    public void close() {
      front.stop(0);
    }
  }
}
