package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** A local disk that once puts a file as it should, and says that it did not. */
public final class UnreliableFiles extends LocalFiles {
  private final Lie lie;
  private String name = "";

  /** What is said of a put that was done. */
  public enum Lie {
    /** As a network file system answers a link that it was asked for twice. */
    LINK_EXISTS,
    /** As an object store answers a conditional put that its client has sent twice. */
    PUT_EXISTS,
    /** As any storage fails whose answer is lost. */
    LINK_FAILED
  }

  public UnreliableFiles(Lie lie) {
    super(false);
    this.lie = lie;
  }

  /** Lies about the next put of a file whose path ends so. */
  public void lieAbout(String end) {
    name = end;
  }

  private boolean lies(String path) {
    boolean now = !name.isEmpty() && path.endsWith(name);
    name = now ? "" : name;
    return now;
  }

  @Override
  public void link(Path to, Path file) throws IOException {
    super.link(to, file);
    if (lie != Lie.PUT_EXISTS && lies(to.toString())) {
      throw lie == Lie.LINK_EXISTS
          ? new FileAlreadyExistsException(to.toString())
          : new IOException("the answer was lost");
    }
  }

  @Override
  public OutputFile newOutputFile(String path) {
    OutputFile file = super.newOutputFile(path);
    return new OutputFile() {
      @Override
      public String path() {
        return file.path();
      }

      @Override
      public PositionOutputStream create(boolean atomic) throws IOException {
        return file.create(atomic);
      }

      @Override
      public void writeAtomically(CloseableIterator<String> lines, boolean overwrite)
          throws IOException {
        file.writeAtomically(lines, overwrite);
        if (lie == Lie.PUT_EXISTS && lies(path)) {
          throw new FileAlreadyExistsException(path);
        }
      }
    };
  }
}
