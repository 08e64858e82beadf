package clicklake.io.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.clickhouse.ClickHouseException.Kind;
import clicklake.io.testing.TlsCertificate;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers that a server gives when it is in a bad way, word for word as real ones gave them, and
 * servers that are none.
 */
class ClickHouseFailuresTest {
  @TempDir Path folder;

  /** Answers everything alike; null answers nothing. */
  private static HttpServer server(
      HttpServer made, int status, @Nullable String code, @Nullable String answer) {
    made.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          if (answer == null) {
            return;
          }
          if (code != null) {
            exchange.getResponseHeaders().add("X-ClickHouse-Exception-Code", code);
          }
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    made.start();
    return made;
  }

  private static HttpServer plain(int status, @Nullable String code, @Nullable String answer)
      throws Exception {
    return server(
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
        status,
        code,
        answer);
  }

  private static ClickHouseException failure(ClickHouseSettings settings) {
    try {
      new ClickHouseClient(settings).insert("a.b", List.of("c"), List.of(List.of(1L)));
    } catch (ClickHouseException e) {
      assertThat(e).hasMessageNotContaining("\n");
      return e;
    }
    throw new AssertionError("nothing failed");
  }

  private static ClickHouseException failure(int status, @Nullable String code, String answer)
      throws Exception {
    HttpServer server = plain(status, code, answer);
    try {
      return failure(ClickHouseSettings.of("http://127.0.0.1:" + server.getAddress().getPort()));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aFullDiskIsTold() throws Exception {
    for (ClickHouseException full :
        List.of(
            failure(
                500,
                null,
                "Code: 75, e.displayText() = DB::ErrnoException: Cannot write to file"
                    + " /data/data/t/r/tmp_insert_all_5_5_0/a.bin, errno: 28, strerror: No space"
                    + " left on device, e.what() = DB::ErrnoException\n"),
            failure(
                500,
                "243",
                "Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space."
                    + " (NOT_ENOUGH_SPACE) (version 25.8.1.1)\n"))) {
      assertThat(full.kind()).isEqualTo(Kind.PASSING);
      assertThat(full)
          .hasMessageStartingWith("inserting 1 rows into a.b is refused by ClickHouse at")
          .hasMessageContaining("its disk is full")
          .hasMessageEndingWith("; free space");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, 202, PASSING",
    "500, 241, PASSING",
    "500, 252, PASSING",
    "503, , PASSING",
    "502, , PASSING",
    "429, , PASSING",
    "500, , PASSING",
    "401, , ACCESS",
    "403, , ACCESS",
    "500, 497, ACCESS",
    "500, 164, ACCESS",
    "404, 60, STATEMENT",
    "500, 16, STATEMENT",
    "400, 62, STATEMENT"
  })
  void whatHelpsFollowsFromTheAnswer(int status, @Nullable String code, Kind kind)
      throws Exception {
    assertThat(failure(status, code, "words").kind()).isEqualTo(kind);
  }

  /** A failure after the first rows of an answer comes with status 200 and a header. */
  @Test
  void aFailureWithinAnAnswerIsAFailure() throws Exception {
    assertThat(failure(200, "241", "Code: 241. Memory limit").kind()).isEqualTo(Kind.PASSING);
  }

  @Test
  void anotherServerIsNoClickHouse() throws Exception {
    HttpServer server = plain(200, null, "<html>Welcome to nginx!</html>");
    try {
      assertThatThrownBy(
              () ->
                  new ClickHouseClient(
                          ClickHouseSettings.of(
                              "http://127.0.0.1:" + server.getAddress().getPort()))
                      .version())
          .isInstanceOf(ClickHouseException.class)
          .hasMessageContaining("is no HTTP interface of ClickHouse")
          .hasMessageContaining("Welcome to nginx!");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatNeverAnswersIsLeftAfterAWhile() throws Exception {
    HttpServer server = plain(200, null, null);
    try {
      ClickHouseException silent =
          failure(
              new ClickHouseSettings(
                  java.net.URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                  "default",
                  null,
                  null,
                  Duration.ofMillis(1_200)));
      assertThat(silent.isPassing()).isTrue();
      assertThat(silent).hasMessageContaining("no answer within 1 s");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerWithTlsIsTrustedByItsAuthorityAlone() throws Exception {
    TlsCertificate authority = TlsCertificate.authority(Files.createDirectory(folder.resolve("a")));
    TlsCertificate other = TlsCertificate.authority(Files.createDirectory(folder.resolve("b")));
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(authority.issue("server", "ip:127.0.0.1"))) {
      own.load(in, TlsCertificate.PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, TlsCertificate.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    HttpsServer made =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.setHttpsConfigurator(new HttpsConfigurator(context));
    HttpServer server = server(made, 200, null, "{\"v\":\"25.8.1\"}\n");
    String address = "https://127.0.0.1:" + server.getAddress().getPort();
    try {
      assertThat(
              new ClickHouseClient(
                      ClickHouseSettings.of(
                          address, Map.of(ClickHouseSettings.CERTIFICATES, authority.pem())))
                  .version())
          .isEqualTo("25.8.1");
      for (ClickHouseSettings stranger :
          List.of(
              ClickHouseSettings.of(address),
              ClickHouseSettings.of(
                  address, Map.of(ClickHouseSettings.CERTIFICATES, other.pem())))) {
        ClickHouseException refused = failure(stranger);
        assertThat(refused.kind()).isEqualTo(Kind.ACCESS);
        assertThat(refused)
            .hasMessageContaining("no TLS with ClickHouse at " + address)
            .hasMessageContaining("name the authority of its certificate in --clickhouseConfig");
      }
    } finally {
      server.stop(0);
    }
  }
}
