package clicklake.io.storage;

import static java.util.Objects.requireNonNull;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Objects below a prefix of a bucket that others put there: to be listed and read. */
public final class S3Objects {
  private final S3Clients clients;
  private final S3Path folder;

  /**
   * An object as the store shows it.
   *
   * @param key its key in the bucket
   * @param size bytes
   * @param tag its ETag without quotes; empty if the store gives none that tells contents apart
   * @param modifiedMillis modification time, milliseconds since 1970; a look at one object may give
   *     whole seconds where a listing gives more
   */
  public record Listed(String key, long size, String tag, long modifiedMillis) {
    public Listed {
      requireNonNull(key, "key");
      requireNonNull(tag, "tag");
    }
  }

  /**
   * The objects below a folder.
   *
   * @param folder {@code s3://bucket/prefix}; a slash at its end is added if there is none
   * @throws IllegalArgumentException if it is no such address
   */
  public S3Objects(String folder, S3Settings settings) {
    S3Path given = S3Path.of(folder);
    boolean whole = given.key().isEmpty() || given.key().endsWith("/");
    this.folder = whole ? given : given.withKey(given.key() + "/");
    this.clients = S3Clients.of(settings);
  }

  /** The prefix of all keys, with a slash at its end; empty for a whole bucket. */
  public String prefix() {
    return folder.key();
  }

  /**
   * All objects below the folder and its folders, by ascending key: one request for every thousand.
   *
   * @throws IOException if the store does not answer or refuses to; its message says what to do
   */
  public List<Listed> list() throws IOException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder().bucket(folder.bucket()).prefix(folder.key()).build();
    List<Listed> found = new ArrayList<>();
    try {
      for (S3Object object : S3Files.list(clients, request)) {
        found.add(
            new Listed(
                object.key(), object.size(), tag(object.eTag()), millis(object.lastModified())));
      }
    } catch (SdkException e) {
      throw S3Failures.listing(folder, e);
    }
    return found;
  }

  /**
   * An object as it is now; empty if there is none.
   *
   * @throws ObjectRefusedException if it is not shown
   * @throws IOException if the store does not answer; its message says what to do
   */
  public Optional<Listed> find(String key) throws IOException {
    try {
      HeadObjectResponse head =
          clients.retrying().headObject(b -> b.bucket(folder.bucket()).key(key));
      return Optional.of(
          new Listed(key, head.contentLength(), tag(head.eTag()), millis(head.lastModified())));
    } catch (SdkException e) {
      IOException failure = S3Failures.reading(folder.withKey(key), e);
      if (failure instanceof FileNotFoundException) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Reads an object by ranges; the first is asked for by the first read. A read of an object that
   * is gone, or of another in its place, fails with {@link FileNotFoundException}; one that the
   * store does not give, with {@link ObjectRefusedException}. Where the store gives no ETag another
   * object is not noticed.
   */
  public SeekableByteChannel open(Listed object) {
    return new S3Channel(object.size(), (from, to) -> get(object, from, to));
  }

  private byte[] get(Listed object, long from, long to) throws IOException {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(folder.bucket())
            .key(object.key())
            .range("bytes=" + from + "-" + (to - 1))
            .overrideConfiguration(S3Clients.timeFor(to - from));
    if (!object.tag().isEmpty()) {
      request.ifMatch('"' + object.tag() + '"');
    }
    try {
      return clients.retrying().getObjectAsBytes(request.build()).asByteArrayUnsafe();
    } catch (SdkException e) {
      throw S3Failures.reading(folder.withKey(object.key()), e);
    }
  }

  /** A weak ETag does not tell contents apart. */
  private static String tag(@Nullable String eTag) {
    return eTag == null || eTag.startsWith("W/") ? "" : eTag.replace("\"", "");
  }

  private static long millis(@Nullable Instant time) {
    return time == null ? 0 : time.toEpochMilli();
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
