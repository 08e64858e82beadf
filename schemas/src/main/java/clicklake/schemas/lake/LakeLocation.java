package clicklake.schemas.lake;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a lake lies, and what it takes to reach its storage. A value that may be sent to workers;
 * equal locations are one lake.
 *
 * @param root absolute path, or URI, of the lake's folder, without a slash at its end
 * @param storage properties of the storage's client; none for a local disk. They may hold secrets,
 *     so that {@link #toString} shows the root alone
 */
public record LakeLocation(String root, Map<String, String> storage) implements Serializable {
  private static final long serialVersionUID = 1L;

  public LakeLocation {
    requireNonNull(root, "root");
    storage = Map.copyOf(storage);
  }

  /** A lake on storage that needs no properties. */
  public static LakeLocation of(String root) {
    return new LakeLocation(root, Map.of());
  }

  /** A lake in a folder of this machine, which need not exist yet. */
  public static LakeLocation of(Path folder) {
    return of(folder.toAbsolutePath().toString());
  }

  /** A lake in a folder below this one's, on the same storage. */
  public LakeLocation below(String folder) {
    return new LakeLocation(path(folder), storage);
  }

  /** The path of something below the root. */
  public String path(String below) {
    return root + "/" + below;
  }

  @Override
  public String toString() {
    return root;
  }
}
