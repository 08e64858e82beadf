package clicklake.io.clickhouse;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a ClickHouse server. Its {@code toString} shows no secret.
 *
 * @param endpoint {@code http} or {@code https}, host and port of the server's HTTP interface
 * @param user who logs in; the server's {@code default} user if nobody is named
 * @param password null if the user has none
 * @param certificates PEM text of the authorities that may sign the server's certificate; null for
 *     those that the JVM trusts
 * @param answerWithin how long a connection, and then an answer, is waited for
 */
public record ClickHouseSettings(
    URI endpoint,
    String user,
    @Nullable String password,
    @Nullable String certificates,
    Duration answerWithin)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public static final String USER = "user";
  public static final String PASSWORD = "password";
  public static final String CERTIFICATES = "certificates";
  public static final String ANSWER_WITHIN = "answerWithinSeconds";

  /** What a file with settings may hold. */
  public static final Set<String> IN_A_FILE = Set.of(USER, PASSWORD, CERTIFICATES, ANSWER_WITHIN);

  private static final Duration DEFAULT_ANSWER_WITHIN = Duration.ofSeconds(30);

  public ClickHouseSettings {
    requireNonNull(endpoint, "endpoint");
    requireNonNull(user, "user");
    requireNonNull(answerWithin, "answerWithin");
  }

  /**
   * The default user without a password.
   *
   * @throws IllegalArgumentException if it is no address of an HTTP interface
   */
  public static ClickHouseSettings of(String endpoint) {
    return of(endpoint, Map.of());
  }

  /**
   * Settings from an address and properties, whose names are the constants here.
   *
   * @throws IllegalArgumentException if some are wrong; names every one
   */
  public static ClickHouseSettings of(String endpoint, Map<String, String> properties) {
    List<String> faults = new ArrayList<>();
    Set<String> unknown = new TreeSet<>(properties.keySet());
    unknown.removeAll(IN_A_FILE);
    unknown.forEach(name -> faults.add(name + " is not known"));
    URI address = address(endpoint, faults);
    Duration answerWithin = DEFAULT_ANSWER_WITHIN;
    String seconds = properties.get(ANSWER_WITHIN);
    if (seconds != null) {
      try {
        answerWithin = Duration.ofSeconds(Integer.parseInt(seconds));
      } catch (NumberFormatException e) {
        answerWithin = Duration.ZERO;
      }
      if (answerWithin.isZero() || answerWithin.isNegative()) {
        faults.add(ANSWER_WITHIN + " is a whole number of seconds above 0");
      }
    }
    String certificates = properties.get(CERTIFICATES);
    if (certificates != null && address != null && !"https".equals(address.getScheme())) {
      faults.add(CERTIFICATES + " needs an address that begins with https");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return new ClickHouseSettings(
        requireNonNull(address),
        properties.getOrDefault(USER, "default"),
        properties.get(PASSWORD),
        certificates,
        answerWithin);
  }

  private static @Nullable URI address(String endpoint, List<String> faults) {
    URI uri;
    try {
      uri = new URI(endpoint);
    } catch (URISyntaxException e) {
      faults.add("it is no address; write http://host:8123 or https://host:8443");
      return null;
    }
    if (uri.getRawUserInfo() != null) {
      faults.add("user and password belong in a file, not in the address");
      return null;
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    String path = uri.getRawPath();
    if (!http
        || uri.getHost() == null
        || path != null && !path.isEmpty() && !path.equals("/")
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      faults.add("it is no address of an HTTP interface; write http://host:8123");
      return null;
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 8443 : 8123;
    return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + port);
  }

  /** The server's address. */
  @Override
  public String toString() {
    return "ClickHouse at " + endpoint;
  }
}
