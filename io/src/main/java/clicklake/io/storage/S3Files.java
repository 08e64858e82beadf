package clicklake.io.storage;

import clicklake.schemas.table.Backoff;
import clicklake.schemas.table.StorageCalls;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An object store that speaks S3, for Delta Kernel and for Parquet.
 *
 * <p><b>Put if absent</b> is one plain put with {@code If-None-Match: *}. The client behind it does
 * not retry: a retry of a put that succeeded is answered 412, and would pass for somebody else's.
 * So retries are made here, and after any 412 the object is read: content equal to what was to be
 * put is ours, since no two commits are equal. What is still in doubt after the last retry is an
 * exception, and the caller looks at the log.
 *
 * <p><b>Log files</b> never change, so commits and checksums are kept in memory, those that this
 * process has put and those that it has read. A listing fetches what is missing side by side.
 *
 * <p>Assumed of the store: what was put is seen by every read and listing that begins afterwards,
 * whole or not at all.
 */
public final class S3Files implements LakeFiles, StorageCalls {
  private static final Logger LOG = LoggerFactory.getLogger(S3Files.class);
  private static final int PUT_ATTEMPTS = 7;
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final int KEYS_A_DELETE = 1_000;

  private final S3Clients clients;
  private final LogFileCache log = new LogFileCache();
  private final FetchedAhead ahead;

  /** Clients for these settings are shared by all that asks for them. */
  public S3Files(S3Settings settings) {
    this.clients = S3Clients.of(settings);
    this.ahead = new FetchedAhead(path -> clients.submit(() -> get(path)));
  }

  // ---- looking

  @Override
  public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
    S3Path from = S3Path.of(path);
    String folder = from.folder();
    List<FileStatus> found = new ArrayList<>();
    for (S3Object object : list(from, folder, "/", justBefore(from.key()))) {
      if (object.key().compareTo(from.key()) >= 0) {
        String file = from.withKey(object.key()).toString();
        found.add(
            FileStatus.of(
                file,
                object.size(),
                object.lastModified() == null ? 0 : object.lastModified().toEpochMilli()));
        log.seen(file, String.valueOf(object.eTag()));
      }
    }
    if (found.isEmpty()) {
      throw new FileNotFoundException(path);
    }
    fetchCommits(found);
    Iterator<FileStatus> files = found.iterator();
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return files.hasNext();
      }

      @Override
      public FileStatus next() {
        return files.next();
      }

      @Override
      public void close() {}
    };
  }

  /** Listing begins after a key, so it is given one that comes right before the first. */
  private static @Nullable String justBefore(String key) {
    return key.isEmpty() || key.endsWith("/") ? null : key.substring(0, key.length() - 1);
  }

  private List<S3Object> list(
      S3Path in, String prefix, @Nullable String delimiter, @Nullable String after)
      throws IOException {
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(in.bucket())
            .prefix(prefix)
            .delimiter(delimiter)
            .startAfter(after)
            .build();
    return call(in, () -> list(clients, request));
  }

  /** All pages of a listing, which have a thousand objects each. */
  static List<S3Object> list(S3Clients clients, ListObjectsV2Request first) {
    List<S3Object> objects = new ArrayList<>();
    ListObjectsV2Request request = first;
    while (true) {
      ListObjectsV2Response page = clients.retrying().listObjectsV2(request);
      objects.addAll(page.contents());
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        return objects;
      }
      request = request.toBuilder().continuationToken(page.nextContinuationToken()).build();
    }
  }

  /** Kernel reads the commits of a listing one by one; so it finds them in memory. */
  private void fetchCommits(List<FileStatus> found) {
    List<Runnable> missing = new ArrayList<>();
    for (FileStatus file : found) {
      if (LogFileCache.isLogFile(file.getPath())
          && file.getSize() <= LogFileCache.MAX_FILE_BYTES
          && log.find(file.getPath()) == null) {
        missing.add(
            () -> {
              try {
                get(file.getPath());
              } catch (IOException e) {
                LOG.debug("reading {} ahead failed; it is read when it is needed", file, e);
              }
            });
      }
    }
    int last = missing.size();
    // Beyond, a table is read from its checkpoint, and these would only fill the memory.
    makeAll(missing.subList(Math.max(0, last - LogFileCache.MAX_AHEAD), last));
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    S3Path at = S3Path.of(path);
    HeadObjectResponse head =
        call(at, () -> clients.retrying().headObject(b -> b.bucket(at.bucket()).key(at.key())));
    log.seen(path, String.valueOf(head.eTag()));
    Instant modified = head.lastModified();
    return FileStatus.of(
        path, head.contentLength(), modified == null ? 0 : modified.toEpochMilli());
  }

  /** Told by the ETag, which puts, looks and listings give: a put says no modification time. */
  @Override
  public boolean holds(FileStatus known) throws IOException {
    String path = known.getPath();
    String tag = log.tag(path);
    try {
      FileStatus now = getFileStatus(path);
      return tag == null
          ? now.getSize() == known.getSize()
              && now.getModificationTime() == known.getModificationTime()
          : tag.equals(log.tag(path));
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public String resolvePath(String path) {
    return S3Path.of(path).toString();
  }

  // ---- reading

  @Override
  public InputFile newInputFile(String path, long size) {
    return new InputFile() {
      @Override
      public long length() throws IOException {
        return size >= 0 ? size : getFileStatus(path).getSize();
      }

      @Override
      public String path() {
        return path;
      }

      @Override
      public SeekableInputStream newStream() throws IOException {
        Optional<byte[]> fetched = ahead.take(path);
        if (fetched.isPresent()) {
          return S3Input.of(fetched.get());
        }
        boolean whole = LogFileCache.isLogFile(path) || size >= 0 && size <= S3Input.BLOCK_BYTES;
        return whole || size < 0
            ? S3Input.of(get(path))
            : new S3Input(size, (from, to) -> getRange(path, from, to));
      }
    };
  }

  @Override
  public void readAhead(String path, long size) {
    if (size >= 0 && size <= S3Input.BLOCK_BYTES) {
      ahead.fetch(path);
    }
  }

  private byte[] get(String path) throws IOException {
    byte[] known = log.find(path);
    if (known != null) {
      return known;
    }
    S3Path at = S3Path.of(path);
    var answer =
        call(
            at,
            () -> clients.retrying().getObjectAsBytes(b -> b.bucket(at.bucket()).key(at.key())));
    byte[] content = answer.asByteArrayUnsafe();
    log.put(path, String.valueOf(answer.response().eTag()), content);
    return content;
  }

  private byte[] getRange(String path, long from, long to) throws IOException {
    S3Path at = S3Path.of(path);
    return call(
            at,
            () ->
                clients
                    .retrying()
                    .getObjectAsBytes(
                        b ->
                            b.bucket(at.bucket())
                                .key(at.key())
                                .range("bytes=" + from + "-" + (to - 1))
                                .overrideConfiguration(S3Clients.timeFor(to - from))))
        .asByteArrayUnsafe();
  }

  // ---- writing

  @Override
  public Optional<FileStatus> putIfAbsent(String path, CloseableIterator<String> lines)
      throws IOException {
    byte[] content = bytes(lines);
    return putIfAbsent(path, content)
        ? Optional.of(FileStatus.of(path, content.length, System.currentTimeMillis()))
        : Optional.empty();
  }

  private static byte[] bytes(CloseableIterator<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    try (lines) {
      while (lines.hasNext()) {
        text.append(lines.next()).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Puts an object, if there is none of its name: whose it is, is told by its content.
   *
   * @return whether it was put; if not, it is somebody else's
   * @throws IOException if the store fails again and again, so that it may have been put or not
   */
  boolean putIfAbsent(String path, byte[] content) throws IOException {
    S3Path at = S3Path.of(path);
    for (int attempt = 1; ; attempt++) {
      try {
        PutObjectResponse answer =
            clients
                .once()
                .putObject(
                    b -> clients.encrypted(b.bucket(at.bucket()).key(at.key()).ifNoneMatch("*")),
                    RequestBody.fromBytes(content));
        log.put(path, String.valueOf(answer.eTag()), content);
        return true;
      } catch (S3Exception e) {
        int status = e.statusCode();
        if (status == 412) {
          return isOurs(path, content);
        }
        if (S3Failures.refusesTheCondition(e)) {
          throw S3Failures.noConditionalPuts(at, e);
        }
        // Nothing was written on 409; whether anything was on the others, nobody knows.
        boolean again = status == 409 || status == 429 || status >= 500;
        if (!again || attempt == PUT_ATTEMPTS) {
          throw S3Failures.of(at, e);
        }
        LOG.debug("{}: attempt {} was answered {}", path, attempt, status);
      } catch (SdkException e) {
        if (attempt == PUT_ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw S3Failures.of(at, e);
        }
        LOG.debug("{}: attempt {} got no answer", path, attempt, e);
      }
      backOff(attempt);
    }
  }

  /** Reads what is there past the cache, which may hold what was to be put. */
  private boolean isOurs(String path, byte[] content) throws IOException {
    log.forget(path);
    boolean ours = Arrays.equals(get(path), content);
    if (ours) {
      LOG.info("{} was put, though the store refused it", path);
    }
    return ours;
  }

  /** Waits, longer each time. */
  private static void backOff(int failures) throws InterruptedIOException {
    Duration most = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures, 10));
    try {
      Backoff.upTo(most.compareTo(MAX_BACKOFF) < 0 ? most : MAX_BACKOFF);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the store was failing");
    }
  }

  @Override
  public OutputFile newOutputFile(String path) {
    return new OutputFile() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public PositionOutputStream create(boolean atomic) {
        return new S3Upload(clients, S3Path.of(path), atomic);
      }

      @Override
      public void writeAtomically(CloseableIterator<String> lines, boolean overwrite)
          throws IOException {
        byte[] content = bytes(lines);
        if (overwrite) {
          put(path, content);
        } else if (!putIfAbsent(path, content)) {
          throw new FileAlreadyExistsException(path);
        }
      }
    };
  }

  private void put(String path, byte[] content) throws IOException {
    S3Path at = S3Path.of(path);
    log.forget(path);
    call(
        at,
        () ->
            clients
                .retrying()
                .putObject(
                    b -> clients.encrypted(b.bucket(at.bucket()).key(at.key())),
                    RequestBody.fromBytes(content)));
  }

  /** There are no folders. */
  @Override
  public boolean mkdirs(String path) {
    return true;
  }

  @Override
  public boolean delete(String path) throws IOException {
    S3Path at = S3Path.of(path);
    log.forget(path);
    call(at, () -> clients.retrying().deleteObject(b -> b.bucket(at.bucket()).key(at.key())));
    return true;
  }

  @Override
  public void deleteFolder(String path) throws IOException {
    S3Path folder = S3Path.of(path.endsWith("/") ? path : path + "/");
    List<ObjectIdentifier> keys = new ArrayList<>();
    for (S3Object object : list(folder, folder.key(), null, null)) {
      keys.add(ObjectIdentifier.builder().key(object.key()).build());
      log.forget(folder.withKey(object.key()).toString());
    }
    for (int from = 0; from < keys.size(); from += KEYS_A_DELETE) {
      List<ObjectIdentifier> some = keys.subList(from, Math.min(keys.size(), from + KEYS_A_DELETE));
      call(
          folder,
          () ->
              clients
                  .retrying()
                  .deleteObjects(
                      b -> b.bucket(folder.bucket()).delete(d -> d.objects(some).quiet(true))));
    }
  }

  @Override
  public void copyFileAtomically(String source, String target, boolean overwrite)
      throws IOException {
    byte[] content = get(source);
    if (overwrite) {
      put(target, content);
    } else if (!putIfAbsent(target, content)) {
      throw new FileAlreadyExistsException(target);
    }
  }

  @Override
  public Optional<String> getConf(String key) {
    return Optional.empty();
  }

  // ---- the store itself

  /**
   * Puts one new name twice, side by side: of the two exactly one must win, or no commit is safe on
   * this store. Also shows that the bucket is there and may be written, read and cleaned.
   */
  @Override
  public void check(String folder) throws IOException {
    String probe = folder + "/_clicklake/probe-" + UUID.randomUUID();
    AtomicInteger winners = new AtomicInteger();
    List<IOException> failures = new ArrayList<>();
    List<Runnable> puts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      byte[] content = ("writer " + i).getBytes(StandardCharsets.UTF_8);
      puts.add(
          () -> {
            try {
              if (putIfAbsent(probe, content)) {
                winners.incrementAndGet();
              }
            } catch (IOException e) {
              synchronized (failures) {
                failures.add(e);
              }
            }
          });
    }
    makeAll(puts);
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    delete(probe);
    if (winners.get() != 1) {
      throw S3Failures.noConditionalPuts(S3Path.of(probe), null);
    }
  }

  /**
   * Aborts uploads in parts that a killed writer has left: the store keeps and charges the parts.
   */
  @Override
  public int deleteAbandoned(String folder, Instant before) throws IOException {
    S3Path in = S3Path.of(folder + "/");
    List<MultipartUpload> uploads =
        call(
            in,
            () ->
                clients
                    .retrying()
                    .listMultipartUploadsPaginator(b -> b.bucket(in.bucket()).prefix(in.key()))
                    .uploads()
                    .stream()
                    .filter(upload -> upload.initiated().isBefore(before))
                    .toList());
    for (MultipartUpload upload : uploads) {
      S3Path at = in.withKey(upload.key());
      try {
        call(
            at,
            () ->
                clients
                    .retrying()
                    .abortMultipartUpload(
                        b -> b.bucket(at.bucket()).key(at.key()).uploadId(upload.uploadId())));
      } catch (FileNotFoundException e) {
        LOG.debug("{}: somebody else aborted its upload", at);
      }
    }
    return uploads.size();
  }

  @Override
  public StorageCalls calls() {
    return this;
  }

  @Override
  public void makeAll(List<Runnable> calls) {
    clients.makeAll(calls);
  }

  /** A call of the SDK. */
  interface SdkCall<T> {
    T make();
  }

  static <T> T call(S3Path path, SdkCall<T> call) throws IOException {
    try {
      return call.make();
    } catch (SdkException e) {
      throw S3Failures.of(path, e);
    }
  }
}
