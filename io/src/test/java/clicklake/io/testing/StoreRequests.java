package clicklake.io.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * Counts what the clients of this JVM send to a store, retries too, and has the store refuse some
 * objects: requests for them are sent as nobody's. The SDK finds it by its file of interceptors.
 */
public final class StoreRequests implements ExecutionInterceptor {
  private static final ConcurrentMap<String, AtomicInteger> SENT = new ConcurrentHashMap<>();
  private static final Set<String> AS_NOBODY = ConcurrentHashMap.newKeySet();

  /** How many requests of a kind, {@code GetObject}, were sent to a bucket. */
  public static int sent(String bucket, String kind) {
    return count(bucket, kind).get();
  }

  /** How many requests were sent to a bucket. */
  public static int sent(String bucket) {
    return count(bucket, "all").get();
  }

  /** From now on the store refuses to show or give an object; listing prefixes are keys too. */
  public static void refuse(String bucket, String key) {
    AS_NOBODY.add(bucket + "/" + key);
  }

  /** Takes {@link #refuse} back. */
  public static void allow(String bucket, String key) {
    AS_NOBODY.remove(bucket + "/" + key);
  }

  private static AtomicInteger count(String bucket, String kind) {
    return SENT.computeIfAbsent(bucket + " " + kind, first -> new AtomicInteger());
  }

  private static String bucket(SdkRequest request) {
    return request.getValueForField("Bucket", String.class).orElse("");
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    String field = request instanceof ListObjectsV2Request ? "Prefix" : "Key";
    String key = request.getValueForField(field, String.class).orElse("");
    if (!AS_NOBODY.contains(bucket(request) + "/" + key)) {
      return request;
    }
    if (request instanceof GetObjectRequest get) {
      return get.toBuilder().overrideConfiguration(asNobody()).build();
    }
    if (request instanceof HeadObjectRequest head) {
      return head.toBuilder().overrideConfiguration(asNobody()).build();
    }
    if (request instanceof ListObjectsV2Request list) {
      return list.toBuilder().overrideConfiguration(asNobody()).build();
    }
    return request;
  }

  private static AwsRequestOverrideConfiguration asNobody() {
    return AwsRequestOverrideConfiguration.builder()
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .build();
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    String bucket = bucket(context.request());
    String kind = context.request().getClass().getSimpleName().replaceFirst("Request$", "");
    count(bucket, kind).incrementAndGet();
    count(bucket, "all").incrementAndGet();
  }
}
