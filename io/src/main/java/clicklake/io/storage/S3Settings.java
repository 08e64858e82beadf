package clicklake.io.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How to reach an object store that speaks S3. Read from the properties of a lake's location, whose
 * names are the constants here; its {@code toString} shows no secret.
 *
 * @param endpoint the store's address; null for AWS
 * @param region the bucket's region; null for what the environment says
 * @param pathStyle whether the bucket's name is in the path and not in the host
 * @param encryption how objects are encrypted: {@code none}, {@code AES256} or {@code aws:kms}
 * @param kmsKey key for {@code aws:kms}; null for the bucket's default
 * @param credentials null for the SDK's default chain: environment, profile, web identity, instance
 * @param proxy an HTTP proxy, {@code http://user:password@host:port}; null for none
 */
public record S3Settings(
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle,
    String encryption,
    @Nullable String kmsKey,
    @Nullable Credentials credentials,
    @Nullable URI proxy) {
  public static final String ENDPOINT = "endpoint";
  public static final String REGION = "region";
  public static final String PATH_STYLE = "pathStyle";
  public static final String ENCRYPTION = "sse";
  public static final String KMS_KEY = "kmsKey";
  public static final String ACCESS_KEY = "accessKeyId";
  public static final String SECRET_KEY = "secretAccessKey";
  public static final String SESSION_TOKEN = "sessionToken";
  public static final String PROXY = "proxy";

  /** What a file with settings may hold: what is secret, or belongs to the machine. */
  public static final Set<String> IN_A_FILE = Set.of(ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, PROXY);

  /** Settings for a store of AWS, by the SDK's defaults. */
  public static final S3Settings DEFAULT =
      new S3Settings(null, null, false, "none", null, null, null);

  private static final Set<String> ALL =
      Set.of(
          ENDPOINT,
          REGION,
          PATH_STYLE,
          ENCRYPTION,
          KMS_KEY,
          ACCESS_KEY,
          SECRET_KEY,
          SESSION_TOKEN,
          PROXY);

  /** A key of its own. */
  public record Credentials(
      String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /**
   * Settings from properties.
   *
   * @throws IllegalArgumentException if some are wrong; names every one
   */
  public static S3Settings of(Map<String, String> properties) {
    List<String> faults = new ArrayList<>();
    Set<String> unknown = new TreeSet<>(properties.keySet());
    unknown.removeAll(ALL);
    unknown.forEach(name -> faults.add(name + " is not known"));
    String encryption = properties.getOrDefault(ENCRYPTION, "none");
    if (!Set.of("none", "AES256", "aws:kms").contains(encryption)) {
      faults.add(ENCRYPTION + " is none, AES256 or aws:kms");
    }
    String kmsKey = properties.get(KMS_KEY);
    if (kmsKey != null && !encryption.equals("aws:kms")) {
      faults.add(KMS_KEY + " needs " + ENCRYPTION + " aws:kms");
    }
    S3Settings settings =
        new S3Settings(
            uri(properties, ENDPOINT, faults),
            properties.get(REGION),
            Boolean.parseBoolean(properties.getOrDefault(PATH_STYLE, "false")),
            encryption,
            kmsKey,
            credentials(properties, faults),
            uri(properties, PROXY, faults));
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return settings;
  }

  private static @Nullable Credentials credentials(
      Map<String, String> properties, List<String> faults) {
    String key = properties.get(ACCESS_KEY);
    String secret = properties.get(SECRET_KEY);
    if (key != null && secret != null) {
      return new Credentials(key, secret, properties.get(SESSION_TOKEN));
    }
    if (key != null || secret != null || properties.containsKey(SESSION_TOKEN)) {
      faults.add(ACCESS_KEY + " and " + SECRET_KEY + " belong together");
    }
    return null;
  }

  private static @Nullable URI uri(
      Map<String, String> properties, String name, List<String> faults) {
    String text = properties.get(name);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null
          && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, with all other faults.
    }
    faults.add(name + " is not http://host:port or https://host:port");
    return null;
  }

  /** Without the key, and without the name and password that a proxy may have in its address. */
  @Override
  public String toString() {
    return "S3Settings[endpoint=%s, region=%s, pathStyle=%s, encryption=%s, kmsKey=%s]"
        .formatted(endpoint, region, pathStyle, encryption, kmsKey);
  }

  /** The properties that {@link #of} reads. */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    put(properties, ENDPOINT, endpoint);
    put(properties, REGION, region);
    put(properties, PATH_STYLE, pathStyle ? "true" : null);
    put(properties, ENCRYPTION, encryption.equals("none") ? null : encryption);
    put(properties, KMS_KEY, kmsKey);
    if (credentials != null) {
      put(properties, ACCESS_KEY, credentials.accessKeyId());
      put(properties, SECRET_KEY, credentials.secretAccessKey());
      put(properties, SESSION_TOKEN, credentials.sessionToken());
    }
    put(properties, PROXY, proxy);
    return properties;
  }

  private static void put(Map<String, String> properties, String name, @Nullable Object value) {
    if (value != null) {
      properties.put(name, value.toString());
    }
  }
}
