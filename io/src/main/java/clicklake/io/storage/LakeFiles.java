package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.FileIO;

/**
 * The files of a lake, by their absolute paths. A file is put once: {@code create(true)} fails if
 * the name is there, and of several that put one name at once a single one succeeds. It is seen
 * whole or not at all.
 */
public interface LakeFiles extends FileIO {}
