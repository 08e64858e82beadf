package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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
}
