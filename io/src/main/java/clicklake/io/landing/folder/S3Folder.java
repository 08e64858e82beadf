package clicklake.io.landing.folder;

import clicklake.io.storage.S3Objects;
import clicklake.io.storage.S3Settings;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A landing folder at {@code s3://bucket/prefix}.
 *
 * <p>A listing takes one request for every thousand objects, and no look at any of them. An object
 * is read by ranges, and each range only from the very object that was listed, told by its ETag. An
 * object that the store refuses is passed over and tried again; a failure of the store itself,
 * after the retries of the client, concerns no file and ends the job.
 */
final class S3Folder extends LandingFolder {
  private static final String SCHEME = "s3://";

  private final S3Objects objects;

  /**
   * @param storage as {@link S3Settings#of} reads it
   * @throws IllegalArgumentException if the folder names no bucket, or a property is wrong
   */
  S3Folder(String folder, Map<String, String> storage) {
    this.objects = new S3Objects(folder, S3Settings.of(storage));
  }

  static boolean isAddress(String folder) {
    return folder.startsWith(SCHEME);
  }

  @Override
  public Listing list() throws IOException {
    List<LandingFile> files = new ArrayList<>();
    long leftOut = 0;
    String example = null;
    for (S3Objects.Listed object : objects.list()) {
      String path = object.key().substring(objects.prefix().length());
      if (LandingFile.accepts(path)) {
        files.add(file(path, object));
      } else if (!isFolderMarker(path, object)) {
        leftOut++;
        example = example == null ? path : example;
      }
    }
    files.sort(OLDEST_FIRST);
    return new Listing(files, List.of(), leftOut, example);
  }

  /** Whether an object only stands for a folder, as consoles make them. */
  private static boolean isFolderMarker(String path, S3Objects.Listed object) {
    return object.size() == 0 && (path.isEmpty() || path.endsWith("/"));
  }

  @Override
  public Optional<LandingFile> stat(String path) throws IOException {
    return objects.find(objects.prefix() + path).map(found -> file(path, found));
  }

  /** A look gives the time in seconds, and some stores' listings give it more exactly. */
  @Override
  boolean same(LandingFile listed, LandingFile now) {
    return listed.size() == now.size()
        && Math.floorDiv(listed.modifiedMillis(), 1000L)
            == Math.floorDiv(now.modifiedMillis(), 1000L)
        && (listed.tag().isEmpty() || now.tag().isEmpty() || listed.tag().equals(now.tag()));
  }

  /** Asks nothing of the store: the first read does. */
  @Override
  public ReadableByteChannel open(LandingFile file) {
    return objects.open(
        new S3Objects.Listed(
            objects.prefix() + file.path(), file.size(), file.tag(), file.modifiedMillis()));
  }

  @Override
  public boolean failsByFile() {
    return false;
  }

  private static LandingFile file(String path, S3Objects.Listed object) {
    return new LandingFile(path, object.size(), object.modifiedMillis(), object.tag());
  }

  @Override
  public String toString() {
    return objects.toString();
  }
}
