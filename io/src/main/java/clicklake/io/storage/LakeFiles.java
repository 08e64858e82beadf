package clicklake.io.storage;

import clicklake.schemas.table.StorageCalls;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.Optional;

/**
 * The files of a lake, by their absolute paths. A file is put once: {@code create(true)} fails if
 * the name is there, and of several that put one name at once a single one succeeds. It is seen
 * whole or not at all.
 */
public interface LakeFiles extends FileIO {

  /**
   * Puts a file of a log, if there is none of its name.
   *
   * @param lines its lines, without their ends
   * @return what identifies the file that was put; empty if the name was taken, and nothing was
   *     changed
   * @throws IOException if the storage failed: then the file may have been put or not
   */
  default Optional<FileStatus> putIfAbsent(String path, CloseableIterator<String> lines)
      throws IOException {
    try {
      newOutputFile(path).writeAtomically(lines, false);
    } catch (FileAlreadyExistsException e) {
      return Optional.empty();
    }
    return Optional.of(getFileStatus(path));
  }

  /**
   * Whether a file is still there, and the same: one call.
   *
   * @param known as {@link #putIfAbsent} or {@link #getFileStatus} gave it
   * @throws IOException if the storage failed
   */
  default boolean holds(FileStatus known) throws IOException {
    try {
      return known.equals(getFileStatus(known.getPath()));
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  /**
   * Deletes all files below a folder, and the folder.
   *
   * @throws IOException if the storage failed; some files may be gone then
   */
  void deleteFolder(String path) throws IOException;

  /**
   * Makes sure that the storage keeps what this interface promises, as far as that can be tried.
   *
   * @param folder the lake's root
   * @throws IOException if it does not, or cannot be reached; its message says what to do
   */
  default void check(String folder) throws IOException {}

  /**
   * Deletes what writers that were killed have left of files they had not finished.
   *
   * @param before only of files that were begun before this time
   * @return how many there were
   */
  default int deleteAbandoned(String folder, Instant before) throws IOException {
    return 0;
  }

  /** How many files a reader may have fetched ahead. */
  int READ_AHEAD = 16;

  /**
   * Says that a file will be read soon. A storage that is far away fetches it, if it is small; at
   * most {@link #READ_AHEAD} files, the last that it was told of, stay fetched and unread.
   *
   * @param size in bytes; negative if unknown
   */
  default void readAhead(String path, long size) {}

  /** How independent calls to this storage are made. */
  default StorageCalls calls() {
    return StorageCalls.IN_TURN;
  }
}
