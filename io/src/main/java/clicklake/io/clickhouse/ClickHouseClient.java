package clicklake.io.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A ClickHouse server over HTTP, with what all its versions since 18.16 understand. Tries once;
 * those who may try again are told by {@link ClickHouseException#isPassing()}. Safe for use by
 * several threads.
 */
public final class ClickHouseClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ClickHouseSettings settings;
  private final HttpClient http;
  private final String authorization;

  /**
   * Connects at the first call.
   *
   * @throws IllegalArgumentException if the settings' certificates are none
   */
  public ClickHouseClient(ClickHouseSettings settings) {
    this.settings = requireNonNull(settings, "settings");
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.answerWithin());
    String certificates = settings.certificates();
    if (certificates != null) {
      builder.sslContext(trusting(certificates));
    }
    this.http = builder.build();
    String password = settings.password();
    byte[] login = (settings.user() + ":" + (password == null ? "" : password)).getBytes(UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private static SSLContext trusting(String certificates) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificates.getBytes(UTF_8)))) {
        trusted.setCertificateEntry("authority-" + number++, certificate);
      }
      if (number == 0) {
        throw new IllegalArgumentException("there is no certificate in PEM form");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the certificates cannot be read: " + e.getMessage(), e);
    }
  }

  /** Which server this speaks to. */
  public ClickHouseSettings settings() {
    return settings;
  }

  /**
   * The server's version, such as {@code 18.16.1}.
   *
   * @throws ClickHouseException if it does not answer, or is no ClickHouse
   */
  public String version() {
    String what = "asking for the version";
    List<JsonNode> rows = rows(what, send(what, null, "SELECT version() AS v FORMAT JSONEachRow"));
    if (rows.size() != 1 || !rows.get(0).path("v").isTextual()) {
      throw ClickHouseFailures.notClickHouse(settings, what, rows.toString());
    }
    return rows.get(0).path("v").asText();
  }

  /**
   * Runs a statement without a result.
   *
   * @param what names the statement in messages: «creating table …»
   * @throws ClickHouseException if it failed; it may have been carried out even so
   */
  public void execute(String what, String statement) {
    send(what, null, statement);
  }

  /**
   * Runs a query.
   *
   * @param query without FORMAT
   * @return its rows, each an object by column; 64-bit numbers may come as texts
   * @throws ClickHouseException if it failed
   */
  public List<JsonNode> query(String what, String query) {
    return rows(what, send(what, null, query + "\nFORMAT JSONEachRow"));
  }

  private List<JsonNode> rows(String what, String answer) {
    List<JsonNode> rows = new ArrayList<>();
    try {
      for (String line : answer.split("\n", -1)) {
        if (!line.isBlank()) {
          rows.add(JSON.readTree(line));
        }
      }
    } catch (JsonProcessingException e) {
      throw ClickHouseFailures.notClickHouse(settings, what, answer);
    }
    return rows;
  }

  /**
   * Inserts rows in one request. The server may take some of them and fail: inserting all of them
   * once more must do no harm, as in a ReplacingMergeTree.
   *
   * @param rows one list of values a row, in the order of the columns; see {@link RowText}
   * @throws ClickHouseException if it failed
   */
  public void insert(
      String table, List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    String statement =
        "INSERT INTO " + table + " (" + String.join(", ", columns) + ") FORMAT JSONEachRow";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(body)) {
      RowText.write(columns, rows, packed);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    send("inserting " + rows.size() + " rows into " + table, statement, body.toByteArray());
  }

  private String send(String what, @Nullable String statement, String text) {
    return send(what, statement, BodyPublishers.ofString(text), false);
  }

  private void send(String what, String statement, byte[] packed) {
    send(what, statement, BodyPublishers.ofByteArray(packed), true);
  }

  private String send(String what, @Nullable String statement, BodyPublisher body, boolean packed) {
    // Until the end is known nothing is answered: a failure halfway is a status, not half a result.
    String parameters = "/?wait_end_of_query=1";
    if (statement != null) {
      parameters += "&query=" + URLEncoder.encode(statement, UTF_8);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.endpoint() + parameters))
            .timeout(settings.answerWithin())
            .header("Authorization", authorization)
            .POST(body);
    if (packed) {
      request.header("Content-Encoding", "gzip");
    }
    HttpResponse<String> answer;
    try {
      answer = http.send(request.build(), BodyHandlers.ofString(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ClickHouseFailures.interrupted(settings, what);
    } catch (IOException e) {
      throw ClickHouseFailures.unreachable(settings, what, e);
    }
    String code = answer.headers().firstValue("X-ClickHouse-Exception-Code").orElse(null);
    if (answer.statusCode() != 200 || code != null) {
      throw ClickHouseFailures.refused(settings, what, answer.statusCode(), code, answer.body());
    }
    return answer.body();
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
