package clicklake.io.storage;

import clicklake.io.Causes;
import clicklake.schemas.table.LakeException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words for what the lake's storage can do wrong: operation, thing and way out, in a line. */
public final class StorageFailures {
  private StorageFailures() {}

  /**
   * A storage failure.
   *
   * @param operation what was tried: {@code write}, {@code list}, {@code commit version 7 of}, …
   * @param path what it was tried on
   */
  public static LakeException of(String operation, String path, Throwable cause) {
    for (Throwable each : Causes.of(cause)) {
      if (each instanceof LakeException lake) {
        return lake;
      }
    }
    for (Throwable each : Causes.of(cause)) {
      if (each instanceof RemediedException failure) {
        return new LakeException(
            "cannot " + operation + " " + path + ": " + failure.getMessage(), cause);
      }
    }
    Throwable root = Causes.deepest(cause);
    return new LakeException("cannot " + operation + " " + path + ": " + remedy(root), cause);
  }

  private static String remedy(Throwable root) {
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    String folded = message.toLowerCase(Locale.ROOT);
    if (root instanceof AccessDeniedException || folded.contains("permission denied")) {
      return "permission denied; give the user that runs Clicklake read and write access to it";
    }
    if (root instanceof ReadOnlyFileSystemException || folded.contains("read-only file system")) {
      return "the file system is read-only; use another --lake or mount it writable";
    }
    if (folded.contains("no space left") || folded.contains("disk quota exceeded")) {
      return "the disk is full; free some space and start again, nothing is lost";
    }
    if (root instanceof UnsupportedOperationException
        || folded.contains("operation not supported")
        || folded.contains("operation not permitted")) {
      return "the file system has no hard links, which commits need; use another one for --lake";
    }
    if (root instanceof NotDirectoryException || folded.contains("not a directory")) {
      return "a part of this path is a file, not a folder; use another --lake";
    }
    if (root instanceof NoSuchFileException || root instanceof java.io.FileNotFoundException) {
      return "there is no such file; if it was cleaned away by hand, restore it";
    }
    return describe(root, message);
  }

  private static String describe(Throwable root, @Nullable String message) {
    return root.getClass().getSimpleName()
        + (message == null || message.isEmpty() || message.equals("null") ? "" : ": " + message)
        + "; try again, and look at the storage if it stays";
  }
}
