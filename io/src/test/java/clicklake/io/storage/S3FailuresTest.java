package clicklake.io.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import clicklake.io.lake.EventLake;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is told when S3 refuses: its answers are those of <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">its list of
 * errors</a>.
 */
class S3FailuresTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status;
  private volatile String code = "";
  private volatile Map<String, String> headers = Map.of();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod());
    exchange.getRequestBody().readAllBytes();
    headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    boolean head = exchange.getRequestMethod().equals("HEAD");
    byte[] body =
        code.isEmpty() || head
            ? new byte[0]
            : ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
                    + code
                    + "</Code><Message>in S3's words</Message><RequestId>1</RequestId></Error>")
                .getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private S3Settings settings() {
    return new S3Settings(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
        "eu-central-1",
        true,
        "none",
        null,
        new S3Settings.Credentials("AKIDEXAMPLE", "a secret of tests", null),
        null);
  }

  private LakeLocation lake() {
    return new LakeLocation("s3://clicks/lake", settings().properties());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "400|ExpiredToken|the credentials have expired; renew them, or use a role that renews them"
            + " itself",
        "403|InvalidAccessKeyId|the store does not accept the credentials (InvalidAccessKeyId);"
            + " check the keys in --s3Config or the environment",
        "403|SignatureDoesNotMatch|the store does not accept the credentials"
            + " (SignatureDoesNotMatch); check the keys in --s3Config or the environment",
        "403|AccessDenied|no access to the bucket clicks; allow the reading, writing, listing and"
            + " deleting of objects below the lake's prefix",
        "301|PermanentRedirect|the bucket clicks is in another region; give it as --s3Region",
        "400|AuthorizationHeaderMalformed|the bucket clicks is in another region; give it as"
            + " --s3Region",
        "403|RequestTimeTooSkewed|this machine's clock differs too much from the store's; set it"
            + " right (NTP)",
        "404|NoSuchBucket|there is no bucket clicks; create it, or correct --lake and --s3Endpoint"
      })
  void aRefusalIsToldAtTheStartWithItsRemedy(int answered, String coded, String remedy) {
    status = answered;
    code = coded;
    headers = answered == 301 ? Map.of("x-amz-bucket-region", "us-west-2") : Map.of();
    long begun = System.nanoTime();

    assertThatThrownBy(() -> EventLake.at(lake()).check())
        .isInstanceOf(LakeException.class)
        .hasMessage("cannot use the lake at s3://clicks/lake: " + remedy);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    // The two puts of the probe, and none of them again.
    assertThat(requests).containsExactly("PUT", "PUT");
    requests.clear();
    if (coded.equals("RequestTimeTooSkewed")) {
      // The SDK sets its clock by the answer and reads again.
      return;
    }

    assertThatThrownBy(() -> EventLake.at(lake()).counts())
        .isInstanceOf(LakeException.class)
        .hasMessageContaining(remedy)
        .hasMessageNotContaining("secret")
        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    // Kernel asks three times for the newest checkpoint before it lists the log.
    assertThat(requests).hasSizeLessThan(5).containsOnly("GET");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "400|the store answered 400 and does not say why: the credentials may have expired, or the"
            + " bucket clicks is in another region; renew them, or give the region as --s3Region",
        "301|the bucket clicks is in another region; give it as --s3Region",
        "403|no access to the bucket clicks; allow the reading, writing, listing and deleting of"
            + " objects below the lake's prefix"
      })
  void aLookThatIsRefusedWithoutAWordIsToldAllTheSame(int answered, String remedy) {
    status = answered;

    IOException failure =
        catchThrowableOfType(
            IOException.class,
            () -> new S3Files(settings()).getFileStatus("s3://clicks/lake/object"));

    assertThat(failure).hasMessage(remedy);
    assertThat(requests).containsExactly("HEAD");
  }

  @Test
  void aStoreThatKnowsNoConditionalPutsIsNotUsed() {
    status = 501;
    code = "NotImplemented";

    assertThatThrownBy(() -> EventLake.at(lake()).check())
        .hasMessageStartingWith(
            "cannot use the lake at s3://clicks/lake: this store has no conditional puts")
        .hasMessageEndingWith("use one that has: AWS S3, or a current version of yours");
    assertThat(requests).containsExactly("PUT", "PUT");
  }

  @Test
  void aStoreThatIgnoresTheConditionIsNotUsed() {
    status = 200;
    headers = Map.of("ETag", "\"1\"");

    assertThatThrownBy(() -> EventLake.at(lake()).check())
        .hasMessageStartingWith(
            "cannot use the lake at s3://clicks/lake: this store has no conditional puts");
    // The probe is taken away again.
    assertThat(requests).containsExactly("PUT", "PUT", "DELETE");
  }
}
