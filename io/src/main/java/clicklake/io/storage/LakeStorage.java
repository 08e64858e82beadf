package clicklake.io.storage;

import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.table.LakeException;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import java.io.IOException;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/** Where a lake is kept, by its root, for Kernel and for Parquet. */
public final class LakeStorage {
  /** How the names of directory buckets end. */
  private static final String S3_EXPRESS = "--x-s3";

  private LakeStorage() {}

  /**
   * The storage of a lake: the local disk for a plain path or a {@code file:} URI, an object store
   * for an {@code s3:} URI. All that works on one lake in one process shares it.
   *
   * @throws LakeException if the root names another storage
   */
  public static LakeFiles of(LakeLocation lake) {
    String root = lake.root();
    if (root.startsWith(S3Path.SCHEME)) {
      if (S3Path.of(root).bucket().endsWith(S3_EXPRESS)) {
        throw new LakeException(
            "cannot keep a lake at "
                + lake
                + ": a bucket of S3 Express does not list in order, which reading a log needs; use"
                + " a general purpose bucket");
      }
      return OpenLakes.of(lake, LakeFiles.class, () -> new S3Files(S3Settings.of(lake.storage())));
    }
    int colon = root.indexOf("://");
    if (colon > 0 && !root.startsWith("file:")) {
      throw new LakeException(
          "cannot keep a lake at "
              + lake
              + ": no storage for "
              + root.substring(0, colon)
              + "://; give a local path or s3://bucket/prefix");
    }
    return OpenLakes.of(lake, LakeFiles.class, () -> new LocalFiles(true));
  }

  /** A file that Parquet reads. */
  public static InputFile input(FileIO files, String path, long size) {
    io.delta.kernel.defaults.engine.fileio.InputFile file = files.newInputFile(path, size);
    return new InputFile() {
      @Override
      public long getLength() throws IOException {
        return file.length();
      }

      @Override
      public org.apache.parquet.io.SeekableInputStream newStream() throws IOException {
        SeekableInputStream stream = file.newStream();
        return new DelegatingSeekableInputStream(stream) {
          @Override
          public long getPos() throws IOException {
            return stream.getPos();
          }

          @Override
          public void seek(long position) throws IOException {
            stream.seek(position);
          }
        };
      }

      @Override
      public String toString() {
        return path;
      }
    };
  }

  /** A file that Parquet writes; its name shows before it is complete. */
  public static OutputFile output(FileIO files, String path) {
    return new OutputFile() {
      @Override
      public org.apache.parquet.io.PositionOutputStream create(long blockSize) throws IOException {
        PositionOutputStream stream = files.newOutputFile(path).create(false);
        return new DelegatingPositionOutputStream(stream) {
          @Override
          public long getPos() throws IOException {
            return stream.getPos();
          }
        };
      }

      @Override
      public org.apache.parquet.io.PositionOutputStream createOrOverwrite(long blockSize)
          throws IOException {
        return create(blockSize);
      }

      @Override
      public boolean supportsBlockSize() {
        return false;
      }

      @Override
      public long defaultBlockSize() {
        return 0;
      }

      @Override
      public String getPath() {
        return path;
      }
    };
  }
}
