package clicklake.io.storage;

import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;

/** A local disk that takes no more bytes from some moment on, and counts the files left open. */
public final class FullDisk extends LocalFiles {
  private boolean full;
  private boolean closeFails;
  private int lastFile = Integer.MAX_VALUE;
  private int opened;
  private int open;

  public FullDisk() {
    super(false);
  }

  /** Takes nothing from now on. */
  public void fill() {
    full = true;
  }

  /** Takes nothing after the first bytes of the file that is opened as this number. */
  public void fillWithFile(int number) {
    lastFile = number;
  }

  /** Fails to close files, although it lets go of them. */
  public void failToClose() {
    closeFails = true;
  }

  /** How many files are open for writing. */
  public int open() {
    return open;
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
        PositionOutputStream out = file.create(atomic);
        open++;
        opened++;
        return new Limited(out, opened);
      }

      @Override
      public void writeAtomically(CloseableIterator<String> lines, boolean overwrite)
          throws IOException {
        file.writeAtomically(lines, overwrite);
      }
    };
  }

  private final class Limited extends PositionOutputStream {
    private final PositionOutputStream out;
    private final int number;
    private boolean closed;

    Limited(PositionOutputStream out, int number) {
      this.out = out;
      this.number = number;
    }

    private void requireSpace() throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void write(int value) throws IOException {
      requireSpace();
      out.write(value);
      full |= number == lastFile;
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
      requireSpace();
      out.write(bytes, start, length);
      full |= number == lastFile;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
      if (!closed) {
        closed = true;
        open--;
      }
      if (closeFails) {
        throw new IOException("cannot close");
      }
    }
  }
}
