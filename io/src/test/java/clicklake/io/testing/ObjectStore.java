package clicklake.io.testing;

import clicklake.io.storage.S3Settings;
import clicklake.schemas.lake.LakeLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * A real store that speaks S3 (s3proxy over a folder) in a child process, for tests. It checks
 * signatures and puts conditionally; nothing listens beyond 127.0.0.1.
 *
 * <p>{@link #shared()} is the one to use unless a test wants a store to itself.
 */
public final class ObjectStore implements AutoCloseable {
  /** The property that says where the tests of this JVM keep their lakes: disk or s3. */
  public static final String STORAGE = "clicklake.storage";

  public static final String ACCESS_KEY = "clicklake";
  public static final String SECRET_KEY = "a secret of tests";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static @Nullable ObjectStore shared;

  private static @Nullable ObjectStore ofTemporaryFolders;

  private final Path folder;
  private final Path data;
  private final ChildProcess process;
  private final int port;

  private ObjectStore(@Nullable Path buckets) {
    try {
      folder = Files.createTempDirectory("clicklake-store-");
      data = buckets == null ? Files.createDirectory(folder.resolve("data")) : buckets;
      // It takes a free port itself, and says which.
      Path properties =
          Files.writeString(
              folder.resolve("s3proxy.conf"),
              String.join(
                  "\n",
                  "s3proxy.endpoint=http://127.0.0.1:0",
                  "s3proxy.authorization=aws-v2-or-v4",
                  "s3proxy.identity=" + ACCESS_KEY,
                  "s3proxy.credential=" + SECRET_KEY,
                  "jclouds.provider=filesystem-nio2",
                  "jclouds.filesystem.basedir=" + data,
                  ""));
      Path logging =
          Files.writeString(
              folder.resolve("logback.xml"),
              """
              <configuration>
                <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                  <encoder><pattern>%level %logger{0}: %msg%n</pattern></encoder>
                </appender>
                <root level="INFO"><appender-ref ref="OUT"/></root>
              </configuration>
              """);
      process =
          ChildProcess.java("org.gaul.s3proxy.Main")
              .name("object store")
              .classPath(ServiceClassPath.of("object-store"))
              .flags("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
              .flags("-Dlogback.configurationFile=" + logging)
              .arguments("--properties", properties.toString())
              .log(folder.resolve("store.log"))
              .start();
      port = awaitPort();
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start an object store", failure);
    }
  }

  private int awaitPort() {
    try {
      String started = process.awaitLine("ServerConnector@", PATIENCE);
      return Integer.parseInt(started.replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1"));
    } catch (RuntimeException | Error failure) {
      process.close();
      throw failure;
    }
  }

  /** The store of this test JVM: started at the first call, stopped when the JVM ends. */
  public static synchronized ObjectStore shared() {
    ObjectStore store = shared;
    if (store == null) {
      store = new ObjectStore(null);
      shared = store;
      Runtime.getRuntime().addShutdownHook(new Thread(store::close, "close-shared-store"));
    }
    return store;
  }

  /**
   * Where a temporary folder of a test is a bucket: what a job writes to the store, the test finds
   * as files in the folder. One a JVM.
   */
  public static synchronized ObjectStore ofTemporaryFolders() {
    ObjectStore store = ofTemporaryFolders;
    if (store == null) {
      store = new ObjectStore(TEMPORARY);
      ofTemporaryFolders = store;
      Runtime.getRuntime().addShutdownHook(new Thread(store::close, "close-folder-store"));
    }
    return store;
  }

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  /** Whether the tests of this JVM keep their lakes in a store. */
  public static boolean keepsLakes() {
    return "s3".equals(System.getProperty(STORAGE));
  }

  /**
   * The same options, with a {@code --lake} below the temporary folders at its place in a store, if
   * the tests of this JVM keep their lakes there.
   */
  public static List<String> withLakesInStore(List<String> options) {
    return keepsLakes() ? inStore(options) : options;
  }

  /**
   * The same options, with a {@code --lake} below the temporary folders at its place in a store.
   */
  public static List<String> inStore(List<String> options) {
    return inStore(options, ofTemporaryFolders().endpoint());
  }

  /** The same through something before the store. */
  public static List<String> inStore(List<String> options, URI endpoint) {
    List<String> all = new ArrayList<>();
    for (String option : options) {
      if (option.startsWith("--lake=" + TEMPORARY)) {
        all.add("--lake=s3://" + TEMPORARY.relativize(Path.of(option.substring(7))));
        all.add("--s3Endpoint=" + endpoint);
        all.add("--s3Region=us-east-1");
        all.add("--s3PathStyle");
        all.add("--s3Config=" + ofTemporaryFolders().config());
      } else {
        all.add(option);
      }
    }
    return all;
  }

  /**
   * A lake in a folder below the temporary folders, or at its place in a store, if the tests of
   * this JVM keep their lakes there.
   */
  public static LakeLocation lakeAt(Path folder) {
    return keepsLakes()
        ? new LakeLocation(
            "s3://" + TEMPORARY.relativize(folder), ofTemporaryFolders().settings().properties())
        : LakeLocation.of(folder);
  }

  /** What {@link #inStore} makes of a folder, as Hadoop calls it. */
  public static String hadoopLocation(Path folder) {
    return "s3a://" + TEMPORARY.relativize(folder);
  }

  /** The bucket in which {@link #inStore} puts a folder. */
  public static String bucketOf(Path folder) {
    return TEMPORARY.relativize(folder).getName(0).toString();
  }

  private synchronized Path config() {
    Path file = folder.resolve("s3.properties");
    try {
      return Files.exists(file) ? file : writeConfig(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts a store of the caller's own, who closes it. Takes about two seconds. */
  public static ObjectStore startNew() {
    return new ObjectStore(null);
  }

  /** The store's address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  /** How to reach the store. */
  public S3Settings settings() {
    return settings(endpoint());
  }

  /** How to reach the store through something before it. */
  public static S3Settings settings(URI endpoint) {
    return new S3Settings(
        endpoint,
        "us-east-1",
        true,
        "none",
        null,
        new S3Settings.Credentials(ACCESS_KEY, SECRET_KEY, null),
        null);
  }

  /** A bucket that no other test has. */
  public String newBucket() {
    String name = "bucket-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    try {
      // A folder of the store is a bucket.
      Files.createDirectory(data.resolve(name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return name;
  }

  /** Where the objects of a bucket lie as files: a file that is put there is an object. */
  public Path folder(String bucket) {
    return data.resolve(bucket);
  }

  /** Keys of the uploads in parts that are open in a bucket. */
  public List<String> openUploads(String bucket) {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint())
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .httpClientBuilder(ApacheHttpClient.builder())
            .build()) {
      return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().stream()
          .map(MultipartUpload::key)
          .toList();
    }
  }

  /** A place for a lake that no other test has. */
  public LakeLocation newLake() {
    return new LakeLocation("s3://" + newBucket() + "/lakes/one", settings().properties());
  }

  /** The file with secrets that {@code --s3Config} takes. */
  public Path writeConfig(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    Map<String, String> keys =
        Map.of(S3Settings.ACCESS_KEY, ACCESS_KEY, S3Settings.SECRET_KEY, SECRET_KEY);
    keys.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  /** Ends the store and deletes its data. */
  @Override
  public void close() {
    process.close();
    TemporaryFolder.delete(folder);
  }
}
