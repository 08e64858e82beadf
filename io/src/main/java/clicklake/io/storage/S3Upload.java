package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Writes an object: at once if it is small, else in parts, two of which are on their way while the
 * next is filled. Nothing shows before it is closed.
 */
final class S3Upload extends PositionOutputStream {
  /** Stores take parts of at least 5 MiB, and 10,000 of them. */
  static final int PART_BYTES = 8 << 20;

  private static final int PARTS_ON_THEIR_WAY = 2;
  private static final int FIRST_BUFFER = 1 << 16;

  private final S3Clients clients;
  private final S3Path path;
  private final boolean ifAbsent;
  private byte[] buffer = new byte[FIRST_BUFFER];
  private int filled;
  private long position;
  private @Nullable String uploadId;
  private final List<Future<CompletedPart>> parts = new ArrayList<>();
  private boolean closed;

  /**
   * @param ifAbsent whether closing fails if there is an object of that name
   */
  S3Upload(S3Clients clients, S3Path path, boolean ifAbsent) {
    this.clients = clients;
    this.path = path;
    this.ifAbsent = ifAbsent;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (filled == buffer.length) {
        makeRoom();
      }
      int count = Math.min(left, buffer.length - filled);
      System.arraycopy(source, from, buffer, filled, count);
      filled += count;
      from += count;
      left -= count;
    }
    position += length;
  }

  private void makeRoom() throws IOException {
    if (buffer.length < PART_BYTES) {
      buffer = Arrays.copyOf(buffer, Math.min(PART_BYTES, 4 * buffer.length));
    } else {
      sendPart();
      buffer = new byte[PART_BYTES];
    }
  }

  private void sendPart() throws IOException {
    String id = uploadId == null ? begin() : uploadId;
    uploadId = id;
    if (parts.size() >= PARTS_ON_THEIR_WAY) {
      await(parts.get(parts.size() - PARTS_ON_THEIR_WAY));
    }
    byte[] content = buffer;
    int length = filled;
    int number = parts.size() + 1;
    filled = 0;
    parts.add(
        clients.submit(
            () ->
                S3Files.call(
                    path,
                    () ->
                        CompletedPart.builder()
                            .partNumber(number)
                            .eTag(
                                clients
                                    .retrying()
                                    .uploadPart(
                                        b ->
                                            b.bucket(path.bucket())
                                                .key(path.key())
                                                .uploadId(id)
                                                .partNumber(number)
                                                .overrideConfiguration(S3Clients.timeFor(length)),
                                        RequestBody.fromByteBuffer(
                                            java.nio.ByteBuffer.wrap(content, 0, length)))
                                    .eTag())
                            .build())));
  }

  private String begin() throws IOException {
    return S3Files.call(
        path,
        () ->
            clients
                .retrying()
                .createMultipartUpload(
                    b -> clients.encrypted(b.bucket(path.bucket()).key(path.key())))
                .uploadId());
  }

  private static CompletedPart await(Future<CompletedPart> part) throws IOException {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted during an upload");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    }
  }

  /** Makes the object show. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (uploadId == null) {
      putWhole();
      return;
    }
    try {
      if (filled > 0) {
        sendPart();
      }
      complete(uploadId);
    } catch (IOException | RuntimeException e) {
      abort(e);
      throw e;
    } finally {
      buffer = new byte[0];
    }
  }

  private void putWhole() throws IOException {
    byte[] content = buffer;
    int length = filled;
    buffer = new byte[0];
    RequestBody body = RequestBody.fromByteBuffer(java.nio.ByteBuffer.wrap(content, 0, length));
    PutObjectRequest.Builder request =
        clients.encrypted(
            PutObjectRequest.builder()
                .bucket(path.bucket())
                .key(path.key())
                .overrideConfiguration(S3Clients.timeFor(length)));
    whereAbsent(
        () ->
            (ifAbsent ? clients.once() : clients.retrying())
                .putObject(ifAbsent ? request.ifNoneMatch("*").build() : request.build(), body));
  }

  private void complete(String id) throws IOException {
    List<CompletedPart> done = new ArrayList<>();
    for (Future<CompletedPart> part : parts) {
      done.add(await(part));
    }
    CompleteMultipartUploadRequest.Builder request =
        CompleteMultipartUploadRequest.builder()
            .bucket(path.bucket())
            .key(path.key())
            .uploadId(id)
            .multipartUpload(b -> b.parts(done));
    whereAbsent(
        () ->
            clients
                .retrying()
                .completeMultipartUpload(
                    ifAbsent ? request.ifNoneMatch("*").build() : request.build()));
  }

  /**
   * Names of this kind (checkpoints) mean the same whoever puts them, so a refused one is there.
   */
  private void whereAbsent(S3Files.SdkCall<?> call) throws IOException {
    try {
      S3Files.call(path, call);
    } catch (RemediedException e) {
      if (ifAbsent && e.getCause() instanceof S3Exception answer && answer.statusCode() == 412) {
        throw new FileAlreadyExistsException(path.toString());
      }
      throw e;
    }
  }

  private void abort(Exception failure) {
    try {
      clients
          .retrying()
          .abortMultipartUpload(b -> b.bucket(path.bucket()).key(path.key()).uploadId(uploadId));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
