package clicklake.io.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import clicklake.io.audit.LakeAudit;
import clicklake.io.lake.EventLake;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.LakeException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a job says of what AWS answers, as AWS documents its answers. */
class S3FailuresTest {
  private static final String ROOT = "s3://clicks-lake/lake";
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(5);
  private static final Map<String, String> FRANKFURT =
      Map.of("x-amz-bucket-region", "eu-central-1");
  private static final String IN_FRANKFURT =
      "the bucket clicks-lake is in the region eu-central-1; give it as --s3Region";
  private static final String NO_ACCESS =
      "no access to the bucket clicks-lake; allow the reading, writing, listing and deleting of"
          + " objects below the lake's prefix";

  /** Answers of AWS to every request, each with the remedy that a job tells. */
  enum Refusal {
    EXPIRED_TOKEN(
        400,
        Map.of(),
        "ExpiredToken",
        "<Message>The provided token has expired.</Message><Token-0>IQoJb3JpZ2lu</Token-0>",
        "the credentials have expired; renew them, or use a role that renews them itself"),
    INVALID_TOKEN(
        400,
        Map.of(),
        "InvalidToken",
        "<Message>The provided token is malformed or otherwise invalid.</Message>",
        "the store does not accept the credentials (InvalidToken); check the keys in --s3Config or"
            + " the environment"),
    INVALID_KEY(
        403,
        Map.of(),
        "InvalidAccessKeyId",
        "<Message>The AWS Access Key Id you provided does not exist in our records.</Message>"
            + "<AWSAccessKeyId>AKIA</AWSAccessKeyId>",
        "the store does not accept the credentials (InvalidAccessKeyId); check the keys in"
            + " --s3Config or the environment"),
    WRONG_SIGNATURE(
        403,
        Map.of(),
        "SignatureDoesNotMatch",
        "<Message>The request signature we calculated does not match the signature you provided."
            + " Check your key and signing method.</Message>",
        "the store does not accept the credentials (SignatureDoesNotMatch); check the keys in"
            + " --s3Config or the environment"),
    PERMANENT_REDIRECT(
        301,
        FRANKFURT,
        "PermanentRedirect",
        "<Message>The bucket you are attempting to access must be addressed using the specified"
            + " endpoint. Please send all future requests to this endpoint.</Message>"
            + "<Endpoint>clicks-lake.s3.eu-central-1.amazonaws.com</Endpoint>"
            + "<Bucket>clicks-lake</Bucket>",
        IN_FRANKFURT),
    MALFORMED_HEADER(
        400,
        Map.of(),
        "AuthorizationHeaderMalformed",
        "<Message>The authorization header is malformed; the region 'us-east-1' is wrong; expecting"
            + " 'eu-central-1'</Message><Region>eu-central-1</Region>",
        "the bucket clicks-lake is in another region; give it as --s3Region"),
    WRONG_LOCATION(
        400,
        Map.of(),
        "IllegalLocationConstraintException",
        "<Message>The eu-south-1 location constraint is incompatible for the region specific"
            + " endpoint this request was sent to.</Message>",
        "the bucket clicks-lake is in another region; give it as --s3Region"),
    CLOCK_OFF(
        403,
        Map.of(),
        "RequestTimeTooSkewed",
        "<Message>The difference between the request time and the current time is too large."
            + "</Message><RequestTime>20240505T120000Z</RequestTime>"
            + "<ServerTime>2024-05-05T13:00:00Z</ServerTime>"
            + "<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>",
        "this machine's clock differs too much from the store's; set it right (NTP)"),
    ACCESS_DENIED(403, Map.of(), "AccessDenied", "<Message>Access Denied</Message>", NO_ACCESS),
    ACCESS_DISABLED(
        403,
        Map.of(),
        "AllAccessDisabled",
        "<Message>All access to this object has been disabled.</Message>",
        NO_ACCESS),
    NO_BUCKET(
        404,
        Map.of(),
        "NoSuchBucket",
        "<Message>The specified bucket does not exist</Message>"
            + "<BucketName>clicks-lake</BucketName>",
        "there is no bucket clicks-lake; create it, or correct --lake and --s3Endpoint");

    private final Answer answer;
    private final String remedy;

    Refusal(int status, Map<String, String> headers, String code, String body, String remedy) {
      this.answer = Answer.refusal(status, headers, code, body);
      this.remedy = remedy;
    }
  }

  /** A look at an object is answered without a body, so without a code. */
  enum Look {
    MOVED(301, FRANKFURT, IN_FRANKFURT),
    EXPIRED_OR_MOVED(
        400,
        Map.of(),
        "the credentials have expired, or the bucket clicks-lake is in another region (the store"
            + " answered 400 and no more); renew them, or give the region as --s3Region"),
    MOVED_OR_EXPIRED(
        400,
        FRANKFURT,
        "the credentials have expired, or the bucket clicks-lake, which is in the region"
            + " eu-central-1, was asked for in another (the store answered 400 and no more); renew"
            + " them, or give the region as --s3Region"),
    REFUSED(403, Map.of(), NO_ACCESS);

    private final Answer answer;
    private final String remedy;

    Look(int status, Map<String, String> headers, String remedy) {
      this.answer = new Answer(status, headers, "");
      this.remedy = remedy;
    }
  }

  private record Answer(int status, Map<String, String> headers, String body) {
    static final Answer PUT = new Answer(200, Map.of("ETag", "\"0123\""), "");
    static final Answer DELETED = new Answer(204, Map.of(), "");

    static Answer refusal(int status, Map<String, String> headers, String code, String body) {
      return new Answer(
          status,
          headers,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
              + code
              + "</Code>"
              + body
              + "<RequestId>656C76696E672</RequestId><HostId>Uuag1LuByRx9e6j5Onim</HostId></Error>");
    }
  }

  private interface Script {
    Answer answer(String request);
  }

  private HttpServer server;
  private Script script = request -> Answer.DELETED;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> puts = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(request);
      Answer answer = script.answer(request);
      if (request.startsWith("PUT ") && answer.status() == 200) {
        puts.add(request);
      }
      byte[] body =
          request.startsWith("HEAD ")
              ? new byte[0]
              : answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("x-amz-request-id", "656C76696E672");
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private S3Settings settings() {
    return new S3Settings(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
        "us-east-1",
        true,
        "none",
        null,
        new S3Settings.Credentials("key", "secret", "token"),
        null);
  }

  private LakeLocation location() {
    return new LakeLocation(ROOT, settings().properties());
  }

  /** What {@code stream} does first. */
  private void check() {
    EventLake.at(location()).check();
  }

  private void verify() {
    LakeAudit.of(
            EventLake.at(location()),
            Duration.ofHours(24),
            (value, received) -> Optional.empty(),
            SpillFolder.OF_JVM)
        .run();
  }

  /** The line of a failure that comes at once. */
  private static String lineOf(ThrowingCallable job) {
    long start = System.nanoTime();
    Throwable failure = catchThrowable(job);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(A_FEW_SECONDS);
    assertThat(failure).isInstanceOf(LakeException.class);
    assertThat(failure.getMessage()).isNotNull().hasLineCount(1);
    return failure.getMessage();
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void aStartThatIsRefusedIsOneLineAndPutsNothing(Refusal refusal) {
    script = request -> refusal.answer;

    assertThat(lineOf(this::check))
        .isEqualTo("cannot use the lake at " + ROOT + ": " + refusal.remedy);
    assertThat(puts).isEmpty();
    assertThat(requests)
        .hasSize(2)
        .allMatch(request -> request.startsWith("PUT /clicks-lake/lake/_clicklake/probe-"));
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void aReaderThatIsRefusedIsOneLineAndTriesNoMore(Refusal refusal) {
    script = request -> refusal.answer;

    assertThat(lineOf(this::verify))
        .startsWith("cannot ")
        .contains(" " + ROOT + "/")
        .endsWith(": " + refusal.remedy);
    assertThat(requests).hasSizeLessThan(10).allMatch(request -> request.startsWith("GET "));
  }

  @ParameterizedTest
  @EnumSource(Look.class)
  void aLookThatIsRefusedHasARemedyThoughNoCode(Look look) {
    script = request -> look.answer;

    Throwable failure =
        catchThrowable(() -> new S3Files(settings()).getFileStatus(ROOT + "/a/file"));

    assertThat(failure).isInstanceOf(RemediedException.class).hasMessage(look.remedy);
    assertThat(requests).containsExactly("HEAD /clicks-lake/lake/a/file");
  }

  @Test
  void aReaderWhoseClockIsOffTakesTheStoresTime() throws IOException {
    script =
        request ->
            requests.size() == 1
                ? Refusal.CLOCK_OFF.answer
                : new Answer(200, Map.of("ETag", "\"0123\""), "read");

    try (SeekableInputStream in =
        new S3Files(settings()).newInputFile(ROOT + "/a/file", -1).newStream()) {
      byte[] content = new byte[4];
      in.readFully(content, 0, 4);
      assertThat(content).asString(StandardCharsets.UTF_8).isEqualTo("read");
    }
    assertThat(requests)
        .containsExactly("GET /clicks-lake/lake/a/file", "GET /clicks-lake/lake/a/file");
  }

  @Test
  void aStoreThatKnowsNoConditionIsOneLine() {
    script =
        request ->
            Answer.refusal(
                501,
                Map.of(),
                "NotImplemented",
                "<Message>A header you provided implies functionality that is not implemented"
                    + "</Message><Header>If-None-Match</Header>");

    assertThat(lineOf(this::check))
        .startsWith("cannot use the lake at " + ROOT + ": this store has no conditional puts")
        .endsWith("; use one that has: AWS S3, or a current version of yours");
    assertThat(puts).isEmpty();
    assertThat(requests).hasSize(2);
  }

  @Test
  void aStoreThatIgnoresTheConditionIsOneLineAndKeepsNothing() {
    script = request -> request.startsWith("PUT ") ? Answer.PUT : Answer.DELETED;

    assertThat(lineOf(this::check))
        .startsWith("cannot use the lake at " + ROOT + ": this store has no conditional puts")
        .endsWith("; use one that has: AWS S3, or a current version of yours");
    assertThat(puts).hasSize(2);
    assertThat(requests).hasSize(3);
    assertThat(requests.get(2)).isEqualTo(puts.get(0).replace("PUT ", "DELETE "));
    assertThat(puts.get(1)).isEqualTo(puts.get(0));
  }
}
