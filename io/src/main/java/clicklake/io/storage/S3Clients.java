package clicklake.io.storage;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * The clients of a process for one store: one that retries, and one for conditional puts that does
 * not, on one pool of connections; and threads for calls that are made side by side.
 */
final class S3Clients {
  private static final Map<S3Settings, S3Clients> OPEN = new ConcurrentHashMap<>();
  private static final int CONNECTIONS = 64;
  private static final int THREADS = 32;
  private static final int ATTEMPTS = 8;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Looks and log files are small: 10 seconds without an answer are a failure, or in doubt. */
  private static final Duration SMALL = Duration.ofSeconds(10);

  private static final long BYTES_A_SECOND = 1 << 20;

  private final S3Settings settings;
  private final S3Client retrying;
  private final S3Client once;
  private final ThreadPoolExecutor threads;

  private S3Clients(S3Settings settings) {
    this.settings = settings;
    SdkHttpClient http = http(settings);
    this.retrying =
        client(settings, http)
            .overrideConfiguration(o -> o.apiCallAttemptTimeout(SMALL).retryStrategy(retries()))
            .build();
    this.once =
        client(settings, http)
            .overrideConfiguration(
                o ->
                    o.apiCallAttemptTimeout(SMALL).retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "storage calls");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** The clients for these settings. */
  static S3Clients of(S3Settings settings) {
    return OPEN.computeIfAbsent(settings, S3Clients::new);
  }

  /**
   * Without the SDK's own limit on the share of retries: a lake has nobody else to go to, and backs
   * off the longer the more attempts fail.
   */
  private static RetryStrategy retries() {
    return new ClockTriedOnce(
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(ATTEMPTS)
            .circuitBreakerEnabled(false)
            .build());
  }

  /** Gives a call time for its data. */
  static AwsRequestOverrideConfiguration timeFor(long bytes) {
    return AwsRequestOverrideConfiguration.builder()
        .apiCallAttemptTimeout(SMALL.plusSeconds(bytes / BYTES_A_SECOND))
        .build();
  }

  private static SdkHttpClient http(S3Settings settings) {
    ApacheHttpClient.Builder http =
        ApacheHttpClient.builder()
            .maxConnections(CONNECTIONS)
            .connectionTimeout(CONNECT)
            .socketTimeout(SILENCE)
            .connectionAcquisitionTimeout(SILENCE);
    URI proxy = settings.proxy();
    if (proxy != null) {
      http.proxyConfiguration(proxy(proxy));
    }
    return http.build();
  }

  private static ProxyConfiguration proxy(URI proxy) {
    String address = proxy.getScheme() + "://" + proxy.getHost();
    ProxyConfiguration.Builder configuration =
        ProxyConfiguration.builder()
            .endpoint(URI.create(proxy.getPort() < 0 ? address : address + ":" + proxy.getPort()));
    String user = proxy.getUserInfo();
    if (user != null) {
      int colon = user.indexOf(':');
      configuration
          .username(colon < 0 ? user : user.substring(0, colon))
          .password(colon < 0 ? "" : user.substring(colon + 1));
    }
    return configuration.build();
  }

  private static S3ClientBuilder client(S3Settings settings, SdkHttpClient http) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClient(http)
            .forcePathStyle(settings.pathStyle())
            // Other stores than AWS refuse the checksums that the SDK would add.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (settings.endpoint() != null) {
      client.endpointOverride(settings.endpoint());
    }
    if (settings.region() != null) {
      client.region(Region.of(settings.region()));
    } else if (settings.endpoint() != null) {
      // A store of its own has no regions, but requests are signed for one.
      client.region(Region.US_EAST_1);
    }
    S3Settings.Credentials keys = settings.credentials();
    if (keys != null) {
      client.credentialsProvider(
          StaticCredentialsProvider.create(
              keys.sessionToken() == null
                  ? AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())
                  : AwsSessionCredentials.create(
                      keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken())));
    }
    return client;
  }

  /** For reads, unconditional puts of unique names, and deletes: what may be sent twice. */
  S3Client retrying() {
    return retrying;
  }

  /** For conditional puts, whose retry the caller must know of. */
  S3Client once() {
    return once;
  }

  PutObjectRequest.Builder encrypted(PutObjectRequest.Builder request) {
    return settings.encryption().equals("none")
        ? request
        : request
            .serverSideEncryption(ServerSideEncryption.fromValue(settings.encryption()))
            .ssekmsKeyId(settings.kmsKey());
  }

  CreateMultipartUploadRequest.Builder encrypted(CreateMultipartUploadRequest.Builder request) {
    return settings.encryption().equals("none")
        ? request
        : request
            .serverSideEncryption(ServerSideEncryption.fromValue(settings.encryption()))
            .ssekmsKeyId(settings.kmsKey());
  }

  /** Makes one call beside the caller. */
  <T> Future<T> submit(Callable<T> call) {
    return threads.submit(call);
  }

  /**
   * Makes calls side by side. The caller makes those that no thread has begun: so calls may make
   * further calls side by side, and never wait for a thread that waits for them.
   */
  void makeAll(List<Runnable> calls) {
    List<FutureTask<?>> tasks = new ArrayList<>();
    for (Runnable call : calls) {
      tasks.add(new FutureTask<>(call, null));
    }
    for (int i = 0; i < tasks.size() - 1; i++) {
      threads.execute(tasks.get(i));
    }
    for (int i = tasks.size() - 1; i >= 0; i--) {
      // Does nothing if it has begun.
      tasks.get(i).run();
    }
    RuntimeException failure = null;
    for (FutureTask<?> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        if (failure == null) {
          failure =
              e.getCause() instanceof RuntimeException thrown
                  ? thrown
                  : new IllegalStateException(e.getCause());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = failure == null ? new IllegalStateException("interrupted", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
