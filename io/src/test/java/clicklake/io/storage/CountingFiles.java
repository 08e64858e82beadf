package clicklake.io.storage;

import clicklake.schemas.table.StorageCalls;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts the calls that cost a round trip on an object store, and how many of them the thread that
 * called {@link #clear} has to wait for one after the other.
 */
public final class CountingFiles implements LakeFiles, StorageCalls {
  private final LakeFiles files;
  private final Map<String, Integer> counts = new TreeMap<>();
  private Thread waiting = Thread.currentThread();
  private int inSequence;
  private boolean together;

  public CountingFiles(LakeFiles files) {
    this.files = files;
  }

  public synchronized Map<String, Integer> counts() {
    return new TreeMap<>(counts);
  }

  public synchronized void clear() {
    counts.clear();
    inSequence = 0;
    waiting = Thread.currentThread();
  }

  /** How many calls, or groups of calls made together, came one after the other. */
  public synchronized int inSequence() {
    return inSequence;
  }

  private synchronized void count(String call) {
    counts.merge(call, 1, Integer::sum);
    if (Thread.currentThread() == waiting && !together) {
      inSequence++;
    }
  }

  @Override
  public StorageCalls calls() {
    return this;
  }

  /** Makes calls in turn, and counts them as one. */
  @Override
  public void makeAll(List<Runnable> calls) {
    boolean inner;
    synchronized (this) {
      inner = together;
      inSequence += calls.isEmpty() || inner ? 0 : 1;
      together = true;
    }
    try {
      calls.forEach(Runnable::run);
    } finally {
      synchronized (this) {
        together = inner;
      }
    }
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String path) throws IOException {
    count("list");
    return files.listFrom(path);
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    count("status");
    return files.getFileStatus(path);
  }

  @Override
  public String resolvePath(String path) throws IOException {
    return files.resolvePath(path);
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    count("mkdirs");
    return files.mkdirs(path);
  }

  @Override
  public InputFile newInputFile(String path, long size) {
    count("read");
    return files.newInputFile(path, size);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    count("put");
    return files.newOutputFile(path);
  }

  @Override
  public Optional<FileStatus> putIfAbsent(String path, CloseableIterator<String> lines)
      throws IOException {
    count("put");
    return files.putIfAbsent(path, lines);
  }

  @Override
  public boolean holds(FileStatus known) throws IOException {
    count("status");
    return files.holds(known);
  }

  @Override
  public void deleteFolder(String path) throws IOException {
    count("deleteFolder");
    files.deleteFolder(path);
  }

  @Override
  public boolean delete(String path) throws IOException {
    count("delete");
    return files.delete(path);
  }

  @Override
  public Optional<String> getConf(String key) {
    return files.getConf(key);
  }

  @Override
  public void copyFileAtomically(String source, String target, boolean overwrite)
      throws IOException {
    count("copy");
    files.copyFileAtomically(source, target, overwrite);
  }
}
